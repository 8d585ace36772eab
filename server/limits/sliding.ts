import type { Database } from '../db/pool.ts';
import { deleteOldWindows, deleteWindow, returnSlot, takeSlotsRows } from './queries.ts';

/** At most `limit` uses within any stretch of `windowMs`. */
export interface SlotWindow {
  key: string;
  limit: number;
  windowMs: number;
}

/** What one window says of the uses of one question. */
export interface WindowUse {
  /** Uses in the window, those that were taken now included. */
  used: number;
  /** For those that were not taken: when to come back; 0 where there is room. */
  retryAfterMs: number;
  /** Until the oldest use is forgotten. */
  resetMs: number;
}

/** Where uses are counted; any number of processes may ask at once. */
export interface Slots {
  /** Takes as many of the wanted uses as every window has room for, in all windows or in none. */
  take(windows: readonly SlotWindow[], wanted: number): Promise<{ taken: number; windows: WindowUse[] }>;
  /** True when it answers. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * Counts in the database: in 61 buckets of a sixtieth of the window, moved along under the row's lock. Libraries such as
 * rate-limiter-flexible count in fixed windows, which lets twice the limit through around the edge between two.
 */
export function createDatabaseSlots(database: Database): Slots {
  return {
    take: (windows, wanted) => takeSlots(database, windows, wanted, 'relaxed'),
    isThere: async () => true,
    close: async () => {},
  };
}

/** One slot that no crash of the machine forgets: for guesses and for what works once. */
export async function takeSlot(
  database: Database,
  key: string,
  limit: number,
  windowMs: number,
): Promise<{ isTaken: boolean; used: number; retryAfterMs: number }> {
  const { taken, windows } = await takeSlots(database, [{ key, limit, windowMs }], 1, 'durable');
  return { isTaken: taken === 1, used: windows[0]?.used ?? 0, retryAfterMs: windows[0]?.retryAfterMs ?? windowMs };
}

async function takeSlots(database: Database, windows: readonly SlotWindow[], wanted: number, commit: 'durable' | 'relaxed') {
  const rows = await takeSlotsRows(database, windows, wanted, commit === 'durable');
  return {
    taken: rows[0]?.taken ?? 0,
    windows: rows.map((row) => ({ used: row.used, retryAfterMs: Number(row.retry_after_ms), resetMs: Number(row.reset_ms) })),
  };
}

/** Gives the last slot back: what it was taken for did not happen. */
export function giveBackSlot(database: Database, key: string): Promise<void> {
  return returnSlot(database, key);
}

/** Starts the window anew. */
export function forgetSlots(database: Database, key: string): Promise<void> {
  return deleteWindow(database, key);
}

/** Forgets limits that nobody has touched for two hours; returns how many. */
export function sweepLimits(database: Database): Promise<number> {
  return deleteOldWindows(database);
}
