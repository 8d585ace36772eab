import { createHmac } from 'node:crypto';
import type { Context } from '../context.ts';
import { deriveKey } from '../credentials/seal.ts';
import { ApiError } from '../http/errors.ts';
import { limitedAddress } from '../limits/address.ts';
import { forgetSlots, takeSlot } from '../limits/sliding.ts';
import { tokenLifeMs, type TokenPurpose } from './one-time-tokens.ts';

/** Links that one address gets within the life of a link. */
const linksMax = 3;
/** Requests of one client, whatever addresses they name. */
const requestsMax = 300;
const clientWindowMs = 15 * 60_000;

/**
 * Whether another link may go to this address. The window ends a little before the life of a link, so whenever this says no a
 * link that works lies in the mailbox: somebody who asks in another's name can keep them from nothing.
 */
export async function takeLink(context: Pick<Context, 'database' | 'config'>, purpose: TokenPurpose, email: string): Promise<boolean> {
  const slot = await takeSlot(context.database, linkKey(context, purpose, email), linksMax, tokenLifeMs[purpose] * 0.9);
  return slot.isTaken;
}

/** A link was used: its owner may ask for more. */
export function forgetLinks(context: Pick<Context, 'database' | 'config'>, purpose: TokenPurpose, email: string): Promise<void> {
  return forgetSlots(context.database, linkKey(context, purpose, email));
}

/** Throws when one client asks for very many links, which is the same for known and unknown addresses. */
export async function limitRequests({ database }: Pick<Context, 'database'>, ip: string): Promise<void> {
  const slot = await takeSlot(database, `links ${limitedAddress(ip)}`, requestsMax, clientWindowMs);
  if (slot.isTaken) return;
  throw new ApiError('rate_limit_exceeded', 'Too many requests for links. Try again later.', {
    headers: { 'retry-after': String(Math.ceil(slot.retryAfterMs / 1000)) },
  });
}

/** Keyed, so that the table does not say who asked. */
function linkKey({ config }: Pick<Context, 'config'>, purpose: TokenPurpose, email: string): string {
  return `link ${purpose} ${createHmac('sha256', deriveKey(config.secretKey, 'link limits')).update(email).digest('base64url')}`;
}
