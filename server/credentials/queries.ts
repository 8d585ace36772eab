import type { Database, Sql } from '../db/pool.ts';
import type { WrappedKey } from './masters.ts';

/** Asked by itself, never by way of a transaction: whoever waits for a key may hold the last connection of the others. */
type Ask = <Row>(sql: Sql) => Promise<Row[]>;
const askOf =
  (database: Pick<Database, 'batch'>): Ask =>
  (sql) =>
    database.batch(sql);

/** The key under which secrets are sealed now; undefined before the first. */
export async function findCurrentKey(database: Pick<Database, 'batch'>): Promise<WrappedKey | undefined> {
  const [row] = await askOf(database)<WrappedKey>({
    name: 'key_current',
    text: "select id, kind, wrapped, master from data_keys where kind = 'secrets' and retired_at is null",
  });
  return row;
}

export async function findKey(database: Pick<Database, 'batch'>, id: string): Promise<WrappedKey | undefined> {
  const [row] = await askOf(database)<WrappedKey>({
    name: 'key_find',
    text: "select id, kind, wrapped, master from data_keys where kind = 'secrets' and id = $1",
    values: [id],
  });
  return row;
}

/** Keeps the first key; of several at once one stays. */
export async function insertFirstKey(database: Pick<Database, 'batch'>, key: WrappedKey): Promise<void> {
  await askOf(database)({
    text: 'insert into data_keys (id, kind, wrapped, master) values ($1, $2, $3, $4) on conflict do nothing',
    values: [key.id, key.kind, key.wrapped, key.master],
  });
}

/** Keys that marked the audit chain under earlier master keys, the newest first. */
export function listAuditKeys(database: Pick<Database, 'query'>): Promise<WrappedKey[]> {
  return database.query<WrappedKey>({
    text: "select id, kind, wrapped, master from data_keys where kind = 'audit' order by created_at desc, id desc",
  });
}
