import { createHmac, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../credentials/seal.ts';
import { bytesOfId, idOfBytes, newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { hashToken } from './refresh-token.ts';
import { findToken, insertToken, type TokenRow, takeTokenRow } from './token-queries.ts';

const minuteMs = 60_000;

/** What a token is for, and for how long it works. Invitations are kept in their own table. */
export const tokenLifeMs = {
  magic_link: 15 * minuteMs,
  password_reset: 60 * minuteMs,
  email_verification: 24 * 60 * minuteMs,
  email_change: 60 * minuteMs,
  passkey_registration: 5 * minuteMs,
  passkey_sign_in: 5 * minuteMs,
  /** Travels by mail and nowhere else, so that it proves the address. */
  invitation: 7 * 24 * 60 * minuteMs,
  /** The same invitation as a link to copy: whoever made it has seen it. */
  invitation_link: 7 * 24 * 60 * minuteMs,
} as const;
export type TokenPurpose = keyof typeof tokenLifeMs;

export interface OneTimeTokens {
  /** The token of an id, the same each time: a job makes it anew, so that no secret waits in a queue. */
  tokenOf(purpose: TokenPurpose, id: string): string;
  /** The id in a token that was made for this purpose; undefined for anything else, without asking the database. */
  idOf(purpose: TokenPurpose, token: string): string | undefined;
  /** Makes a token that works once; returns its id. */
  issue(where: Queries, purpose: TokenPurpose, about: TokenSubject): Promise<string>;
  /** What a token stands for while it works; does not use it up. */
  find(where: Queries, purpose: TokenPurpose, token: string): Promise<TokenRow | undefined>;
  /** Uses a token up. Of any number at once one gets its row. */
  take(where: Queries, purpose: TokenPurpose, token: string): Promise<TokenRow | undefined>;
}

export interface TokenSubject {
  userId?: string;
  email?: string;
  data?: Record<string, unknown>;
}

type Queries = Pick<Tx, 'query'>;

const idBytes = 16;
const macBytes = 32;

/** A token is the base64url of its id and of an HMAC over purpose and id; only its SHA-256 is kept. */
export function createOneTimeTokens(secretKey: string): OneTimeTokens {
  const key = deriveKey(secretKey, 'one-time token');
  const mark = (purpose: TokenPurpose, id: Buffer) => createHmac('sha256', key).update(purpose).update(id).digest();

  const tokens: OneTimeTokens = {
    tokenOf(purpose, id) {
      const bytes = bytesOfId(id);
      return Buffer.concat([bytes, mark(purpose, bytes)]).toString('base64url');
    },
    idOf(purpose, token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== idBytes + macBytes || bytes.toString('base64url') !== token) return undefined;
      if (!timingSafeEqual(mark(purpose, bytes.subarray(0, idBytes)), bytes.subarray(idBytes))) return undefined;
      return idOfBytes(bytes);
    },
    async issue(where, purpose, about) {
      const id = newId();
      await insertToken(where, { id, purpose, hash: hashToken(tokens.tokenOf(purpose, id)), lifeMs: tokenLifeMs[purpose], ...about });
      return id;
    },
    async find(where, purpose, token) {
      const id = tokens.idOf(purpose, token);
      return id === undefined ? undefined : findToken(where, purpose, id, hashToken(token));
    },
    async take(where, purpose, token) {
      const id = tokens.idOf(purpose, token);
      return id === undefined ? undefined : takeTokenRow(where, purpose, id, hashToken(token));
    },
  };
  return tokens;
}
