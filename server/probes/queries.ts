import type { Database } from '../db/pool.ts';

/** Number of the newest migration that ran in this database. */
export async function readSchema(database: Database): Promise<number> {
  const [row] = await database.query<{ schema: number }>({
    name: 'probe_schema',
    text: 'select max(number) as schema from schema_migrations',
  });
  return row?.schema ?? 0;
}
