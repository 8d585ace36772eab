import type { Database, Tx } from '../db/pool.ts';
import type { DataKey } from './data-keys.ts';
import { type ColumnName, listAccountsPage, lockOldRows, type SealedRow, updateRows } from './rotation-queries.ts';
import { sealedHead, sealUnder, type Sealer } from './seal.ts';

/** A column whose values are sealed anew, and what is bound into each. */
export interface ResealedColumn extends ColumnName {
  purposeOf(rowId: string): string;
}

export interface Resealing {
  database: Database;
  /** Opens what was sealed before. */
  sealer: Sealer;
  key: DataKey;
  columns: readonly ResealedColumn[];
}

export interface Resealed {
  resealed: number;
  /** Values that do not open: `table.column id`. They stay as they are. */
  unreadable: string[];
}

const batchRows = 100;
const accountsAtOnce = 200;
const firstId = '00000000-0000-0000-0000-000000000000';

/**
 * Goes once over every sealed column and seals under the key what is under another. Each batch is a transaction, and which
 * rows are left is in the rows themselves: whatever ends this, the next run goes on where it stopped.
 */
export async function resealAll({ columns, ...rest }: Resealing, onBatch: (count: number) => void = () => {}): Promise<Resealed> {
  const found: Resealed = { resealed: 0, unreadable: [] };
  const add = (batch: Resealed) => {
    found.resealed += batch.resealed;
    found.unreadable.push(...batch.unreadable);
    onBatch(batch.resealed);
  };
  for (const column of columns.filter(({ isTenant }) => !isTenant)) {
    await resealColumn(rest, column, (work) => rest.database.withoutAccount(work), add);
  }
  for await (const accountId of listAccounts(rest.database)) {
    for (const column of columns.filter(({ isTenant }) => isTenant)) {
      await resealColumn(rest, column, (work) => rest.database.withAccount(accountId, work), add);
    }
  }
  return found;
}

/** Every account, read page by page. */
export async function* listAccounts(database: Database): AsyncGenerator<string> {
  for (let before: string | null = null; ; ) {
    const ids: string[] = await listAccountsPage(database, before, accountsAtOnce);
    yield* ids;
    const last = ids.at(-1);
    if (last === undefined) return;
    before = last;
  }
}

type Transact = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

async function resealColumn(
  options: Omit<Resealing, 'columns'>,
  column: ResealedColumn,
  transact: Transact,
  add: (batch: Resealed) => void,
): Promise<void> {
  for (let after: string | undefined = firstId; after !== undefined; ) {
    const batch: Resealed & { last: string | undefined } = await transact((tx) => resealBatch(tx, options, column, String(after)));
    add(batch);
    after = batch.last;
  }
}

async function resealBatch(tx: Tx, { sealer, key }: Omit<Resealing, 'columns'>, column: ResealedColumn, after: string) {
  const rows = await lockOldRows(tx, column, sealedHead(key.id), after, batchRows);
  const fresh: SealedRow[] = [];
  const unreadable: string[] = [];
  for (const { id, sealed } of rows) {
    const purpose = column.purposeOf(id);
    const plain = await sealer.unseal(sealed, purpose, tx.accountId).catch(() => undefined);
    if (plain) fresh.push({ id, sealed: sealUnder(key, plain, purpose, tx.accountId) });
    else unreadable.push(`${column.table}.${column.column} ${id}`);
  }
  if (fresh.length > 0) await updateRows(tx, column, fresh);
  return { resealed: fresh.length, unreadable, last: rows.at(-1)?.id };
}
