import type { Tx } from '../db/pool.ts';

/** Moves a member's mark; it only goes up when `isForward`. Returns the mark and its time, or undefined when nothing moved. */
export async function setReadMark(
  tx: Tx,
  conversationId: string,
  userId: string,
  seq: number,
  isForward: boolean,
): Promise<{ read_at: Date } | undefined> {
  const [row] = await tx.query<{ read_at: Date }>({
    name: isForward ? 'raise read mark' : 'set read mark',
    text: `insert into participants as p (account_id, conversation_id, user_id, read_seq, read_at) values ($1, $2, $3, $4, now())
           on conflict (account_id, conversation_id, user_id) do update set read_seq = excluded.read_seq, read_at = excluded.read_at
             where ${isForward ? 'p.read_seq < excluded.read_seq' : 'p.read_seq <> excluded.read_seq'}
           returning read_at`,
    values: [tx.accountId, conversationId, userId, seq],
  });
  return row;
}

export async function setMute(tx: Tx, conversationId: string, userId: string, until: string | null): Promise<void> {
  await tx.query({
    text: `insert into participants (account_id, conversation_id, user_id, muted_until) values ($1, $2, $3, $4)
           on conflict (account_id, conversation_id, user_id) do update set muted_until = excluded.muted_until`,
    values: [tx.accountId, conversationId, userId, until],
  });
}

/** Inbound messages above the member's mark. */
export async function countUnread(tx: Tx, conversationId: string, userId: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    name: 'count unread',
    text: `select count(*)::int as count from messages where account_id = $1 and conversation_id = $2 and direction = 'in'
             and seq > coalesce((select read_seq from participants where account_id = $1 and conversation_id = $2 and user_id = $3), 0)`,
    values: [tx.accountId, conversationId, userId],
  });
  return row?.count ?? 0;
}

/** The seq of a message of this conversation. */
export async function findMessageSeq(tx: Tx, conversationId: string, messageId: string): Promise<number | undefined> {
  const [row] = await tx.query<{ seq: string }>({
    name: 'find message seq',
    text: 'select seq from messages where account_id = $1 and id = $3 and conversation_id = $2',
    values: [tx.accountId, conversationId, messageId],
  });
  return row && Number(row.seq);
}

/** The newest message that the contact wrote. */
export async function findLastInbound(tx: Tx, conversationId: string): Promise<{ id: string; seq: number } | undefined> {
  const [row] = await tx.query<{ id: string; seq: string }>({
    name: 'find last inbound',
    text: "select id, seq from messages where account_id = $1 and conversation_id = $2 and direction = 'in' order by seq desc limit 1",
    values: [tx.accountId, conversationId],
  });
  return row && { id: row.id, seq: Number(row.seq) };
}
