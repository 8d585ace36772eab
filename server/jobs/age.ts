import type { Database } from '../db/pool.ts';
import { readQueueAges } from './queries.ts';

/** Seconds that the oldest due job has waited, where somebody waits for it: what may be slow does not count. */
export async function readOldestSeconds(database: Database): Promise<number> {
  const ages = await database.asJob(readQueueAges);
  return Math.max(0, ...ages.filter(({ lane }) => lane !== 'slow').map(({ seconds }) => seconds));
}
