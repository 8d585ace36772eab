import { ApiError } from '../http/errors.ts';
import type { MemberPrincipal } from './principal.ts';

/** For this long after a sign-in or a confirmation, sensitive changes need no further proof. */
export const proofMs = 15 * 60_000;

/** Throws unless the person proved who they are a short while ago: a device left unlocked must not be enough. */
export function requireRecentProof(member: Pick<MemberPrincipal, 'confirmedAt'>): void {
  if (Date.now() - member.confirmedAt.getTime() <= proofMs) return;
  throw new ApiError('confirmation_required', 'Confirm who you are first, with your password or a code.');
}
