import type { MessageStatus } from '../../../contract/conversation.ts';
import type { Tx } from '../../db/pool.ts';

export interface NewReply {
  id: string;
  conversationId: string;
  kind: 'message' | 'note';
  status: MessageStatus;
  text: string;
  authorId: string | null;
  replyToId: string | null;
}

/** Writes a reply as the conversation's last message, with its next seq. The conversation must be locked. */
export async function insertReply(tx: Tx, reply: NewReply): Promise<number> {
  const [row] = await tx.query<{ seq: string }>({
    name: 'insert reply',
    text: `with moved as (
             update conversations set seq = seq + 1, last_message_id = $3, last_message_seq = seq + 1, last_activity_at = greatest(last_activity_at, now())
             where account_id = $1 and id = $2 returning seq)
           insert into messages (account_id, id, conversation_id, seq, change_seq, direction, kind, type, text, status, author_id, reply_to_id, sent_at)
             select $1, $3, $2, moved.seq, moved.seq, 'out', $4, 'text', $5, $6, $7, $8, now() from moved returning seq`,
    values: [tx.accountId, reply.conversationId, reply.id, reply.kind, reply.text, reply.status, reply.authorId, reply.replyToId],
  });
  if (!row) throw new Error('a locked conversation took no message');
  return Number(row.seq);
}

export async function isMessageOf(tx: Tx, conversationId: string, messageId: string): Promise<boolean> {
  const rows = await tx.query({
    name: 'is message of',
    text: 'select from messages where account_id = $1 and id = $3 and conversation_id = $2',
    values: [tx.accountId, conversationId, messageId],
  });
  return rows.length > 0;
}

/** The conversation of a message that a member wrote to a contact. */
export async function findConversationOf(tx: Tx, messageId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ conversation_id: string }>({
    name: 'find conversation of',
    text: "select conversation_id from messages where account_id = $1 and id = $2 and direction = 'out' and kind = 'message'",
    values: [tx.accountId, messageId],
  });
  return row?.conversation_id;
}

/** Queues a message again that failed or whose fate is unknown; false when it is neither. The conversation must be locked. */
export async function requeue(tx: Tx, conversationId: string, messageId: string): Promise<boolean> {
  const rows = await tx.query({
    name: 'requeue message',
    text: `with due as (
             select id from messages where account_id = $1 and id = $3 and conversation_id = $2 and status in ('failed', 'uncertain') for update),
           past as (
             update provider_messages p set superseded = true from due where p.account_id = $1 and p.message_id = due.id),
           moved as (
             update conversations c set seq = c.seq + 1 from due where c.account_id = $1 and c.id = $2 returning c.seq)
           update messages m set status = 'queued', error = null, change_seq = moved.seq from moved, due where m.account_id = $1 and m.id = due.id returning m.id`,
    values: [tx.accountId, conversationId, messageId],
  });
  return rows.length > 0;
}
