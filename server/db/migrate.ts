import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { OperatorError } from '../operator-error.ts';
import { packageRoot } from '../package.ts';

export interface MigrationResult {
  /** Names of the migrations that ran now. */
  applied: string[];
  /** Number of the newest migration in the database. */
  schema: number;
}

/** Any two processes that migrate one database at once take turns under this key. */
const lockKey = 7_046_201;
const migrationsDir = join(packageRoot, 'server', 'db', 'migrations');

/** Brings the schema up to date with an owner's login; safe to call from several processes at once. */
export async function migrate(ownerUrl: string, onProgress: (line: string) => void = () => {}): Promise<MigrationResult> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'guichet migrate' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query("set client_min_messages = 'warning'");
    const ran = await prepare(client);
    const known = listMigrations();
    refuseNewer(ran, known);
    // By number and not by the newest: branches may land in another order than they were numbered.
    const due = known.filter((migration) => !ran.has(migration.number));
    for (const migration of due) {
      onProgress(`Migrating the database: ${migration.name}`);
      await apply(client, migration);
    }
    // The server compares this number with the one it knows.
    await client.query('grant select on schema_migrations to guichet_app');
    return { applied: due.map((migration) => migration.name), schema: known.at(-1)?.number ?? 0 };
  } finally {
    await client.end();
  }
}

/** The newest schema this program knows. */
export function knownSchema(): number {
  return listMigrations().at(-1)?.number ?? 0;
}

interface Migration {
  number: number;
  name: string;
  path: string;
}

function listMigrations(): Migration[] {
  const found = readdirSync(migrationsDir)
    .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
    .sort()
    .map((name) => ({ number: Number(name.slice(0, 4)), name: name.replace(/\.sql$/, ''), path: join(migrationsDir, name) }));
  const repeated = found.find((migration, index) => found[index + 1]?.number === migration.number);
  if (repeated) throw new Error(`two migrations have the number ${repeated.number}`);
  return found;
}

async function prepare(client: pg.Client): Promise<Set<number>> {
  await client.query(`create table if not exists schema_migrations (
    number integer primary key, name text not null, applied_at timestamptz not null default now())`);
  await client.query(`comment on table schema_migrations is 'Migrations that ran in this database; not a tenant table.'`);
  const { rows } = await client.query<{ number: number }>('select number from schema_migrations');
  return new Set(rows.map((row) => row.number));
}

function refuseNewer(ran: Set<number>, known: Migration[]): void {
  const newest = known.at(-1)?.number ?? 0;
  const found = Math.max(0, ...ran);
  if (found > newest) {
    throw new OperatorError(`The database has schema ${found}, but this version of Guichet knows up to ${newest}: start a newer version.`);
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    // Rather fail and be started again than hold up everyone behind a lock that does not come.
    await client.query("set local lock_timeout = '10s'");
    await client.query(readFileSync(migration.path, 'utf8'));
    await client.query('insert into schema_migrations (number, name) values ($1, $2)', [migration.number, migration.name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
  }
}
