import type { Message } from '../../contract/conversation.ts';
import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { type FileUrl, presentMessage } from './present.ts';
import { findMessages } from './queries.ts';

/** A message of the transaction's account; missing and foreign ones are the same 404. */
export async function getMessage(tx: Tx, id: string, fileUrl: FileUrl): Promise<Message> {
  const [row] = await findMessages(tx, [id]);
  if (!row || tx.accountId === null) throw notFound('message');
  return presentMessage(tx.accountId, row, fileUrl);
}

/** Messages as sockets tell of them; ids that are not of the account are left out. */
export async function loadMessages(tx: Tx, ids: string[], fileUrl: FileUrl): Promise<Message[]> {
  const { accountId } = tx;
  return ids.length === 0 || accountId === null ? [] : (await findMessages(tx, ids)).map((row) => presentMessage(accountId, row, fileUrl));
}
