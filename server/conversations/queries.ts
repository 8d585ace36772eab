import type { Channel } from '../../contract/common.ts';
import type { Conversation } from '../../contract/conversation.ts';
import type { Tx } from '../db/pool.ts';
import type { ConversationRow } from './present.ts';

/** Characters of the last message that a list shows. */
const previewLengthMax = 300;

/** The contact's name, else the address that says most. */
const contactLabel = `coalesce(nullif(ct.name, ''), (
  select k.value from identities k where k.account_id = c.account_id and k.contact_id = c.contact_id
  order by array_position(array['email', 'phone', 'whatsapp'], k.kind), k.id limit 1), '')`;

export const conversationColumns = `c.id, c.inbox_id, c.channel, c.status, c.subject, c.priority, c.contact_id, ct.name as contact_name, ${contactLabel} as contact_label,
  c.assignee_id, u.name as assignee_name, c.team_id, t.name as team_name, c.last_activity_at, c.last_inbound_at, c.snoozed_until, c.seq, c.created_at,
  m.id as message_id, m.direction as message_direction, m.kind as message_kind, m.type as message_type, left(m.text, ${previewLengthMax}) as message_text,
  m.status as message_status, m.seq as message_seq, m.sent_at as message_sent_at`;

export const conversationJoins = `join contacts ct on ct.account_id = c.account_id and ct.id = c.contact_id
  left join users u on u.id = c.assignee_id
  left join teams t on t.account_id = c.account_id and t.id = c.team_id
  left join messages m on m.account_id = c.account_id and m.id = c.last_message_id`;

/** Inbound messages above the member's mark: an index-only count over messages_inbound. `p` is the member's row. */
export const unreadJoin = (
  memberParameter: string,
) => `left join participants p on p.account_id = c.account_id and p.conversation_id = c.id and p.user_id = ${memberParameter}
  cross join lateral (select count(*)::int as unread_count from messages i
    where i.account_id = c.account_id and i.conversation_id = c.id and i.direction = 'in' and i.seq > coalesce(p.read_seq, 0)) unread`;

export async function findConversation(
  tx: Tx,
  userId: string | null,
  id: string,
): Promise<(ConversationRow & { unread_count: number }) | undefined> {
  const [row] = await tx.query<ConversationRow & { unread_count: number }>({
    name: 'find conversation',
    text: `select ${conversationColumns}, unread.unread_count from conversations c ${conversationJoins} ${unreadJoin('$2')} where c.account_id = $1 and c.id = $3`,
    values: [tx.accountId, userId, id],
  });
  return row;
}

export async function findConversationSeq(tx: Tx, id: string): Promise<number | undefined> {
  const [row] = await tx.query<{ seq: string }>({
    name: 'find conversation seq',
    text: 'select seq from conversations where account_id = $1 and id = $2',
    values: [tx.accountId, id],
  });
  return row && Number(row.seq);
}

/** Conversations as every member sees them, for sockets. */
export function findSharedConversations(tx: Tx, ids: string[]): Promise<ConversationRow[]> {
  return tx.query<ConversationRow>({
    name: 'find shared conversations',
    text: `select ${conversationColumns} from conversations c ${conversationJoins} where c.account_id = $1 and c.id = any($2)`,
    values: [tx.accountId, ids],
  });
}

export interface LockedConversation {
  id: string;
  inbox_id: string;
  contact_id: string;
  channel: Channel;
  status: Conversation['status'];
  seq: string;
  assignee_id: string | null;
  snoozed_until: Date | null;
  last_inbound_seq: string;
  last_inbound_at: Date | null;
  created_at: Date;
}

/** The row lock under which every change happens and takes its seq. */
export async function lockConversationRow(tx: Tx, id: string): Promise<LockedConversation | undefined> {
  const [row] = await tx.query<LockedConversation>({
    name: 'lock conversation row',
    text: `select id, inbox_id, contact_id, channel, status, seq, assignee_id, snoozed_until, last_inbound_seq, last_inbound_at, created_at
           from conversations where account_id = $1 and id = $2 for update`,
    values: [tx.accountId, id],
  });
  return row;
}

export interface ConversationSet {
  status?: Conversation['status'];
  priority?: Conversation['priority'];
  subject?: string | null;
  assignee_id?: string | null;
  team_id?: string | null;
  snoozed_until?: Date | null;
  closed_at?: Date | null;
}

const settable = ['status', 'priority', 'subject', 'assignee_id', 'team_id', 'snoozed_until', 'closed_at'] as const;

/** Writes what differs, with the next seq; false when nothing does. The row must be locked. */
export async function updateConversation(tx: Tx, id: string, set: ConversationSet): Promise<boolean> {
  const names = settable.filter((name) => set[name] !== undefined);
  if (names.length === 0) return false;
  const rows = await tx.query({
    text: `update conversations set seq = seq + 1, ${names.map((name, n) => `${name} = $${n + 3}`).join(', ')}
           where account_id = $1 and id = $2 and (${names.map((name, n) => `${name} is distinct from $${n + 3}`).join(' or ')}) returning id`,
    values: [tx.accountId, id, ...names.map((name) => set[name])],
  });
  return rows.length > 0;
}

/** The next seq for conversations of a contact whose name changed: the ones that people may have open. */
export async function touchConversationsOf(tx: Tx, contactId: string, limit: number): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `with due as (
             select id from (select id from conversations where account_id = $1 and contact_id = $2 order by last_activity_at desc limit $3) recent order by id),
           locked as (select c.id from conversations c join due using (id) where c.account_id = $1 order by c.id for update of c)
           update conversations c set seq = c.seq + 1 from locked l where c.account_id = $1 and c.id = l.id returning c.id`,
    values: [tx.accountId, contactId, limit],
  });
  return rows.map((row) => row.id);
}
