import { z } from 'zod';
import { role } from './auth.ts';
import { id, pageQuery, time } from './common.ts';

export const memberStatus = z
  .enum(['active', 'suspended', 'removed'])
  .describe('removed: out of the account; kept as the author of what they wrote');
export type MemberStatus = z.infer<typeof memberStatus>;

/** A name that goes with an id. */
export const named = z.object({ id, name: z.string() });

export const member = z.object({
  id,
  name: z.string(),
  email: z.string(),
  role,
  roleId: id.nullable().describe('null unless the role is custom'),
  roleName: z.string().nullable().describe('Only of a custom role'),
  permissions: z.array(z.string()).describe('What they may do: whoever changes or removes them must hold all of these'),
  status: memberStatus,
  teams: z.array(named),
  createdAt: time,
  lastSeenAt: time.nullable().describe('When one of their sessions here was last renewed; null when none is known'),
});
export type Member = z.infer<typeof member>;

export const memberQuery = pageQuery.extend({
  status: memberStatus.optional().describe('Without it: everybody who was not removed'),
});

const handOverTo = id.optional().describe('The active member who gets their open work; without it nobody has it');

export const memberPatch = z.strictObject({
  role: role.optional(),
  roleId: id.optional().describe('A role of the account; role may then be left out'),
  status: z.enum(['active', 'suspended']).optional(),
  handOverTo: handOverTo.describe('With status suspended: the active member who gets their open work; without it nobody has it'),
});
export type MemberPatch = z.infer<typeof memberPatch>;

export const memberRemoval = z.strictObject({ handOverTo });
