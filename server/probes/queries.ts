import type { Database } from '../db/pool.ts';

/** Number of the newest migration that ran in this database. */
export async function readSchema(database: Database): Promise<number> {
  const [row] = await database.query<{ schema: number }>({
    name: 'probe_schema',
    text: 'select max(number) as schema from schema_migrations',
  });
  return row?.schema ?? 0;
}

/** Inbound messages of the last hour that were acknowledged and are in no conversation: must be 0. */
export async function countAcceptedNotShown(database: Database): Promise<number> {
  const [row] = await database.query<{ count: string }>({
    name: 'probe_not_shown',
    text: "select count_accepted_not_shown(now() - interval '1 hour') as count",
  });
  return Number(row?.count ?? 0);
}
