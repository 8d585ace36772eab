import type { Channel } from '../../../contract/common.ts';
import type { Database } from '../../db/pool.ts';

export interface EndpointRow {
  account_id: string;
  inbox_id: string;
  channel: Channel;
  name: string;
  route_key: string | null;
  settings: Record<string, unknown>;
  secrets_sealed: Buffer | null;
  limits: { perHour?: number };
}

export interface StoredRow {
  n: number;
  outcome: 'stored' | 'duplicate';
  account_id: string;
  /** Null for a duplicate. */
  conversation_id: string | null;
  message_id: string;
  checksum: string;
}

export function findEndpointRows(database: Database, key: string): Promise<EndpointRow[]> {
  return database.query<EndpointRow>({
    name: 'find endpoint',
    text: 'select account_id, inbox_id, channel, name, route_key, settings, secrets_sealed, limits from find_endpoint($1)',
    values: [key],
  });
}

export function findInboxRows(database: Database, accountId: string): Promise<EndpointRow[]> {
  return database.withAccount(accountId, (tx) =>
    tx.query<EndpointRow>({
      text: `select account_id, id as inbox_id, channel, name, route_key, settings, secrets_sealed, limits
             from inboxes where account_id = $1 order by created_at, id`,
      values: [accountId],
    }),
  );
}

/** One transaction for the whole batch; see the function in the migration for what it does in which order. */
export function receiveMessages(database: Database, batch: string, raws: Buffer): Promise<StoredRow[]> {
  return database.batch<StoredRow>({
    name: 'receive messages',
    text: 'select n, outcome, account_id, conversation_id, message_id, checksum from receive_messages($1::jsonb, $2::bytea)',
    values: [batch, raws],
  });
}

export function receiveStatuses(database: Database, batch: string, raws: Buffer): Promise<{ n: number }[]> {
  return database.batch({ name: 'receive statuses', text: 'select n from receive_statuses($1::jsonb, $2::bytea)', values: [batch, raws] });
}

export async function keepUnstored(database: Database, batch: string, raws: Buffer): Promise<void> {
  await database.query({ name: 'keep unstored', text: 'select keep_unstored($1::jsonb, $2::bytea)', values: [batch, raws] });
}
