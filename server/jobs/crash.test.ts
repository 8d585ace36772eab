import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { startEmbedded } from '../db/embedded/supervisor.ts';
import { newId } from '../db/id.ts';
import { migrate } from '../db/migrate.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import { openRoles } from '../db/roles.ts';
import { defineJob, enqueue } from './job.ts';
import { startWorker } from './worker.ts';

let db: TestDatabase;
const account = newId();
const children = new Set<ChildProcess>();
const leaseMs = 1_000;

beforeAll(async () => {
  db = await testDatabase();
  await db.sql('insert into accounts (id, name) values ($1, $2)', [account, 'Jobs']);
  await db.sql(
    'create table effects (n integer primary key, attempt integer not null, begun integer not null, done integer not null default 0)',
  );
  await db.sql('grant select, insert, update on effects to guichet_app');
});
afterAll(async () => {
  await Promise.all([...children].map((child) => kill(child)));
  await db.drop();
});

async function startChild(): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('../../test/support/job-worker.ts', import.meta.url));
  const child = fork(script, [db.appUrl, db.jobUrl, String(leaseMs)], { execArgv: ['--import', 'tsx'] });
  children.add(child);
  await once(child, 'message');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  children.delete(child);
  child.kill('SIGKILL');
  await ended;
}

async function add(database: Database, kind: string, payloads: Record<string, unknown>[]): Promise<void> {
  await database.withAccount(account, (tx) =>
    enqueue(
      tx,
      payloads.map((payload) => ({ kind, lane: 'default' as const, accountId: account, payload })),
    ),
  );
}

async function until(check: () => boolean | Promise<boolean>, ms: number): Promise<number> {
  const started = Date.now();
  for (; !(await check()); await sleep(10)) if (Date.now() - started > ms) throw new Error('waited in vain');
  return Date.now() - started;
}

it('a job of a killed process runs elsewhere within its lease and two seconds', async () => {
  await add(db.database, 'effect', [{ n: -1, takesMs: 600_000 }]);
  const child = await startChild();
  await until(async () => (await db.sql('select from effects where n = -1')).length === 1, 5_000);
  let ranWith = 0;
  const run = async ({ attempt }: { attempt: number }) => void (ranWith = attempt);
  const worker = startWorker({
    database: db.database,
    handlers: [defineJob({ kind: 'effect', payload: z.object({ n: z.number() }), timeoutMs: 1_000, run })],
    onError: () => {},
  });
  await sleep(1_500);
  expect(ranWith, 'the heartbeat of a living process keeps its job').toBe(0);
  await kill(child);
  expect(await until(() => ranWith > 0, 10_000)).toBeLessThan(leaseMs + 2_000);
  expect(ranWith).toBe(2);
  await worker.stop();
}, 30_000);

it('over six kills in the middle of jobs nothing is lost and no effect happens twice', async () => {
  const count = 400;
  await add(
    db.database,
    'effect',
    Array.from({ length: count }, (_, n) => ({ n, takesMs: n % 40 })),
  );
  const left = async () => Number((await db.sql('select count(*) from jobs'))[0]?.count);
  await Promise.all([startChild(), startChild()]);
  for (let kills = 0; kills < 6; kills += 1) {
    await sleep(50 + Math.random() * 150);
    const [oldest] = children;
    if (oldest) await kill(oldest);
    await startChild();
  }
  await until(async () => (await left()) === 0, 20_000);
  const [outcome] = await db.sql(
    'select count(*)::int as jobs, count(*) filter (where done = 1)::int as done, max(done) as most, max(begun) > 1 as again from effects where n >= 0',
  );
  expect(outcome).toEqual({ jobs: count, done: count, most: 1, again: true });
  await Promise.all([...children].map((child) => kill(child)));
}, 60_000);

it('a process that was frozen past its lease changes nothing when it goes on', async () => {
  await add(db.database, 'effect', [{ n: 1_000, takesMs: 700 }]);
  const frozen = await startChild();
  await until(async () => (await db.sql('select from effects where n = 1000')).length === 1, 5_000);
  frozen.kill('SIGSTOP');
  const other = await startChild();
  await until(async () => (await db.sql('select from effects where n = 1000 and done = 1')).length === 1, 8_000);
  frozen.kill('SIGCONT');
  await sleep(1_000);
  expect(await db.sql('select attempt, begun, done from effects where n = 1000')).toEqual([{ attempt: 2, begun: 2, done: 1 }]);
  expect(await db.sql('select id from jobs')).toEqual([]);
  await Promise.all([kill(frozen), kill(other)]);
}, 30_000);

it('a worker whose PostgreSQL was killed goes on within two seconds of its return, and does not spin meanwhile', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-jobs-'));
  const embedded = await startEmbedded({ dataDir });
  await migrate(embedded.ownerUrl);
  const database = createDatabase(await openRoles({ ownerUrl: embedded.ownerUrl, dataDir }));
  let errors = 0;
  const ran: number[] = [];
  const run = async ({ payload: { n } }: { payload: { n: number } }) => void ran.push(n);
  const handlers = [defineJob({ kind: 'test', payload: z.object({ n: z.number() }), timeoutMs: 5_000, run })];
  const worker = startWorker({ database, handlers, onError: () => void errors++ });
  await database.withAccount(account, (tx) =>
    tx.query({ text: 'insert into accounts (id, name) values ($1, $2)', values: [account, 'Jobs'] }),
  );
  await add(database, 'test', [{ n: 1 }]);
  await until(() => ran.length === 1, 5_000);

  const before = embedded.pid;
  process.kill(before, 'SIGKILL');
  const isBack = () =>
    database.query({ text: 'select 1' }).then(
      () => embedded.pid !== before,
      () => false,
    );
  const awayMs = await until(isBack, 20_000);
  await add(database, 'test', [{ n: 2 }]);
  expect(await until(() => ran.includes(2), 10_000)).toBeLessThan(2_000);
  expect(errors).toBeLessThan(20 + awayMs / 50);

  await worker.stop();
  await database.close();
  await embedded.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);
