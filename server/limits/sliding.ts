import type { Database } from '../db/pool.ts';
import { deleteOldWindows, deleteWindow, returnSlot, takeSlotsRows } from './queries.ts';

/** At most `limit` uses within any stretch of `windowMs`. */
export interface SlotWindow {
  key: string;
  limit: number;
  windowMs: number;
}

/** What one window says of a use. */
export interface Slot {
  isTaken: boolean;
  /** Uses in the window, this one included when it was taken. */
  used: number;
  /** When to come back; 0 where there is room. */
  retryAfterMs: number;
  /** Until the oldest use is forgotten. */
  resetMs: number;
}

/** Where uses are counted. Takes a slot in every window or in none; any number of processes may ask at once. */
export interface Slots {
  take(windows: readonly SlotWindow[]): Promise<Slot[]>;
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
    take: (windows) => takeSlots(database, windows, 'relaxed'),
    isThere: async () => true,
    close: async () => {},
  };
}

/** One slot that no crash of the machine forgets: for guesses and for what works once. */
export async function takeSlot(database: Database, key: string, limit: number, windowMs: number): Promise<Slot> {
  const [slot] = await takeSlots(database, [{ key, limit, windowMs }], 'durable');
  if (!slot) throw new Error('take_slots returned nothing');
  return slot;
}

async function takeSlots(database: Database, windows: readonly SlotWindow[], commit: 'durable' | 'relaxed'): Promise<Slot[]> {
  const rows = await takeSlotsRows(database, windows, commit === 'durable');
  const isTaken = rows.every((row) => Number(row.retry_after_ms) === 0);
  return rows.map((row) => ({ isTaken, used: row.used, retryAfterMs: Number(row.retry_after_ms), resetMs: Number(row.reset_ms) }));
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
