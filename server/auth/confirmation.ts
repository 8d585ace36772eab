import { ApiError } from '../http/errors.ts';
import type { MemberPrincipal } from './principal.ts';

/** For this long after a sign-in or a confirmation somebody may change how they sign in. */
export const confirmedForMs = 15 * 60_000;

/** Throws unless the person has proven lately who they are; returns them. A session left open must not be enough to stay for ever. */
export function requireRecentProof(member: MemberPrincipal): MemberPrincipal {
  if (member.confirmedAt.getTime() + confirmedForMs > Date.now()) return member;
  throw new ApiError('confirmation_required', 'Confirm first that it is you: POST /auth/confirmation with the password or a code.');
}
