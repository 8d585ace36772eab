import { createHash, randomBytes } from 'node:crypto';
import type { Sealer } from '../credentials/seal.ts';

/** The purpose under which the signing secret of a key is sealed. */
export const signingSecretPurpose = 'api key signing secret';

/** The two secrets of a key as they are shown once, and as they are kept. */
export interface KeySecrets {
  secret: string;
  signingSecret: string;
  secretHash: Buffer;
  signingSecretSealed: Buffer;
}

export async function makeSecrets(sealer: Sealer, accountId: string | null): Promise<KeySecrets> {
  const secret = randomBytes(32).toString('base64url');
  const signingSecret = randomBytes(32).toString('base64url');
  return {
    secret,
    signingSecret,
    secretHash: createHash('sha256').update(secret).digest(),
    signingSecretSealed: await sealer.seal(Buffer.from(signingSecret), signingSecretPurpose, accountId),
  };
}

export const keyText = (prefix: string, secret: string) => `gk_${prefix}_${secret}`;

/** The signing secrets that count now, the newest first: two while a rotation overlaps. */
export async function openSigningSecrets(
  sealer: Sealer,
  accountId: string | null,
  key: { signing_secret_sealed: Buffer; previous_signing_secret_sealed: Buffer | null; previous_expires_at: Date | null },
  now = Date.now(),
): Promise<string[]> {
  const overlaps = key.previous_expires_at !== null && key.previous_expires_at.getTime() > now;
  const sealed = [
    key.signing_secret_sealed,
    ...(overlaps && key.previous_signing_secret_sealed ? [key.previous_signing_secret_sealed] : []),
  ];
  return Promise.all(sealed.map(async (one) => (await sealer.unseal(one, signingSecretPurpose, accountId)).toString()));
}
