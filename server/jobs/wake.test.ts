import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { newId } from '../db/id.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import { defineJob, enqueue } from './job.ts';
import { createRemoteWake, hearWakes } from './wake.ts';
import { startWorker, type Worker } from './worker.ts';

let db: TestDatabase;
let other: Database;
const account = newId();
const errors: unknown[] = [];
let ranAt = 0;

beforeAll(async () => {
  db = await testDatabase();
  other = createDatabase({ appUrl: db.appUrl, jobUrl: db.jobUrl });
  await db.sql('insert into accounts (id, name) values ($1, $2)', [account, 'Jobs']);
});
afterAll(async () => {
  await other.close();
  await db.drop();
});

function startWith(pollMs: number | undefined): Worker {
  const handlers = [defineJob({ kind: 'test', payload: z.object({}), timeoutMs: 5_000, run: async () => void (ranAt = Date.now()) })];
  return startWorker({ database: db.database, handlers, ...(pollMs ? { pollMs } : {}), onError: (error) => errors.push(error) });
}

/** Adds a job and says how long it waited; `wake` is called after the commit. */
async function waited(wake: () => void): Promise<number> {
  ranAt = 0;
  await other.withAccount(account, (tx) => enqueue(tx, [{ kind: 'test', lane: 'outbound', accountId: account, payload: {} }]));
  const committedAt = Date.now();
  wake();
  for (; ranAt === 0; await sleep(2)) if (Date.now() - committedAt > 10_000) throw new Error('waited in vain');
  return ranAt - committedAt;
}

it('a process without a worker wakes the workers of others, also after the connection that listens was lost', async () => {
  const worker = startWith(60_000);
  const stopHearing = hearWakes(db.database, worker.wake, (error) => errors.push(error));
  const remote = createRemoteWake(other, (error) => errors.push(error));
  await sleep(300);
  expect(await waited(() => remote.wake('outbound'))).toBeLessThan(300);
  expect(errors).toEqual([]);

  await db.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'guichet listen'`);
  await sleep(1_500);
  expect(errors.length).toBeGreaterThan(0);
  expect(await waited(() => remote.wake('outbound'))).toBeLessThan(300);
  await stopHearing();
  await worker.stop();
});

it('a thousand wake-ups of one moment are few notifications', async () => {
  let heard = 0;
  const stop = await db.database.listen(
    'guichet_jobs',
    () => void heard++,
    () => {},
  );
  const remote = createRemoteWake(other, (error) => errors.push(error));
  for (let n = 0; n < 1_000; n += 1) remote.wake(n % 2 === 0 ? 'inbound' : 'outbound');
  await sleep(300);
  await stop();
  expect(heard).toBeGreaterThan(0);
  expect(heard).toBeLessThanOrEqual(2);
});

it('a job that nobody was told of begins within the poll of a second', async () => {
  const worker = startWith(undefined);
  await sleep(100);
  expect(await waited(() => {})).toBeLessThan(1_500);
  await worker.stop();
});
