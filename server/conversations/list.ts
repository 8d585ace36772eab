import type { Conversation, ConversationCounts } from '../../contract/conversation.ts';
import type { Database } from '../db/pool.ts';
import type { Actor } from './actions.ts';
import { type ConversationFilter, type CountRow, countConversations, type ListPosition, listConversations } from './list-queries.ts';
import { presentConversation } from './present.ts';

/** A page of the list, newest activity first; `next` is where the following page begins. */
export async function readList(
  database: Database,
  actor: Actor,
  filter: ConversationFilter,
  limit: number,
  after?: ListPosition,
): Promise<{ items: Conversation[]; next: ListPosition | null }> {
  const rows = await database.withAccount(actor.accountId, (tx) => listConversations(tx, actor.userId, filter, limit + 1, after));
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map(presentConversation), next: rows.length > limit && last ? { at: last.position, id: last.id } : null };
}

/** How many conversations each view, inbox and member has. */
export async function readCounts(database: Database, actor: Actor): Promise<ConversationCounts> {
  const rows = await database.withAccount(actor.accountId, (tx) => countConversations(tx, actor.userId));
  const open = rows.filter((row) => !row.is_closed);
  const mine = open.filter((row) => row.assignee_id !== null && row.assignee_id === actor.userId);
  const unassigned = open.filter((row) => row.assignee_id === null);
  return {
    views: { all: sum(open), mine: sum(mine), unassigned: sum(unassigned), closed: sum(rows) - sum(open) },
    unread: { all: sumUnread(open), mine: sumUnread(mine), unassigned: sumUnread(unassigned) },
    inboxes: byKey(
      rows,
      (row) => row.inbox_id,
      (own) => ({ open: sum(own.filter((row) => !row.is_closed)), unread: sumUnread(own.filter((row) => !row.is_closed)) }),
    ),
    members: byKey(
      open,
      (row) => row.assignee_id,
      (own) => ({ open: sum(own) }),
    ),
    teams: byKey(
      open,
      (row) => row.team_id,
      (own) => ({ open: sum(own) }),
    ),
  };
}

const sum = (rows: CountRow[]) => rows.reduce((total, row) => total + row.count, 0);
const sumUnread = (rows: CountRow[]) => sum(rows.filter((row) => row.is_unread));

function byKey<Value>(
  rows: CountRow[],
  keyOf: (row: CountRow) => string | null,
  valueOf: (rows: CountRow[]) => Value,
): Record<string, Value> {
  const groups = new Map<string, CountRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return Object.fromEntries([...groups].map(([key, own]) => [key, valueOf(own)]));
}
