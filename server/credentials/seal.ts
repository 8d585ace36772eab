import { hkdfSync } from 'node:crypto';
import { bytesOfId, idOfBytes } from '../db/id.ts';
import type { DataKey, DataKeys } from './data-keys.ts';
import { decrypt, encrypt, fingerprint } from './envelope.ts';
import type { Masters } from './masters.ts';

/**
 * Secrets at rest, in columns named *_sealed. They open only with a data key, which opens only with GUICHET_SECRET_KEY,
 * which is not in the database. The purpose and, where there is one, the account are bound in: what was sealed for one
 * place does not open in another. After the first time a key costs no query.
 */
export interface Sealer {
  seal(plain: Buffer, purpose: string, accountId?: string | null): Promise<Buffer>;
  unseal(sealed: Buffer, purpose: string, accountId?: string | null): Promise<Buffer>;
  sealJson(value: unknown, purpose: string, accountId?: string | null): Promise<Buffer>;
  unsealJson<T>(sealed: Buffer, purpose: string, accountId?: string | null): Promise<T>;
}

/** The purpose of an inbox's secrets. */
export const inboxSecrets = 'inbox secrets';

const version = 2;
const idBytes = 16;
const sealedHeadBytes = 1 + idBytes;
const directVersion = 1;
const markBytes = 4;

/** An envelope of version (1 byte), id of the data key (16), nonce (12), tag (16) and AES-256-GCM text. */
export function createSealer(masters: Masters, keys: DataKeys): Sealer {
  const sealer: Sealer = {
    async seal(plain, purpose, accountId = null) {
      return sealUnder(await keys.current(), plain, purpose, accountId);
    },
    async unseal(sealed, purpose, accountId = null) {
      if (sealed[0] === directVersion) return openDirect(masters.findSealKey, sealed, purpose);
      if (sealed[0] !== version || sealed.length < sealedHeadBytes) throw new Error('a sealed secret is damaged');
      const key = await keys.get(idOf(sealed));
      return decrypt(key, sealed.subarray(sealedHeadBytes), boundTo(purpose, accountId));
    },
    sealJson: (value, purpose, accountId) => sealer.seal(Buffer.from(JSON.stringify(value)), purpose, accountId),
    unsealJson: async <T>(sealed: Buffer, purpose: string, accountId?: string | null) =>
      JSON.parse((await sealer.unseal(sealed, purpose, accountId)).toString()) as T,
  };
  return sealer;
}

/** Seals under a key that the caller chose. */
export function sealUnder({ id, key }: DataKey, plain: Buffer, purpose: string, accountId: string | null): Buffer {
  return Buffer.concat([sealedHead(id), encrypt(key, plain, boundTo(purpose, accountId))]);
}

const boundTo = (purpose: string, accountId: string | null) => `${purpose}\0${accountId ?? ''}`;

/** What every value sealed under this key begins with. */
export const sealedHead = (keyId: string): Buffer => Buffer.concat([Buffer.from([version]), bytesOfId(keyId)]);

const idOf = (sealed: Buffer) => idOfBytes(sealed.subarray(1));

/** Seals what leaves and comes back within minutes, a cookie for example, and is never stored: no data key, no query. */
export interface PassingSealer {
  sealJson(value: unknown, purpose: string): Buffer;
  openJson<T>(sealed: Buffer, purpose: string): T;
}

/** Under a key that follows from the master key; void once that changes. */
export function createPassingSealer(secretKey: string): PassingSealer {
  const key = deriveKey(secretKey, 'seal');
  const head = Buffer.concat([Buffer.from([directVersion]), fingerprint(key, markBytes)]);
  return {
    sealJson: (value, purpose) => Buffer.concat([head, encrypt(key, Buffer.from(JSON.stringify(value)), purpose)]),
    openJson: <T>(sealed: Buffer, purpose: string) =>
      JSON.parse(openDirect((mark) => (head.subarray(1).equals(mark) ? key : undefined), sealed, purpose).toString()) as T,
  };
}

/** Version (1 byte), mark of the key (4), nonce, tag, text: sealed by a key that follows from the master key itself. */
function openDirect(find: (mark: Buffer) => Buffer | undefined, sealed: Buffer, purpose: string): Buffer {
  if (sealed[0] !== directVersion || sealed.length <= 1 + markBytes) throw new Error('a sealed secret is damaged');
  const key = find(sealed.subarray(1, 1 + markBytes));
  if (!key) throw new Error('a secret was sealed with another GUICHET_SECRET_KEY');
  return decrypt(key, sealed.subarray(1 + markBytes), purpose);
}

/** A key for one use from the master key; knowing one tells nothing about another. */
export function deriveKey(secretKey: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'guichet', use, 32));
}
