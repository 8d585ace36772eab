import { z } from 'zod';
import { channel, id, safeText, time } from './common.ts';

/** What a channel can do; drives the composer and the checks. */
export const capabilities = z.object({
  canReply: z.boolean().describe('False where there is no way back to the sender'),
  textLengthMax: z.number().int().describe('Characters'),
  windowHours: z.number().nullable().describe('Free text only this long after the last inbound message'),
  statuses: z.array(z.enum(['sent', 'delivered', 'read', 'played'])),
  replyTo: z.boolean(),
});
export type Capabilities = z.infer<typeof capabilities>;

const secret = safeText(1, 4096);
/** What goes into a header: one that holds anything else could never be sent with. */
const bearer = z
  .string()
  .trim()
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, 'must be letters, digits and marks without blanks');
export const whatsappSettings = z.strictObject({
  phoneNumberId: z.string().regex(/^\d{1,32}$/, 'digits only'),
  businessAccountId: z
    .string()
    .regex(/^\d{1,32}$/, 'digits only')
    .optional(),
  accessToken: bearer,
  appSecret: secret,
  verifyToken: secret,
});
export const formField = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}$/),
  label: safeText(1, 120),
  type: z.enum(['text', 'email', 'tel', 'textarea', 'select', 'checkbox', 'file']),
  required: z.boolean().default(false),
  options: z.array(safeText(1, 120)).max(50).optional(),
});
const origin = z.url({ protocol: /^https?$/ });
export const formSettings = z.strictObject({
  title: safeText(1, 120).optional(),
  intro: safeText(0, 1000).optional(),
  consentText: safeText(0, 1000).optional(),
  fields: z.array(formField).max(40).optional(),
  allowedOrigins: z.array(origin).max(50).optional(),
  redirectUrls: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(50)
    .optional(),
});
export const webchatSettings = z.strictObject({
  title: safeText(1, 120).optional(),
  greeting: safeText(0, 500).optional(),
  allowedOrigins: z.array(origin).max(50).optional(),
});
export const apiSettings = z.strictObject({ callbackUrl: z.url({ protocol: /^https?$/ }).optional(), secret: secret.optional() });
/** Channels that only the ingest API feeds until they get an adapter of their own. */
export const emptySettings = z.strictObject({
  address: safeText(1, 320).optional(),
  provider: safeText(1, 40).optional(),
  from: safeText(1, 40).optional(),
});

const named = { name: safeText(1, 120) };
export const newInbox = z.discriminatedUnion('channel', [
  z.strictObject({ ...named, channel: z.literal('whatsapp'), settings: whatsappSettings }),
  z.strictObject({ ...named, channel: z.literal('form'), settings: formSettings.default({}) }),
  z.strictObject({ ...named, channel: z.literal('webchat'), settings: webchatSettings.default({}) }),
  z.strictObject({ ...named, channel: z.literal('api'), settings: apiSettings.default({}) }),
  z.strictObject({ ...named, channel: z.literal('email'), settings: emptySettings.default({}) }),
  z.strictObject({ ...named, channel: z.literal('sms'), settings: emptySettings.default({}) }),
]);
export type NewInbox = z.infer<typeof newInbox>;

export const inboxLimits = z.strictObject({ perHour: z.number().int().min(1).max(1_000_000).optional() });
export const inboxPatch = z.strictObject({
  name: safeText(1, 120).optional(),
  settings: z.record(z.string(), z.unknown()).optional().describe('The settings of the channel; secrets left out stay as they are'),
  limits: inboxLimits.optional(),
  status: z.enum(['active', 'paused']).optional(),
});

export const inbox = z.object({
  id,
  channel,
  name: z.string(),
  hookUrl: z.string().describe('What the provider calls'),
  pageUrl: z.string().nullable().describe('The hosted form or chat page'),
  status: z.enum(['active', 'paused', 'error']),
  settings: z.record(z.string(), z.unknown()).describe('Without secrets'),
  limits: inboxLimits,
  capabilities,
  createdAt: time,
});
export type Inbox = z.infer<typeof inbox>;
