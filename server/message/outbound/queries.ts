import type { DeliveryError, MessageStatus } from '../../../contract/conversation.ts';
import type { IdentityRef } from '../../channels/channel.ts';
import { newId } from '../../db/id.ts';
import type { Tx } from '../../db/pool.ts';

export interface Leaving {
  id: string;
  conversation_id: string;
  inbox_id: string;
  status: MessageStatus;
  attempt: number;
  text: string;
  to_kind: IdentityRef['kind'] | null;
  to_value: string | null;
  reply_external_id: string | null;
  /** An earlier reply of the same conversation has not left yet. */
  must_wait: boolean;
  /** Since it was written. */
  waited_ms: number;
}

/** The message under its row lock, with all that an attempt needs. */
export async function lockLeaving(tx: Tx, messageId: string): Promise<Leaving | undefined> {
  const [row] = await tx.query<Leaving>({
    name: 'lock leaving',
    text: `select m.id, m.conversation_id, c.inbox_id, m.status, m.attempt, m.text, k.kind as to_kind, k.value as to_value, r.external_id as reply_external_id,
             exists (select from messages e where e.account_id = m.account_id and e.conversation_id = m.conversation_id
               and e.seq < m.seq and e.status in ('queued', 'sending')) as must_wait,
             (extract(epoch from now() - m.created_at) * 1000)::float8 as waited_ms
           from messages m
           join conversations c on c.account_id = m.account_id and c.id = m.conversation_id
           left join identities k on k.account_id = c.account_id and k.id = c.identity_id
           left join messages r on r.account_id = m.account_id and r.id = m.reply_to_id
           where m.account_id = $1 and m.id = $2 and m.direction = 'out' and m.kind = 'message'
           for update of m`,
    values: [tx.accountId, messageId],
  });
  return row;
}

/** Opens an attempt: from here on a crash leaves the message `sending` with an unfinished delivery. */
export async function openAttempt(tx: Tx, messageId: string, attempt: number): Promise<void> {
  await tx.query({
    name: 'open attempt',
    text: `with opened as (insert into deliveries (account_id, id, message_id, attempt) values ($1, $4, $2, $3))
           update messages set status = 'sending', attempt = $3 where account_id = $1 and id = $2`,
    values: [tx.accountId, messageId, attempt, newId()],
  });
}

export interface AttemptEnd {
  messageId: string;
  conversationId: string;
  inboxId: string;
  attempt: number;
  outcome: 'sent' | 'retry' | 'failed' | 'uncertain';
  status: MessageStatus;
  externalId: string | null;
  error: DeliveryError | null;
}

/**
 * Closes an attempt under the conversation's lock. Only the attempt that is still the message's own may write (fencing),
 * and a status that a webhook brought meanwhile is never lowered. Returns the status that holds, or undefined when fenced off.
 */
export async function closeAttempt(tx: Tx, end: AttemptEnd): Promise<MessageStatus | undefined> {
  await tx.query({
    name: 'lock conversation',
    text: 'select from conversations where account_id = $1 and id = $2 for update',
    values: [tx.accountId, end.conversationId],
  });
  const known = end.externalId === null ? undefined : await joinProviderId(tx, end, end.externalId);
  const [row] = await tx.query<{ status: MessageStatus }>({
    name: 'close attempt',
    text: `with closed as (
             update deliveries set finished_at = now(), outcome = $4, error = $6 where account_id = $1 and message_id = $2 and attempt = $3 and finished_at is null),
           raised as (
             update conversations set seq = seq + 1 where account_id = $1 and id = $7 returning seq)
           update messages m set change_seq = raised.seq, external_id = coalesce($8, m.external_id), error = coalesce($6, $9, case when $4 = 'sent' then null else m.error end),
             status = case when m.status = 'sending' then $5 when status_rank($5) > status_rank(m.status) then $5 else m.status end
           from raised where m.account_id = $1 and m.id = $2 and m.attempt = $3
             and (m.status = 'sending' or status_rank(m.status) >= status_rank('sent') or (m.status = 'uncertain' and $4 = 'sent'))
           returning m.status`,
    values: [
      tx.accountId,
      end.messageId,
      end.attempt,
      end.outcome,
      known?.status ?? end.status,
      end.error === null ? null : JSON.stringify(end.error),
      end.conversationId,
      end.externalId,
      known?.error ? JSON.stringify(known.error) : null,
    ],
  });
  if (row) await announceStatus(tx, end.conversationId, end.messageId, row.status);
  return row?.status;
}

/** Joins the provider's id to our message; returns the status that came before its answer, if one did. */
async function joinProviderId(
  tx: Tx,
  end: AttemptEnd,
  externalId: string,
): Promise<{ status: MessageStatus; error: DeliveryError | null } | undefined> {
  const [row] = await tx.query<{ status: MessageStatus | null; error: DeliveryError | null }>({
    name: 'join provider id',
    text: `insert into provider_messages as p (account_id, inbox_id, external_id, message_id) values ($1, $2, $3, $4)
           on conflict (account_id, inbox_id, external_id) do update set message_id = excluded.message_id
           returning case when status_rank(p.status) > status_rank('sent') then p.status end as status, p.error`,
    values: [tx.accountId, end.inboxId, externalId, end.messageId],
  });
  return row?.status ? { status: row.status, error: row.error } : undefined;
}

async function announceStatus(tx: Tx, conversationId: string, messageId: string, status: MessageStatus): Promise<void> {
  await tx.query({
    name: 'announce status',
    text: `insert into announcements (account_id, changes)
           values ($1, jsonb_build_array(jsonb_build_object('type', 'message:status', 'conversationId', $2::text, 'messageId', $3::text, 'status', $4::text)))`,
    values: [tx.accountId, conversationId, messageId, status],
  });
}
