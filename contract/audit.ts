import { z } from 'zod';
import { id, pageQuery, safeText, time } from './common.ts';

export const auditActorType = z
  .enum(['member', 'api_key', 'system', 'operator', 'stranger'])
  .describe('`operator`: at the command line or the console; `stranger`: nobody who was signed in');

const noun = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be a noun such as member or api_key');

export const auditQuery = pageQuery.extend({
  actorId: id.optional().describe('The member or API key that acted'),
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_.]{0,79}$/, 'must be an action such as member.removed, or its noun')
    .optional()
    .describe('An action such as `member.removed`, or a noun such as `member` for all that happened to its kind'),
  subjectType: noun.optional(),
  subjectId: id.optional(),
  q: safeText(1, 100).optional().describe('Words of the entry as it was recorded, or part of the name of who acted'),
  from: time.optional().describe('Not before'),
  to: time.optional().describe('Before'),
});
export type AuditQuery = z.output<typeof auditQuery>;

export const auditEntry = z.object({
  seq: z.number().int().describe('Place in the chain of the account, from 1 on, without gaps'),
  at: time,
  actor: z.object({
    type: auditActorType,
    id: id.nullable(),
    name: z.string().nullable().describe('As it is now, also of members who were removed; null when nobody has it any more'),
    network: z.string().nullable().describe('Where from: the network of the address (IPv4 /24, IPv6 /48), never the address'),
  }),
  action: z.string().describe('Noun and verb'),
  subject: z.object({ type: z.string(), id, name: z.string().nullable().describe('Of members, API keys and inboxes') }).nullable(),
  details: z.record(z.string(), z.unknown()).describe('What changed; no secrets, no texts, addresses masked'),
  requestId: z.string().nullable(),
  hash: z.string().describe('SHA-256 of the hash before and this record, hexadecimal'),
});
export type AuditEntryView = z.infer<typeof auditEntry>;
