import type { Database } from '../db/pool.ts';
import type { FileStore } from '../files/store.ts';
import { findKnownKeys } from './queries.ts';

const orphanAgeMs = 24 * 60 * 60_000;
const batchSize = 500;

/** Removes files whose row never committed, or is gone. A day of grace: what is being received now has no row yet. */
export async function sweepFiles(database: Database, files: FileStore, before = new Date(Date.now() - orphanAgeMs)): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const removeOrphans = async () => {
    const known = await findKnownKeys(database, batch);
    const orphans = batch.filter((key) => !known.has(key));
    batch = [];
    for (const key of orphans) await files.remove(key);
    removed += orphans.length;
  };
  for await (const key of files.listOlder(before)) {
    batch.push(key);
    if (batch.length >= batchSize) await removeOrphans();
  }
  if (batch.length > 0) await removeOrphans();
  return removed;
}
