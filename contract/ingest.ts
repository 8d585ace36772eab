import { z } from 'zod';
import { channel, id, safeText } from './common.ts';

const externalId = safeText(1, 998);
/** The channel's name in either letter case; answered in lower case. */
const upperOrLower = <Name extends string>(name: Name) => z.string().toLowerCase().pipe(z.literal(name));
const common = { inboxId: id.optional().describe('Needed when the account has several inboxes of the channel, else its only one') };

const ingestAttachment = z
  .strictObject({
    filename: safeText(1, 300),
    contentType: safeText(1, 200),
    size: z.number().int().min(0).describe('Bytes'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(4_000)
      .optional(),
    content: z
      .string()
      // No two parts of it match the same character: megabytes are read once.
      .regex(/^[A-Za-z0-9+/\s]*(?:={1,2}\s*)?$/, 'must be base64')
      .optional()
      .describe('Base64'),
  })
  .refine((file) => file.url !== undefined || file.content !== undefined, { path: ['content'], message: 'content or url is needed' });

const address = z
  .string()
  .max(640)
  .refine((value) => addressOf(value) !== null, 'must be an e-mail address');

/** The bare address of "Name <address>" or of an address alone, in lower case. */
export function addressOf(value: string): string | null {
  const bare = /<([^<>]*)>\s*$/.exec(value)?.[1] ?? value;
  const parsed = z.email().max(320).safeParse(bare.trim());
  return parsed.success ? parsed.data.toLowerCase() : null;
}

export const ingestEmail = z
  .strictObject({
    ...common,
    channel: upperOrLower('email'),
    messageId: externalId.optional().describe('Message-ID; `id` means the same'),
    id: externalId.optional(),
    from: address,
    fromName: safeText(0, 300).optional(),
    to: z.union([address, z.array(address).min(1).max(100)], 'must be an e-mail address or a list of them'),
    subject: safeText(0, 998).optional(),
    text: safeText(0, 2_000_000),
    html: safeText(0, 5_000_000).optional(),
    inReplyTo: safeText(0, 998).optional(),
    references: z.union([safeText(0, 8000), z.array(safeText(1, 998)).max(200)]).optional(),
    attachments: z.array(ingestAttachment).max(100).optional(),
  })
  .refine((mail) => mail.text.trim() !== '' || Boolean(mail.html) || (mail.attachments?.length ?? 0) > 0, {
    path: ['text'],
    message: 'must not be empty',
  });

export const ingestWhatsapp = z.strictObject({
  ...common,
  channel: upperOrLower('whatsapp'),
  from: z.string().regex(/^\+?\d{5,20}$/, 'must be a phone number in digits'),
  name: safeText(0, 300).optional(),
  id: externalId,
  text: safeText(1, 65_536),
});

/** A Meta envelope is the provider's own payload: unknown fields stay. */
export const ingestWhatsappEnvelope = z.looseObject({
  ...common,
  channel: upperOrLower('whatsapp'),
  object: z.literal('whatsapp_business_account'),
  entry: z.array(z.looseObject({})).min(1).max(1_000),
});

export const ingestSms = z.strictObject({
  ...common,
  channel: upperOrLower('sms'),
  MessageSid: externalId.optional(),
  SmsSid: externalId.optional(),
  AccountSid: safeText(1, 100).optional(),
  From: z.string().regex(/^\+?[0-9A-Za-z][0-9A-Za-z ]{1,19}$/, "must be a phone number or a sender's name"),
  To: z.string().regex(/^\+?[0-9A-Za-z][0-9A-Za-z ]{1,19}$/, "must be a phone number or a sender's name"),
  Body: safeText(0, 10_000),
});

const formValue = z.union([
  safeText(0, 100_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([safeText(0, 10_000), z.number(), z.boolean()])).max(100),
]);
export const ingestForm = z
  .strictObject({
    ...common,
    channel: upperOrLower('form'),
    submissionId: externalId.optional(),
    formId: safeText(1, 200).optional(),
    email: z.email().max(254).optional(),
    name: safeText(0, 300).optional(),
    phone: safeText(3, 40).optional(),
    subject: safeText(0, 300).optional(),
    message: safeText(1, 100_000).optional(),
    formData: z.record(safeText(1, 100), formValue).optional(),
    consentGiven: z.boolean().optional(),
    consentPurpose: safeText(0, 500).optional(),
  })
  .superRefine((form, context) => {
    if (form.email === undefined && form.phone === undefined) {
      context.addIssue({ code: 'custom', path: ['email'], message: 'email or phone is needed' });
    }
    if (form.message === undefined && Object.keys(form.formData ?? {}).length === 0) {
      context.addIssue({ code: 'custom', path: ['message'], message: 'message or formData is needed' });
    }
  });

/** Every body that the ingest API takes. */
export const ingestBody = z.union([ingestEmail, ingestWhatsapp, ingestWhatsappEnvelope, ingestSms, ingestForm]);

/** Bytes of a body by channel, the last one included. */
export const ingestBytesMax = { email: 10 * 1024 * 1024, whatsapp: 100 * 1024, sms: 50 * 1024, form: 5 * 1024 * 1024 } as const;
/** Messages in a moving hour, per inbox and source, unless the inbox says otherwise. */
export const ingestPerHour = { email: 100, whatsapp: 500, sms: 300, form: 50 } as const;
export type IngestChannel = keyof typeof ingestBytesMax;

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
