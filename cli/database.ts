import { readConfig } from '../server/config.ts';
import { createDatabase, type Database } from '../server/db/pool.ts';
import { openInstallation } from '../server/installation.ts';

/** Runs `work` on this installation's database, whether a server of ours runs it now or not. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const installation = await openInstallation(readConfig(), { embedded: 'join', onProgress: (line) => console.error(line) });
  const database = createDatabase({ appUrl: installation.appUrl, jobUrl: installation.jobUrl, connectionsMax: 2 });
  try {
    return await work(database);
  } finally {
    await database.close();
    await installation.close();
  }
}
