import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { type AccountRow, findAccount } from './queries.ts';

/** The account of the transaction. */
export async function getAccount(tx: Tx): Promise<AccountRow> {
  const account = await findAccount(tx);
  if (!account) throw notFound('account');
  return account;
}
