import { z } from 'zod';
import { id, safeText, time } from './common.ts';
import { named } from './members.ts';

const name = safeText(1, 120)
  .refine((value) => value.trim() !== '', 'must say something')
  .describe('Unique in the account, whatever the case and the accents');

export const newTeam = z.strictObject({
  name,
  memberIds: z.array(id).max(200).optional().describe('Members who are in it from the start'),
});
export type NewTeam = z.infer<typeof newTeam>;
export const teamPatch = z.strictObject({ name });

export const team = z.object({ id, name: z.string(), members: z.array(named).describe('By name'), createdAt: time });
export type Team = z.infer<typeof team>;
