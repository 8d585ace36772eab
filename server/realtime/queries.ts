import type { PresenceStatus } from '../../contract/socket.ts';
import type { Database, Tx } from '../db/pool.ts';

/** One open connection of a member. */
export interface Connection {
  id: string;
  userId: string;
  status: PresenceStatus;
  viewing: string[];
  /** When it was last heard. */
  seenAt: Date;
}

export interface PresenceRow {
  user_id: string;
  status: PresenceStatus;
  last_seen_at: Date;
}

/** Writes connections as they are now: also after the database lost them, since the table is unlogged. */
export async function writeConnections(tx: Tx, connections: Connection[]): Promise<void> {
  await tx.query({
    name: 'write connections',
    text: `insert into presence (account_id, id, user_id, status, viewing, seen_at)
           select $1, c.id, c."userId", c.status, c.viewing, c."seenAt"
           from jsonb_to_recordset($2::jsonb) as c (id uuid, "userId" uuid, status text, viewing uuid[], "seenAt" timestamptz) order by c.id
           on conflict (account_id, id) do update set status = excluded.status, viewing = excluded.viewing, seen_at = excluded.seen_at`,
    values: [tx.accountId, JSON.stringify(connections)],
  });
}

export async function removeConnections(tx: Tx, ids: string[]): Promise<void> {
  await tx.query({
    name: 'remove connections',
    text: 'delete from presence where account_id = $1 and id = any($2)',
    values: [tx.accountId, ids],
  });
}

/** Members with a connection that was heard within two minutes. Of several tabs the busiest speaks for the member. */
export function listPresence(tx: Tx, userIds: string[] | null): Promise<PresenceRow[]> {
  return tx.query<PresenceRow>({
    name: 'list presence',
    text: `select user_id, (array_agg(status order by array_position(array['busy', 'online', 'away', 'offline'], status)))[1] as status, max(seen_at) as last_seen_at
           from presence where account_id = $1 and ($2::uuid[] is null or user_id = any($2)) and seen_at > now() - interval '2 minutes' group by user_id`,
    values: [tx.accountId, userIds],
  });
}

/** Who looks at these conversations; one that nobody looks at has no row. */
export function listViewers(tx: Tx, conversationIds: string[]): Promise<{ conversation_id: string; user_ids: string[] }[]> {
  return tx.query({
    name: 'list viewers',
    text: `select v.id as conversation_id, array_agg(distinct p.user_id order by p.user_id) as user_ids
           from presence p cross join lateral unnest(p.viewing) as v (id)
           where p.account_id = $1 and p.viewing && $2::uuid[] and v.id = any($2) and p.seen_at > now() - interval '2 minutes' group by v.id`,
    values: [tx.accountId, conversationIds],
  });
}

/** Forgets connections whose process died, and announces it. */
export async function sweepPresence(database: Database): Promise<void> {
  await database.query({ name: 'sweep presence', text: 'select sweep_presence()' });
}
