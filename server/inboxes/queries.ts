import type { Channel } from '../../contract/common.ts';
import type { Tx } from '../db/pool.ts';

export interface InboxRow {
  id: string;
  endpoint_id: string;
  endpoint_key: string;
  channel: Channel;
  name: string;
  settings: Record<string, unknown>;
  secrets_sealed: Buffer | null;
  limits: { perHour?: number };
  status: 'active' | 'paused' | 'error';
  created_at: Date;
}

const columns =
  'i.id, i.endpoint_id, e.key as endpoint_key, i.channel, i.name, i.settings, i.secrets_sealed, i.limits, i.status, i.created_at';

/** A page of the account's inboxes, the oldest first; one more than asked for when there are more. */
export function listInboxRows(
  tx: Tx,
  after: { createdAt: string; id: string } | undefined,
  limit: number,
): Promise<(InboxRow & { position: string })[]> {
  return tx.query({
    name: 'inbox_list',
    text: `select ${columns}, i.created_at::text as position from inboxes i join endpoints e on e.id = i.endpoint_id
           where i.account_id = $1 and ($2::timestamptz is null or (i.created_at, i.id) > ($2, $3::uuid))
           order by i.created_at, i.id limit $4`,
    values: [tx.accountId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
  });
}

export async function findInbox(tx: Tx, id: string, lock: 'locked' | 'unlocked' = 'unlocked'): Promise<InboxRow | undefined> {
  const [row] = await tx.query<InboxRow>({
    name: `inbox_find_${lock}`,
    text: `select ${columns} from inboxes i join endpoints e on e.id = i.endpoint_id
           where i.account_id = $1 and i.id = $2 ${lock === 'locked' ? 'for update of i' : ''}`,
    values: [tx.accountId, id],
  });
  return row;
}

export async function insertEndpoint(tx: Tx, endpoint: { id: string; key: string; channel: Channel }): Promise<void> {
  await tx.query({
    text: 'insert into endpoints (id, key, channel) values ($1, $2, $3)',
    values: [endpoint.id, endpoint.key, endpoint.channel],
  });
}

export interface InboxValues {
  id: string;
  name: string;
  routeKey: string | null;
  settings: Record<string, unknown>;
  secretsSealed: Buffer | null;
}

export async function insertInbox(tx: Tx, inbox: InboxValues & { endpointId: string; channel: Channel }): Promise<void> {
  await tx.query({
    text: `insert into inboxes (account_id, id, endpoint_id, channel, name, route_key, settings, secrets_sealed)
           values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      tx.accountId,
      inbox.id,
      inbox.endpointId,
      inbox.channel,
      inbox.name,
      inbox.routeKey,
      JSON.stringify(inbox.settings),
      inbox.secretsSealed,
    ],
  });
}

export async function updateInbox(tx: Tx, inbox: InboxValues & { limits: object; status: string }): Promise<void> {
  await tx.query({
    text: `update inboxes set name = $3, route_key = $4, settings = $5, secrets_sealed = $6, limits = $7, status = $8, updated_at = now()
           where account_id = $1 and id = $2`,
    values: [
      tx.accountId,
      inbox.id,
      inbox.name,
      inbox.routeKey,
      JSON.stringify(inbox.settings),
      inbox.secretsSealed,
      JSON.stringify(inbox.limits),
      inbox.status,
    ],
  });
}

/** True when something was ever received or written in it: deleting it would delete that too. */
export async function hasHistory(tx: Tx, id: string): Promise<boolean> {
  const [row] = await tx.query<{ used: boolean }>({
    text: `select exists (select from conversations where account_id = $1 and inbox_id = $2)
             or exists (select from ledger where account_id = $1 and inbox_id = $2) as used`,
    values: [tx.accountId, id],
  });
  return row?.used ?? false;
}

export async function deleteInboxRow(tx: Tx, id: string, endpointId: string): Promise<void> {
  await tx.query({ text: 'delete from inboxes where account_id = $1 and id = $2', values: [tx.accountId, id] });
  await tx.query({ text: 'delete from endpoints where id = $1', values: [endpointId] });
}
