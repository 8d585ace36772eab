import type { Database } from '../db/pool.ts';

/** Whether there is a demo, and whether there is a desk of somebody's own. */
export async function readDesks(database: Database): Promise<{ has_demo: boolean; has_own: boolean }> {
  const [row] = await database.query<{ has_demo: boolean; has_own: boolean }>({
    name: 'setup_state',
    text: 'select demos > 0 as has_demo, count_accounts() > demos as has_own from (select count(*) as demos from list_demo_accounts()) as d',
  });
  if (!row) throw new Error('the set-up state could not be read');
  return row;
}
