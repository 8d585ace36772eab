import type { Conversation } from '../../contract/conversation.ts';
import type { SharedConversation } from '../../contract/socket.ts';
import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { countUnread } from './participant-queries.ts';
import { presentConversation, presentShared } from './present.ts';
import { findConversation, findConversationSeq, findSharedConversations, type LockedConversation, lockConversationRow } from './queries.ts';

/** Who asks; an API key has no read state of its own. */
export interface Reader {
  userId: string | null;
}

/** A conversation of the transaction's account as this member sees it; missing and foreign ones are the same 404. */
export async function getConversation(tx: Tx, reader: Reader, id: string): Promise<Conversation> {
  const row = await findConversation(tx, reader.userId, id);
  if (!row) throw notFound('conversation');
  return presentConversation(row);
}

/** The same under its row lock, for a change. */
export async function lockConversation(tx: Tx, id: string): Promise<LockedConversation> {
  const row = await lockConversationRow(tx, id);
  if (!row) throw notFound('conversation');
  return row;
}

/** Conversations as sockets tell of them; ids that are not of the account are left out. */
export async function loadSharedConversations(tx: Tx, ids: string[]): Promise<SharedConversation[]> {
  return ids.length === 0 ? [] : (await findSharedConversations(tx, ids)).map(presentShared);
}

/** The seq of a conversation of the account: what a socket needs to know before it may listen. */
export async function getConversationSeq(tx: Tx, id: string): Promise<number> {
  const seq = await findConversationSeq(tx, id);
  if (seq === undefined) throw notFound('conversation');
  return seq;
}

/** What a member has not read in a conversation. */
export function countUnreadOf(tx: Tx, conversationId: string, userId: string): Promise<number> {
  return countUnread(tx, conversationId, userId);
}
