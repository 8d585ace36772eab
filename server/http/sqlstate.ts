import { CommitError, isConnectionLoss } from '../db/pool.ts';
import { ApiError } from './errors.ts';

/** Uniques that a client can run into, and the field that is to blame. */
const fieldOfConstraint: Record<string, string> = {
  users_email: 'email',
  roles_name: 'name',
  teams_account_id_name_key_key: 'name',
  invitations_open: 'email',
  inboxes_route: 'settings.phoneNumberId',
};

const retrySoon = { headers: { 'retry-after': '2' } };
const badValue = () => new ApiError('validation_error', 'A value cannot be stored: it holds characters or a number out of range.');
const busy = () => new ApiError('unavailable', 'The database is busy. Try again in a moment.', retrySoon);

/** The one map from what PostgreSQL says to what a client reads; undefined where the fault is ours. */
export function describeDatabaseError(error: unknown): ApiError | undefined {
  if (error instanceof CommitError)
    return new ApiError('unavailable', 'The database went away while it was committing. Look before you try again.', retrySoon);
  if (isConnectionLoss(error))
    return new ApiError('unavailable', 'The database cannot be reached right now. Try again in a moment.', retrySoon);
  const { code = '', constraint = '' } =
    typeof error === 'object' && error !== null ? (error as { code?: string; constraint?: string }) : {};
  switch (code) {
    case '23505': {
      const path = fieldOfConstraint[constraint];
      return new ApiError('conflict', path ? `${path} is taken.` : 'This exists already.', {
        errors: path ? [{ path, message: 'is taken' }] : [],
      });
    }
    case '23503':
      return new ApiError('not_found', 'Something that the request refers to does not exist.');
    case '22021': // NUL or broken UTF-8
    case '22P05': // a character that the database's encoding lacks
    case '22P02': // text that is no uuid, number or date
    case '22001': // too long
    case '22003': // number out of range
    case '22007': // text that is no date
    case '22008': // date out of range
    case '22009': // a date with an impossible offset
    case '23514': // check
      return badValue();
    case '40001': // still after three tries
    case '40P01':
    case '55P03': // lock_timeout
    case '57014': // statement_timeout
    case '25P03': // idle in transaction
      return busy();
    default:
      // 53: no space, no memory, too many connections.
      return /^53/.test(code) ? busy() : undefined;
  }
}
