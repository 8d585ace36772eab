import { type Actor, createActors } from '../server/audit/actor.ts';
import { type Config, readConfig } from '../server/config.ts';
import { createDatabase, type Database } from '../server/db/pool.ts';
import { openInstallation } from '../server/installation.ts';

/** Runs `work` on this installation's database, whether a server of ours runs it now or not; what it does is the operator's. */
export async function withDatabase<T>(work: (database: Database, operator: Actor, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig();
  const installation = await openInstallation(config, { embedded: 'join', onProgress: (line) => console.error(line) });
  const database = createDatabase({ appUrl: installation.appUrl, jobUrl: installation.jobUrl, connectionsMax: 2 });
  try {
    return await work(database, createActors(config.secretKey).operator, config);
  } finally {
    await database.close();
    await installation.close();
  }
}
