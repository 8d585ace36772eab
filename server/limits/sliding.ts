import type { Database } from '../db/pool.ts';
import { deleteOldWindows, deleteWindow, returnSlot, takeSlotRow } from './queries.ts';

export interface Slot {
  isTaken: boolean;
  /** Uses in the window, this one included. */
  used: number;
  /** When to come back; 0 when the slot was taken. */
  retryAfterMs: number;
}

/** Takes one of `limit` slots of a moving window. Holds over processes and restarts: the database counts. */
export async function takeSlot(database: Database, key: string, limit: number, windowMs: number): Promise<Slot> {
  const row = await takeSlotRow(database, key, limit, windowMs);
  return { isTaken: row.taken, used: row.used, retryAfterMs: Number(row.retry_after_ms) };
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
