import type { z } from 'zod';
import type { conversationQuery } from '../../contract/conversation.ts';
import type { Tx } from '../db/pool.ts';
import type { ConversationRow } from './present.ts';
import { conversationColumns, conversationJoins, unreadJoin } from './queries.ts';

export type ConversationFilter = Omit<z.output<typeof conversationQuery>, 'limit' | 'cursor'>;
/** The last row of a page; the time as PostgreSQL writes it, since a Date would lose its microseconds. */
export interface ListPosition {
  at: string;
  id: string;
}
export type ListRow = ConversationRow & { unread_count: number; position: string };

/** A page of the list: the ids by one index walk, then what is shown of each. */
export function listConversations(
  tx: Tx,
  userId: string | null,
  filter: ConversationFilter,
  limit: number,
  after?: ListPosition,
): Promise<ListRow[]> {
  const values: unknown[] = [tx.accountId, userId];
  const use = (value: unknown) => `$${values.push(value)}`;
  const where = conditions(filter, use);
  if (after) where.push(`(c.last_activity_at, c.id) < (${use(after.at)}::timestamptz, ${use(after.id)}::uuid)`);
  return tx.query<ListRow>({
    text: `with page as materialized (
             select c.id from conversations c
             ${filter.unread === undefined ? '' : 'left join participants p on p.account_id = c.account_id and p.conversation_id = c.id and p.user_id = $2'}
             where ${['c.account_id = $1', ...where].join(' and ')}
             order by c.last_activity_at desc, c.id desc limit ${use(limit)})
           select ${conversationColumns}, unread.unread_count, c.last_activity_at::text as position
           from page join conversations c on c.account_id = $1 and c.id = page.id ${conversationJoins} ${unreadJoin('$2')}
           order by c.last_activity_at desc, c.id desc`,
    values,
  });
}

const views = {
  all: "c.status <> 'closed'",
  mine: "c.status <> 'closed' and c.assignee_id = $2",
  unassigned: "c.status <> 'closed' and c.assignee_id is null",
  closed: "c.status = 'closed'",
};

function conditions(filter: ConversationFilter, use: (value: unknown) => string): string[] {
  const where: string[] = [];
  if (filter.view) where.push(views[filter.view]);
  if (filter.status) where.push(`c.status = ${use(filter.status)}`);
  if (filter.inboxId) where.push(`c.inbox_id = ${use(filter.inboxId)}`);
  if (filter.assigneeId) where.push(`c.assignee_id = ${use(filter.assigneeId)}`);
  if (filter.teamId) where.push(`c.team_id = ${use(filter.teamId)}`);
  if (filter.contactId) where.push(`c.contact_id = ${use(filter.contactId)}`);
  if (filter.unread !== undefined) where.push(`c.last_inbound_seq ${filter.unread ? '>' : '<='} coalesce(p.read_seq, 0)`);
  if (filter.q) {
    const pattern = use(`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`);
    where.push(`c.contact_id in (
      select id from contacts where account_id = $1 and name ilike ${pattern}
      union all select contact_id from identities where account_id = $1 and value ilike ${pattern})`);
  }
  return where;
}

export interface CountRow {
  inbox_id: string;
  assignee_id: string | null;
  team_id: string | null;
  is_closed: boolean;
  is_unread: boolean;
  count: number;
}

/** Every conversation once, grouped so that all counts are sums of these rows. */
export function countConversations(tx: Tx, userId: string | null): Promise<CountRow[]> {
  return tx.query<CountRow>({
    name: 'count conversations',
    text: `select c.inbox_id, c.assignee_id, c.team_id, c.status = 'closed' as is_closed, c.last_inbound_seq > coalesce(p.read_seq, 0) as is_unread, count(*)::int as count
           from conversations c left join participants p on p.account_id = c.account_id and p.conversation_id = c.id and p.user_id = $2
           where c.account_id = $1 group by 1, 2, 3, 4, 5`,
    values: [tx.accountId, userId],
  });
}
