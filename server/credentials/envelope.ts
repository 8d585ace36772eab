import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** AES-256-GCM: nonce, tag, text. `bound` is authenticated too: what was sealed for one place does not open in another. */
export function encrypt(key: Buffer, plain: Buffer, bound: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(bound));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

const nonceBytes = 12;
const tagBytes = 16;

/** The opposite; throws when a byte of it, the key or the place is another one. */
export function decrypt(key: Buffer, sealed: Buffer, bound: string): Buffer {
  if (sealed.length < nonceBytes + tagBytes) throw new Error('a sealed secret is damaged');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]);
}

/** Tells keys apart without telling anything of them. */
export function fingerprint(key: Buffer, bytes: number): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, bytes);
}
