import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { findInbox, type InboxRow } from './queries.ts';

/** An inbox of the transaction's account. */
export async function getInbox(tx: Tx, id: string, lock: 'locked' | 'unlocked' = 'unlocked'): Promise<InboxRow> {
  const inbox = await findInbox(tx, id, lock);
  if (!inbox) throw notFound('inbox');
  return inbox;
}
