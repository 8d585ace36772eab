import { z } from 'zod';
import { time } from './common.ts';
import { identity } from './oidc.ts';
import { passkey, passkeyProof } from './passkeys.ts';

export const recoveryCodesCount = 10;

/** How the signed-in person signs in, and what protects it. */
export const security = z.object({
  hasPassword: z.boolean(),
  emailVerified: z.boolean(),
  totp: z.object({
    enabled: z.boolean().describe('Whether sign-ins ask for a code of an authenticator app'),
    recoveryCodesLeft: z.number().int().min(0).max(recoveryCodesCount),
  }),
  passkeys: z.array(passkey).describe('The oldest first'),
  identities: z.array(identity).describe('At providers; the oldest first'),
  confirmedUntil: time.describe('Until then sensitive changes need no `POST /auth/confirmation`; may be past'),
});
export type Security = z.infer<typeof security>;

export const totpEnrolment = z.object({
  secret: z.string().describe('Base32, to type in; shown this once'),
  uri: z.string().describe('otpauth: address, to show as a QR code: SHA-1, six digits, 30 seconds'),
});
export type TotpEnrolment = z.infer<typeof totpEnrolment>;

export const totpCode = z.strictObject({ code: z.string().min(1).max(32).describe('Six digits that the app shows now') });

export const recoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).length(recoveryCodesCount).describe('Each stands in for a code once; shown this once'),
});
export type RecoveryCodes = z.infer<typeof recoveryCodes>;

/** One proof of who is there. */
export const confirmation = z
  .strictObject({
    password: z.string().min(1).max(256).optional(),
    totp: z.string().min(1).max(32).optional().describe('Six digits of the authenticator app, or a recovery code'),
    passkey: passkeyProof.optional().describe('Answer to the options of `POST /auth/passkey/options`'),
  })
  .refine((given) => [given.password, given.totp, given.passkey].filter((proof) => proof !== undefined).length === 1, {
    error: 'needs exactly one of password, totp and passkey',
    path: ['password'],
  })
  .meta({ example: { password: 'correct horse battery' } });
export type Confirmation = z.infer<typeof confirmation>;

export const confirmed = z.object({ confirmedUntil: time });
