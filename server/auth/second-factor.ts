import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import type { UserRow } from './queries.ts';

/** Throws unless somebody who has a second factor shows it. */
export async function requireSecondFactor(
  _context: Context,
  user: UserRow,
  _proof: { totp?: string | undefined; ip: string },
): Promise<void> {
  // Closed until there is a way to check a code: nobody can have one yet.
  if (user.totp_confirmed_at) throw new ApiError('totp_required', 'Enter the code of the authenticator app.');
}
