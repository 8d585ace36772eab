import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Secrets at rest. What is sealed can be read only with GUICHET_SECRET_KEY, which is not in the database. */
export interface Sealer {
  /** `purpose` is bound in: what was sealed for one place does not open in another. */
  seal(plain: Buffer, purpose: string): Buffer;
  open(sealed: Buffer, purpose: string): Buffer;
  sealJson(value: unknown, purpose: string): Buffer;
  openJson<T>(sealed: Buffer, purpose: string): T;
}

/** The purpose of an inbox's secrets. */
export const inboxSecrets = 'inbox secrets';

const version = 1;
const keyIdBytes = 4;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 1 + keyIdBytes + nonceBytes;

/** An envelope of version, key id, nonce, tag and AES-256-GCM text. The key id says which master key sealed it. */
export function createSealer(secretKey: string): Sealer {
  const key = deriveKey(secretKey, 'seal');
  const keyId = createHash('sha256').update(key).digest().subarray(0, keyIdBytes);

  const sealer: Sealer = {
    seal(plain, purpose) {
      const head = Buffer.concat([Buffer.from([version]), keyId, randomBytes(nonceBytes)]);
      const cipher = createCipheriv('aes-256-gcm', key, head.subarray(1 + keyIdBytes));
      cipher.setAAD(Buffer.from(purpose));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([head, cipher.getAuthTag(), text]);
    },
    open(sealed, purpose) {
      if (sealed.length < headBytes + tagBytes || sealed[0] !== version) throw new Error('a sealed secret is damaged');
      if (!sealed.subarray(1, 1 + keyIdBytes).equals(keyId)) throw new Error('a secret was sealed with another GUICHET_SECRET_KEY');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1 + keyIdBytes, headBytes));
      decipher.setAAD(Buffer.from(purpose));
      decipher.setAuthTag(sealed.subarray(headBytes, headBytes + tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(headBytes + tagBytes)), decipher.final()]);
    },
    sealJson: (value, purpose) => sealer.seal(Buffer.from(JSON.stringify(value)), purpose),
    openJson: <T>(sealed: Buffer, purpose: string) => JSON.parse(sealer.open(sealed, purpose).toString()) as T,
  };
  return sealer;
}

/** A key for one use from the master key; knowing one tells nothing about another. */
export function deriveKey(secretKey: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'guichet', use, 32));
}
