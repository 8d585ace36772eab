import type { Database, Tx } from '../db/pool.ts';
import type { WrappedKey } from './masters.ts';

export interface RotatingKey extends WrappedKey {
  isRotating: boolean;
}

const columns = 'id, kind, wrapped, master, (rotation_started_at is not null and rotation_finished_at is null) as "isRotating"';

/** The present key, locked until the transaction ends: two rotations at once become one. */
export async function lockCurrentKey(tx: Tx): Promise<RotatingKey | undefined> {
  await tx.query({ text: "select pg_advisory_xact_lock(hashtext('data_keys'))" });
  const [row] = await tx.query<RotatingKey>({
    text: `select ${columns} from data_keys where kind = 'secrets' and retired_at is null for update`,
  });
  return row;
}

export async function retireCurrentKey(tx: Tx): Promise<void> {
  await tx.query({ text: "update data_keys set retired_at = now() where kind = 'secrets' and retired_at is null" });
}

export async function insertRotatingKey(tx: Tx, key: WrappedKey): Promise<void> {
  await tx.query({
    text: 'insert into data_keys (id, kind, wrapped, master, rotation_started_at) values ($1, $2, $3, $4, now())',
    values: [key.id, key.kind, key.wrapped, key.master],
  });
}

export async function finishRotation(tx: Tx, id: string): Promise<void> {
  await tx.query({ text: 'update data_keys set rotation_finished_at = now() where id = $1', values: [id] });
}

/** Every key, locked until the transaction ends. */
export async function lockKeys(tx: Tx): Promise<WrappedKey[]> {
  await tx.query({ text: "select pg_advisory_xact_lock(hashtext('data_keys'))" });
  return tx.query<WrappedKey>({ text: 'select id, kind, wrapped, master from data_keys order by id for update' });
}

export async function updateWrap(tx: Tx, key: WrappedKey): Promise<void> {
  await tx.query({ text: 'update data_keys set wrapped = $2, master = $3 where id = $1', values: [key.id, key.wrapped, key.master] });
}

/** Keeps a key with which marks are checked only; false when it is kept already. */
export async function insertRetiredKey(tx: Tx, key: WrappedKey): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into data_keys (id, kind, wrapped, master, retired_at) values ($1, $2, $3, $4, now())
           on conflict (id) do nothing returning id`,
    values: [key.id, key.kind, key.wrapped, key.master],
  });
  return rows.length > 0;
}

export interface SealedRow {
  id: string;
  sealed: Buffer;
}

/** A column of `sealed-columns.ts`: its names come from our code. */
export interface ColumnName {
  table: string;
  column: string;
  isTenant: boolean;
}

/** Rows whose value does not begin like those of the present key, locked until the transaction ends; in the order of their ids. */
export function lockOldRows(
  tx: Tx,
  { table, column, isTenant }: ColumnName,
  head: Buffer,
  after: string,
  limit: number,
): Promise<SealedRow[]> {
  return tx.query<SealedRow>({
    text: `select id, ${column} as sealed from ${table}
           where ${isTenant ? 'account_id = $4 and ' : ''}${column} is not null and id > $2 and substring(${column} from 1 for length($1::bytea)) <> $1::bytea
           order by id limit $3 for update`,
    values: [head, after, limit, ...(isTenant ? [tx.accountId] : [])],
  });
}

export async function updateRows(tx: Tx, { table, column, isTenant }: ColumnName, rows: SealedRow[]): Promise<void> {
  await tx.query({
    text: `update ${table} t set ${column} = n.sealed from unnest($1::uuid[], $2::bytea[]) as n (id, sealed)
           where t.id = n.id${isTenant ? ' and t.account_id = $3' : ''}`,
    values: [rows.map(({ id }) => id), rows.map(({ sealed }) => sealed), ...(isTenant ? [tx.accountId] : [])],
  });
}

/** Ids of accounts, the newest first, from before `before`. */
export async function listAccountsPage(database: Pick<Database, 'query'>, before: string | null, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    text: 'select id from list_account_ids(null, null, $1, $2)',
    values: [before, limit],
  });
  return rows.map((row) => row.id);
}

/** Ends every session: their tokens were made with a master key that does not count any more. */
export async function revokeEverySession(tx: Tx): Promise<number> {
  const rows = await tx.query({
    text: 'update sessions set revoked_at = now(), successor_sealed = null where revoked_at is null returning id',
  });
  return rows.length;
}
