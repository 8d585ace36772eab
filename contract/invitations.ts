import { z } from 'zod';
import { email, role } from './auth.ts';
import { id, safeText, time } from './common.ts';
import { named } from './members.ts';

export const newInvitation = z.strictObject({
  email,
  role: role.optional().describe('Needed unless roleId is given'),
  roleId: id.optional().describe('A role of the account'),
  teamIds: z.array(id).max(50).optional().describe('Teams they are in from the start'),
});
export type NewInvitation = z.infer<typeof newInvitation>;

export const invitation = z.object({
  id,
  email: z.string(),
  role,
  roleId: id.nullable(),
  roleName: z.string().nullable(),
  teams: z.array(named),
  invitedBy: named.nullable().describe('null where a key or the operator did'),
  mailedAt: time.nullable().describe('When its mail was handed over; null where only the link exists'),
  createdAt: time,
  expiresAt: time.describe('Seven days after it was made or sent again'),
});
export type Invitation = z.infer<typeof invitation>;

export const createdInvitation = invitation.extend({
  link: z.string().describe('To be handed over by other means than mail; shown this once. A new one kills the old'),
});
export type CreatedInvitation = z.infer<typeof createdInvitation>;

const token = z.string().min(1).max(200).describe('What stands after #token= in the link');

export const invitationToken = z.strictObject({ token });

export const invitationPreview = z.object({
  accountName: z.string(),
  email: z.string(),
  invitedBy: z.string().nullable().describe('A name'),
  isNew: z.boolean().describe('True: nobody signs in with this address yet; a name and a new password are needed'),
  needsPassword: z
    .boolean()
    .describe('A password is needed: a new one for a new person, else theirs. False where the bearer is that person'),
});
export type InvitationPreview = z.infer<typeof invitationPreview>;

export const acceptance = z.strictObject({
  token,
  name: safeText(1, 120).optional().describe('Of a new person'),
  password: z.string().min(1).max(256).optional().describe('Of a new person: at least 10 characters; else theirs'),
  totp: z.string().max(32).optional().describe('The second factor of somebody who has one and is not signed in'),
  tokenDelivery: z.enum(['cookie', 'body']).default('cookie'),
});
export type Acceptance = z.infer<typeof acceptance>;
