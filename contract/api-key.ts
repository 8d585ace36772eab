import { z } from 'zod';
import { id, safeText, time } from './common.ts';

const limit = (most: number, unit: string) =>
  z.int().min(1).max(most).nullable().describe(`Requests a ${unit}, beside the limit of the account; null: no limit of its own`);

export const apiKeyLimits = z.strictObject({ perHour: limit(1_000_000, 'hour'), perMinute: limit(100_000, 'minute') });

export const newApiKey = z.strictObject({
  name: safeText(1, 120),
  permissions: z.array(z.string().max(80)).min(1).max(50).describe('No more than whoever makes the key holds'),
  expiresAt: time.optional().describe('Without it the key works until it is revoked'),
  limits: apiKeyLimits.partial().optional(),
});

export const apiKeyChange = z.strictObject({ name: safeText(1, 120), limits: apiKeyLimits.partial() }).partial();

export const apiKey = z.object({
  id,
  name: z.string(),
  prefix: z.string(),
  permissions: z.array(z.string()),
  limits: apiKeyLimits,
  createdAt: time,
  createdBy: z
    .object({ id, name: z.string(), isActive: z.boolean().describe('false: suspended or gone; the key works on') })
    .nullable()
    .describe('null: made by another key; the key works on without its maker'),
  expiresAt: time.nullable(),
  lastUsedAt: time.nullable().describe('To the minute'),
  rotatedAt: time.nullable(),
  previousExpiresAt: time.nullable().describe('Until then the secret before the last rotation works too; null when it does not'),
});
export type ApiKey = z.infer<typeof apiKey>;

const secrets = {
  id,
  key: z.string().describe('gk_<prefix>_<secret>; shown this once'),
  prefix: z.string(),
  signingSecret: z.string().describe('Signs what this key sends where a signature is asked for; shown this once'),
};
export const createdApiKey = z.object(secrets);

const overlapMinutesMax = 43_200;
const overlapMinutesDefault = 1_440;
export const apiKeyRotation = z.strictObject({
  overlapMinutes: z
    .int()
    .min(0)
    .max(overlapMinutesMax)
    .default(overlapMinutesDefault)
    .describe('For this long the old secrets work too; 0: they stop at once'),
});
export const rotatedApiKey = z.object({ ...secrets, previousExpiresAt: time.nullable().describe('null: the old secrets have stopped') });
