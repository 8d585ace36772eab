import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChannelInbox, HookRequest } from '../channel.ts';

const headerPattern = /^sha256=([0-9a-f]{64})$/i;

/** Checks X-Hub-Signature-256 over the raw bytes; any active secret of the endpoint's inboxes may have made it. */
export function verifySignature(request: HookRequest, inboxes: ChannelInbox[]): { ok: true } | { ok: false; reason: string } {
  const header = request.headers['x-hub-signature-256'];
  if (typeof header !== 'string') return { ok: false, reason: 'X-Hub-Signature-256 is missing' };
  const given = headerPattern.exec(header)?.[1];
  if (!given) return { ok: false, reason: 'X-Hub-Signature-256 is not sha256=<64 hex digits>' };
  const digest = Buffer.from(given, 'hex');
  // Every secret is tried, so that the time does not tell which one matched.
  let matches = 0;
  for (const secret of appSecretsOf(inboxes)) {
    if (timingSafeEqual(digest, createHmac('sha256', secret).update(request.raw).digest())) matches += 1;
  }
  return matches > 0 ? { ok: true } : { ok: false, reason: 'X-Hub-Signature-256 does not match the body' };
}

/** Meta's GET: the challenge goes back when the verify token is one of ours; repeated parameters are refused. */
export function answerChallenge(query: Record<string, unknown>, inboxes: ChannelInbox[]): string | null {
  const token = query['hub.verify_token'];
  const challenge = query['hub.challenge'];
  if (query['hub.mode'] !== 'subscribe' || typeof token !== 'string' || typeof challenge !== 'string') return null;
  if (challenge === '' || challenge.length > 512) return null;
  return inboxes.some((inbox) => isSame(inbox.secrets.verifyToken, token)) ? challenge : null;
}

/** A secret that is being replaced stays beside the new one under a name that starts alike. */
function appSecretsOf(inboxes: ChannelInbox[]): Set<string> {
  const named = inboxes.flatMap((inbox) => Object.entries(inbox.secrets));
  return new Set(named.filter(([name, value]) => name.startsWith('appSecret') && value !== '').map(([, value]) => value));
}

function isSame(expected: string | undefined, given: string): boolean {
  if (!expected) return false;
  const [left, right] = [Buffer.from(expected), Buffer.from(given)];
  return left.length === right.length && timingSafeEqual(left, right);
}
