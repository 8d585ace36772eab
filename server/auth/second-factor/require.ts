import type { Context } from '../../context.ts';
import { ApiError } from '../../http/errors.ts';
import type { UserRow } from '../queries.ts';
import { isRightCode } from './check.ts';

/** Throws unless somebody who has a second factor shows it: a code of the app, or a recovery code. */
export async function requireSecondFactor(
  context: Context,
  user: Pick<UserRow, 'id' | 'totp_confirmed_at'>,
  proof: { totp?: string | undefined; ip: string },
): Promise<void> {
  if (!user.totp_confirmed_at) return;
  const code = proof.totp?.trim() ?? '';
  if (code === '') throw new ApiError('totp_required', 'Enter the code of the authenticator app, or a recovery code.');
  if (!(await isRightCode(context, user.id, code, proof.ip)))
    throw new ApiError('invalid_credentials', 'The code is wrong, or was used before. Wait for the next one.');
}
