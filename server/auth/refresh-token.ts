import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { deriveKey } from '../credentials/seal.ts';
import { bytesOfId, idOfBytes } from '../db/id.ts';

export const refreshTokenDays = 7;

export interface RefreshTokens {
  make(sessionId: string): string;
  /** The session a token was made for; undefined when it is not one of ours. An old one of ours is still known as such. */
  sessionOf(token: string): string | undefined;
}

const idBytes = 16;
const secretBytes = 32;
const macBytes = 16;

/**
 * Session id, 256 random bits, and a mark that we made it. The mark lets a token of any age be recognised as reused
 * without keeping every old hash, and keeps strangers from ending sessions with made-up tokens.
 */
export function createRefreshTokens(secretKey: string): RefreshTokens {
  const key = deriveKey(secretKey, 'refresh token');
  const mark = (bytes: Buffer) => createHmac('sha256', key).update(bytes).digest().subarray(0, macBytes);
  return {
    make(sessionId) {
      const bytes = Buffer.concat([bytesOfId(sessionId), randomBytes(secretBytes)]);
      return Buffer.concat([bytes, mark(bytes)]).toString('base64url');
    },
    sessionOf(token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== idBytes + secretBytes + macBytes || bytes.toString('base64url') !== token) return undefined;
      if (!timingSafeEqual(mark(bytes.subarray(0, idBytes + secretBytes)), bytes.subarray(idBytes + secretBytes))) return undefined;
      return idOfBytes(bytes);
    },
  };
}

/** What is kept of a token. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
