import { z } from 'zod';

/** Shapes that every part of the API shares. */
export const id = z.uuid().toLowerCase().describe('UUIDv7');
export const time = z.iso.datetime().describe('ISO 8601, UTC, milliseconds');
/** Text that PostgreSQL can keep: no NUL and no lone surrogate. */
export const safeText = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .refine((value) => !value.includes('\u0000') && value.isWellFormed(), 'must not hold NUL or lone surrogates');

export const channel = z.enum(['whatsapp', 'email', 'sms', 'form', 'webchat', 'instagram', 'messenger', 'telegram', 'api']);
export type Channel = z.infer<typeof channel>;

export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('Rows on a page'),
  cursor: z.string().min(1).max(2_000).optional().describe('Opaque: nextCursor of the page before'),
});

export const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable().describe('null on the last page') });

/** The closed list of error codes. */
export const problemCode = z.enum([
  'validation_error',
  'malformed_json',
  'unauthenticated',
  'invalid_credentials',
  'totp_required',
  'invalid_signature',
  'forbidden',
  'confirmation_required',
  'module_off',
  'not_found',
  'conflict',
  'last_admin',
  'duplicate_message',
  'idempotency_conflict',
  'idempotency_running',
  'window_closed',
  'channel_refuses',
  'payload_too_large',
  'unsupported_media_type',
  'inbox_required',
  'rate_limit_exceeded',
  'account_read_only',
  'method_not_allowed',
  'unavailable',
  'internal_error',
]);
export type ProblemCode = z.infer<typeof problemCode>;

/** Every error answer: application/problem+json. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: problemCode,
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string().describe('Dotted path of the field'), message: z.string() })).default([]),
});
export type Problem = z.infer<typeof problem>;
