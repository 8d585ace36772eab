import { z } from 'zod';
import type { Database } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { findAccount, findAccountsNamed } from './queries.ts';

/** The id of an account that an operator names by its name or its id. */
export async function getAccountId(database: Database, wanted: string): Promise<string> {
  const id = z.uuid().toLowerCase().safeParse(wanted);
  const ids = id.success
    ? (await database.withAccount(id.data, findAccount))
      ? [id.data]
      : []
    : await findAccountsNamed(database, wanted);
  if (ids.length > 1) {
    const message = `${ids.length} accounts have this name: give one of their ids, ${ids.join(', ')}`;
    throw new ApiError('validation_error', 'The account is not clear.', { errors: [{ path: 'account', message }] });
  }
  const [found] = ids;
  if (found === undefined) throw notFound('account');
  return found;
}
