import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Tokens of visitors: opaque, good for one inbox, kept nowhere but in the visitor's browser. */
export interface VisitorTokens {
  issue(inboxId: string): { visitorId: string; token: string };
  /** The visitor that the token names, or null when it is not one of ours for this inbox. */
  read(inboxId: string, token: string): string | null;
}

const tokenPattern = /^gv_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

export function createVisitorTokens(secretKey: string): VisitorTokens {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'guichet visitor tokens', 32));
  const sign = (inboxId: string, visitorId: string) => createHmac('sha256', key).update(`${inboxId} ${visitorId}`).digest();
  return {
    issue(inboxId) {
      const visitorId = randomBytes(16).toString('hex');
      return { visitorId, token: `gv_${visitorId}_${sign(inboxId, visitorId).toString('base64url')}` };
    },
    read(inboxId, token) {
      const [, visitorId, signature] = tokenPattern.exec(token) ?? [];
      if (!visitorId || !signature) return null;
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(inboxId, visitorId);
      return given.length === expected.length && timingSafeEqual(given, expected) ? visitorId : null;
    },
  };
}
