import type { z } from 'zod';
import type { conversationChanges, Message } from '../../contract/conversation.ts';
import { getConversation } from '../conversations/access.ts';
import type { Actor } from '../conversations/actions.ts';
import type { Database } from '../db/pool.ts';
import { type FileUrl, presentMessage } from './present.ts';
import { listChangedMessages, listMessages } from './queries.ts';

/** A page of a thread, newest first; `next` is the seq before which the following page lies. */
export function readThread(
  database: Database,
  actor: Actor,
  conversationId: string,
  limit: number,
  before: number | null,
  fileUrl: FileUrl,
): Promise<{ items: Message[]; next: number | null }> {
  return database.withAccount(actor.accountId, async (tx) => {
    await getConversation(tx, actor, conversationId);
    const rows = await listMessages(tx, conversationId, limit + 1, before);
    const items = rows.slice(0, limit).map((row) => presentMessage(actor.accountId, row, fileUrl));
    return { items, next: rows.length > limit ? (items.at(-1)?.seq ?? null) : null };
  });
}

const changesMax = 200;

/**
 * Everything that changed in a conversation after a seq. The state is read before the messages: what commits in
 * between comes twice rather than never.
 */
export function readChanges(
  database: Database,
  actor: Actor,
  conversationId: string,
  since: number,
  fileUrl: FileUrl,
): Promise<z.output<typeof conversationChanges>> {
  return database.withAccount(actor.accountId, async (tx) => {
    const conversation = await getConversation(tx, actor, conversationId);
    const rows = await listChangedMessages(tx, conversationId, since, changesMax + 1);
    const messages = rows.slice(0, changesMax).map((row) => presentMessage(actor.accountId, row, fileUrl));
    return { seq: conversation.seq, conversation, messages, more: rows.length > changesMax };
  });
}
