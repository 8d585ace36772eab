import type { Database } from '../db/pool.ts';

export interface SlotsRow {
  taken: number;
  used: number;
  retry_after_ms: string;
  reset_ms: string;
}

/** One round trip and, while nobody else asks for the same keys, some 0.2 ms of the database. */
export function takeSlotsRows(
  database: Database,
  windows: readonly { key: string; limit: number; windowMs: number }[],
  wanted: number,
  isDurable: boolean,
): Promise<SlotsRow[]> {
  return database.query<SlotsRow>({
    name: 'take slots',
    text: 'select taken, used, retry_after_ms, reset_ms from take_slots($1, $2, $3, $4, $5)',
    values: [windows.map(({ key }) => key), windows.map(({ limit }) => limit), windows.map(({ windowMs }) => windowMs), wanted, isDurable],
  });
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
