import type { Database } from '../db/pool.ts';

export interface SlotRow {
  taken: boolean;
  used: number;
  retry_after_ms: string;
}

export async function takeSlotRow(database: Database, key: string, limit: number, windowMs: number): Promise<SlotRow> {
  const [row] = await database.query<SlotRow>({
    name: 'take slot',
    text: 'select taken, used, retry_after_ms from take_slot($1, $2, $3)',
    values: [key, limit, windowMs],
  });
  if (!row) throw new Error('take_slot returned nothing');
  return row;
}

export async function deleteOldWindows(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>({
    text: "with gone as (delete from limit_windows where touched_at < now() - interval '2 hours' returning 1) select count(*) as count from gone",
  });
  return Number(row?.count ?? 0);
}

export async function deleteWindow(database: Database, key: string): Promise<void> {
  await database.query({ name: 'forget slots', text: 'delete from limit_windows where key = $1', values: [key] });
}

export async function returnSlot(database: Database, key: string): Promise<void> {
  await database.query({
    name: 'return slot',
    text: 'update limit_windows set counts[61] = greatest(counts[61] - 1, 0) where key = $1',
    values: [key],
  });
}
