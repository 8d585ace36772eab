import { z } from 'zod';
import { channel, id, safeText } from './common.ts';

const externalId = safeText(1, 998);
const upperOrLower = <Name extends string>(name: Name) => z.string().toLowerCase().pipe(z.literal(name));
const common = { inboxId: id.optional() };

const ingestAttachment = z.strictObject({
  filename: safeText(1, 300),
  contentType: safeText(1, 200),
  size: z.number().int().min(0),
  url: z.url({ protocol: /^https?$/ }).optional(),
  content: z.base64().optional(),
});

export const ingestEmail = z
  .strictObject({
    ...common,
    channel: upperOrLower('email'),
    messageId: externalId.optional(),
    id: externalId.optional(),
    from: z.email().max(320),
    fromName: safeText(0, 300).optional(),
    to: z.union([safeText(1, 320), z.array(safeText(1, 320)).min(1).max(100)]),
    subject: safeText(0, 998).optional(),
    text: safeText(0, 2_000_000),
    html: safeText(0, 5_000_000).optional(),
    inReplyTo: safeText(0, 998).optional(),
    references: z.union([safeText(0, 8000), z.array(safeText(1, 998)).max(200)]).optional(),
    attachments: z.array(ingestAttachment).max(100).optional(),
  });
export const ingestWhatsapp = z.strictObject({
  ...common,
  channel: upperOrLower('whatsapp'),
  from: z.string().regex(/^\+?\d{5,20}$/, 'a phone number in digits'),
  name: safeText(0, 300).optional(),
  id: externalId,
  text: safeText(1, 65_536),
});
/** A Meta envelope is the provider's own payload: unknown fields stay. */
export const ingestWhatsappEnvelope = z.looseObject({
  ...common,
  channel: upperOrLower('whatsapp'),
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.looseObject({})).min(1),
});
export const ingestSms = z.strictObject({
  ...common,
  channel: upperOrLower('sms'),
  MessageSid: externalId.optional(),
  SmsSid: externalId.optional(),
  AccountSid: safeText(1, 100).optional(),
  From: z.string().regex(/^\+?[0-9A-Za-z]{3,20}$/, 'a phone number'),
  To: safeText(1, 20),
  Body: safeText(0, 10_000),
});
export const ingestForm = z.strictObject({
  ...common,
  channel: upperOrLower('form'),
  submissionId: externalId.optional(),
  formId: safeText(1, 200).optional(),
  email: z.email().max(254).optional(),
  name: safeText(0, 300).optional(),
  phone: safeText(3, 40).optional(),
  subject: safeText(0, 300).optional(),
  message: safeText(1, 100_000).optional(),
  formData: z.record(safeText(1, 100), z.union([safeText(0, 100_000), z.number(), z.boolean(), z.null(), z.array(safeText(0, 10_000)).max(100)])).optional(),
  consentGiven: z.boolean().optional(),
  consentPurpose: safeText(0, 500).optional(),
});

export const ingestAnswer = z.object({
  messageId: id,
  externalId: z.string().nullable(),
  checksum: z.string().describe('SHA-256 of the canonical form, hex'),
  channel,
  status: z.literal('received'),
  requestId: z.string(),
  durationMs: z.number(),
  duplicate: z.literal(false),
});
