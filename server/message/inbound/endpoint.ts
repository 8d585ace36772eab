import type { ChannelInbox } from '../../channels/channel.ts';
import type { Database } from '../../db/pool.ts';
import { type EndpointRow, findEndpointRows, findInboxRows } from './queries.ts';

export interface InboundInbox extends ChannelInbox {
  limits: { perHour?: number };
}

export interface Endpoints {
  /** The inboxes registered on a public endpoint; empty when there is no such endpoint. */
  byKey(key: string): Promise<InboundInbox[]>;
  /** The inboxes of an account as they are now. */
  byAccount(accountId: string): Promise<InboundInbox[]>;
}

/** Unseals what an inbox keeps secret. */
export type OpenSecrets = (sealed: Buffer, accountId: string) => Promise<Record<string, string>>;

const freshMs = 1_000;
const entriesMax = 10_000;
const keyPattern = /^[\w-]{16,100}$/;

/** Look-ups of hooks are kept for a second: at a thousand webhooks a second the database is asked once. */
export function createEndpoints(database: Database, openSecrets: OpenSecrets): Endpoints {
  const known = new Map<string, { at: number; inboxes: Promise<InboundInbox[]> }>();

  function remember(key: string): Promise<InboundInbox[]> {
    const now = Date.now();
    const entry = known.get(key);
    if (entry && now - entry.at < freshMs) return entry.inboxes;
    if (known.size >= entriesMax) known.clear();
    const inboxes = findEndpointRows(database, key).then((rows) => Promise.all(rows.map((row) => toInbox(row, openSecrets))));
    inboxes.catch(() => known.delete(key));
    known.set(key, { at: now, inboxes });
    return inboxes;
  }

  return {
    // What cannot be a key is answered like one that does not exist.
    byKey: async (key) => (keyPattern.test(key) ? remember(key) : []),
    byAccount: async (accountId) => Promise.all((await findInboxRows(database, accountId)).map((row) => toInbox(row, openSecrets))),
  };
}

async function toInbox(row: EndpointRow, openSecrets: OpenSecrets): Promise<InboundInbox> {
  return {
    accountId: row.account_id,
    id: row.inbox_id,
    channel: row.channel,
    name: row.name,
    routeKey: row.route_key,
    settings: row.settings,
    secrets: row.secrets_sealed ? await openSecrets(row.secrets_sealed, row.account_id) : {},
    limits: row.limits,
  };
}
