import type { Tx } from '../../db/pool.ts';

export interface VisitorRow {
  id: string;
  direction: 'in' | 'out';
  text: string;
  status: string;
  external_id: string | null;
  author: string | null;
  sent_at: Date;
  inbox_id: string;
  visitor_id: string;
}

/** Private notes, and answers that have not left or never will, are none of the visitor's business. */
const shown = `m.kind = 'message' and (m.direction = 'in' or m.status in ('queued', 'sending', 'sent', 'delivered', 'read', 'uncertain'))`;
const columns = `m.id, m.direction, coalesce(m.text, '') as text, m.status, m.external_id, split_part(u.name, ' ', 1) as author, m.sent_at, c.inbox_id, k.value as visitor_id`;
const visitorMessages = `identities k
           join conversations c on c.account_id = k.account_id and c.identity_id = k.id
           join messages m on m.account_id = c.account_id and m.conversation_id = c.id
           left join users u on u.id = m.author_id`;

/** A visitor's messages in one inbox, newest first, before a message. */
export function listVisitorMessages(
  tx: Tx,
  inboxId: string,
  visitorId: string,
  before: string | null,
  limit: number,
): Promise<VisitorRow[]> {
  return tx.query<VisitorRow>({
    name: 'list visitor messages',
    text: `select ${columns} from ${visitorMessages}
           where k.account_id = $1 and k.kind = 'webchat' and k.value = $2 and c.inbox_id = $3 and ($4::uuid is null or m.id < $4) and ${shown}
           order by m.id desc limit $5`,
    values: [tx.accountId, visitorId, inboxId, before, limit],
  });
}

/** One message of this visitor, or nothing. */
export async function findVisitorMessage(tx: Tx, inboxId: string, visitorId: string, messageId: string): Promise<VisitorRow | undefined> {
  const [row] = await tx.query<VisitorRow>({
    name: 'find visitor message',
    text: `select ${columns} from ${visitorMessages}
           where k.account_id = $1 and k.kind = 'webchat' and k.value = $2 and c.inbox_id = $3 and m.id = $4 and ${shown}`,
    values: [tx.accountId, visitorId, inboxId, messageId],
  });
  return row;
}

/** Of these messages the ones that visitors may see, with whom to tell. */
export function findMessagesForVisitors(tx: Tx, messageIds: string[]): Promise<VisitorRow[]> {
  return tx.query<VisitorRow>({
    name: 'messages for visitors',
    text: `select ${columns} from messages m
           join conversations c on c.account_id = m.account_id and c.id = m.conversation_id and c.channel = 'webchat'
           join identities k on k.account_id = c.account_id and k.id = c.identity_id and k.kind = 'webchat'
           left join users u on u.id = m.author_id
           where m.account_id = $1 and m.id = any($2::uuid[]) and ${shown} order by m.id`,
    values: [tx.accountId, messageIds],
  });
}

/** Whose conversations these are. */
export function findVisitorsOf(
  tx: Tx,
  conversationIds: string[],
): Promise<{ id: string; inbox_id: string; contact_id: string; visitor_id: string }[]> {
  return tx.query({
    name: 'visitors of conversations',
    text: `select c.id, c.inbox_id, c.contact_id, k.value as visitor_id from conversations c
           join identities k on k.account_id = c.account_id and k.id = c.identity_id and k.kind = 'webchat'
           where c.account_id = $1 and c.id = any($2::uuid[]) and c.channel = 'webchat'`,
    values: [tx.accountId, conversationIds],
  });
}

/** The visitor's open conversation. */
export async function findVisitorConversation(
  tx: Tx,
  inboxId: string,
  visitorId: string,
): Promise<{ id: string; contact_id: string } | undefined> {
  const [row] = await tx.query<{ id: string; contact_id: string }>({
    name: 'conversation of visitor',
    text: `select c.id, c.contact_id from identities k join conversations c on c.account_id = k.account_id and c.identity_id = k.id
           where k.account_id = $1 and k.kind = 'webchat' and k.value = $2 and c.inbox_id = $3 and c.status <> 'closed'
           order by c.last_activity_at desc limit 1`,
    values: [tx.accountId, visitorId, inboxId],
  });
  return row;
}
