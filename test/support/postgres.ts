import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase, type Database } from '../../server/db/pool.ts';

export interface TestDatabase {
  database: Database;
  ownerUrl: string;
  appUrl: string;
  jobUrl: string;
  /** One statement as the superuser, past row level security: for arranging and asserting. */
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Closes everything and drops the database; fails when somebody else still holds a connection. */
  drop(): Promise<void>;
}

/** A database of its own for a test file: a clone of the migrated template, in some 30 ms. Call `drop` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const cluster = inject('postgres');
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Cloning takes turns: PostgreSQL refuses to copy a template that another clone has open.
  await once(cluster.ownerUrl, async (client) => {
    await client.query('select pg_advisory_lock(1)');
    await client.query(`create database ${name} template guichet`);
    await client.query(`revoke all on database ${name} from public`);
    await client.query(`grant connect on database ${name} to guichet_app, guichet_job`);
  });
  const [ownerUrl, appUrl, jobUrl] = [cluster.ownerUrl, cluster.appUrl, cluster.jobUrl].map((url) =>
    url.replace(/\/guichet$/, `/${name}`),
  ) as [string, string, string];
  const database = createDatabase({ appUrl, jobUrl });
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 3, application_name: 'test owner' });
  owner.on('error', () => {});
  return {
    database,
    ownerUrl,
    appUrl,
    jobUrl,
    async sql<Row>(text: string, values: unknown[] = []) {
      return (await owner.query(text, values)).rows as Row[];
    },
    async drop() {
      await database.close();
      await owner.end();
      await once(cluster.ownerUrl, (client) => dropDatabase(client, name));
    },
  };
}

/** Work on the cluster goes through the maintenance database: the template must have no connection while it is cloned. */
async function once(ownerUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl.replace(/\/guichet$/, '/postgres'), application_name: 'test clone' });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  // A connection that was just closed needs a moment to disappear.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.query(`drop database ${name}`);
      return;
    } catch (error) {
      if (attempt < 20) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      const { rows } = await client.query(
        "select application_name || ': ' || left(query, 80) as what from pg_stat_activity where datname = $1",
        [name],
      );
      await client.query(`drop database ${name} with (force)`);
      throw new Error(`connections were left open: ${rows.map((row: { what: string }) => row.what).join(', ')}`, { cause: error });
    }
  }
}
