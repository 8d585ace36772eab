import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../server/db/migrate.ts';
import { startEmbedded } from '../../server/db/embedded/supervisor.ts';
import { openRoles } from '../../server/db/roles.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: TestCluster;
  }
}

/** The one PostgreSQL of a test run: logins to its template database, which is migrated once. */
export interface TestCluster {
  dataDir: string;
  ownerUrl: string;
  appUrl: string;
  jobUrl: string;
}

/** Starts the PostgreSQL of this test run and stops it afterwards; leftover connections fail the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-test-'));
  // Only here may fsync be off: nothing of this run outlives it.
  const embedded = await startEmbedded({
    dataDir,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  });
  await migrate(embedded.ownerUrl);
  const roles = await openRoles({ ownerUrl: embedded.ownerUrl, dataDir });
  project.provide('postgres', { dataDir, ownerUrl: embedded.ownerUrl, ...roles });
  return async () => {
    const left = await listConnections(embedded.ownerUrl);
    await embedded.stop();
    rmSync(dataDir, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`connections were left open: ${left.join(', ')}`);
  };
}

async function listConnections(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "select format('%s in %s: %s', application_name, datname, left(query, 80)) as name from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  await client.end();
  return rows.map((row) => row.name);
}
