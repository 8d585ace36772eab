import type { MessageStatus } from '../../contract/conversation.ts';
import type { Tx } from './pool.ts';

/** What sockets are to be told of a commit: ids only, the rows are read again when it is told. */
export type Change =
  | { type: 'message:new' | 'message:update'; conversationId: string; messageId: string }
  | { type: 'message:status'; conversationId: string; messageId: string; status: MessageStatus }
  | { type: 'message:read'; conversationId: string; messageId: string; userId: string; readAt: string }
  | { type: 'conversation:update'; conversationId: string }
  | { type: 'presence:update'; userId: string }
  | { type: 'viewing'; conversationId: string }
  | { type: 'typing'; conversationId: string; userId: string; isTyping: boolean };

/** Announces changes of the transaction's account; they are told after it commits. */
export async function announce(tx: Tx, changes: Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    name: 'announce',
    text: 'insert into announcements (account_id, changes) values ($1, $2::jsonb)',
    values: [tx.accountId, JSON.stringify(changes)],
  });
}
