import { createHmac, timingSafeEqual } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { role } from '../../contract/auth.ts';
import { deriveKey } from '../credentials/seal.ts';
import { newId } from '../db/id.ts';

export const accessTokenSeconds = 900;

const claims = z.object({ sub: z.uuid(), accountId: z.uuid(), role, sid: z.uuid(), jti: z.uuid(), iat: z.number(), exp: z.number() });
export type Claims = z.infer<typeof claims>;

export interface AccessTokens {
  sign(claims: Pick<Claims, 'sub' | 'accountId' | 'role' | 'sid'>): Promise<string>;
  /** The claims of a token that we signed and that has not expired; else undefined. Whether its session lives is another question. */
  verify(token: string): Claims | undefined;
}

const header = { alg: 'HS256', typ: 'JWT' } as const;
/** The only header that is accepted, letter by letter: the algorithm is not the token's to choose. */
const headerText = Buffer.from(JSON.stringify(header)).toString('base64url');

export function createAccessTokens(secretKey: string): AccessTokens {
  const key = deriveKey(secretKey, 'access token');
  return {
    sign: (given) =>
      new SignJWT({ ...given })
        .setProtectedHeader(header)
        .setJti(newId())
        .setIssuedAt()
        .setExpirationTime(`${accessTokenSeconds}s`)
        .sign(key),
    verify(token) {
      const [head, body, signature, ...rest] = token.split('.');
      if (head !== headerText || body === undefined || signature === undefined || rest.length > 0) return undefined;
      const wanted = Buffer.from(createHmac('sha256', key).update(`${head}.${body}`).digest('base64url'));
      const given = Buffer.from(signature);
      if (wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined;
      const parsed = claims.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString()));
      return parsed.success && parsed.data.exp > Date.now() / 1000 ? parsed.data : undefined;
    },
  };
}
