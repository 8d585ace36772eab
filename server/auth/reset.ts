import { z } from 'zod';
import { password } from '../../contract/auth.ts';
import type { Database } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { fieldErrorsOf } from '../http/field-errors.ts';
import { canonicalEmail } from './address.ts';
import { hashPassword, refuseWeakPassword } from './password.ts';
import { findUserByEmail, revokeSessionsOf, updatePassword } from './queries.ts';

/** Gives somebody a new password and ends all their sessions; returns how many there were. For the operator, who has asked them. */
export async function resetPassword(database: Database, address: string, wanted: string): Promise<number> {
  const parsed = z.object({ password }).safeParse({ password: wanted });
  if (!parsed.success) throw new ApiError('validation_error', 'The password does not fit.', { errors: fieldErrorsOf(parsed.error) });
  const user = await findUserByEmail(database, canonicalEmail(address));
  if (!user) throw notFound('user');
  refuseWeakPassword(wanted, user);
  await updatePassword(database, user.id, await hashPassword(wanted));
  return (await revokeSessionsOf(database, user.id, null)).length;
}
