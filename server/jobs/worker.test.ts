import { Cron } from 'croner';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { newId } from '../db/id.ts';
import { defineJob, enqueue, type Job, type JobInput, RunAgain } from './job.ts';
import { claimJobs, deleteJobs, readQueueAges, redriveJobs } from './queries.ts';
import { startSchedules, tickAt } from './schedule.ts';
import { startWorker, type Worker, type WorkerOptions } from './worker.ts';

let db: TestDatabase;
let account: string;
const workers: Worker[] = [];
const errors: unknown[] = [];

beforeAll(async () => {
  db = await testDatabase();
  account = await makeAccount();
});
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(2_000)));
  await db.sql('delete from jobs');
  errors.length = 0;
});
afterAll(() => db.drop());

async function makeAccount(): Promise<string> {
  const id = newId();
  await db.sql('insert into accounts (id, name) values ($1, $2)', [id, 'Jobs']);
  return id;
}

const payload = z.object({ n: z.number() });
type Payload = z.infer<typeof payload>;

function work(run: (job: Job<Payload>) => Promise<void>, options: Partial<WorkerOptions> = {}): Worker {
  const handlers = [defineJob({ kind: 'test', payload, timeoutMs: 10_000, run })];
  const worker = startWorker({ database: db.database, handlers, pollMs: 200, onError: (error) => errors.push(error), ...options });
  workers.push(worker);
  return worker;
}

const add = (count: number, more: Partial<JobInput> = {}, to = account) =>
  db.database.withAccount(to, (tx) =>
    enqueue(
      tx,
      Array.from({ length: count }, (_, n) => ({ kind: 'test', lane: 'default' as const, accountId: to, payload: { n }, ...more })),
    ),
  );
const left = async () => Number((await db.sql('select count(*) from jobs where dead_at is null'))[0]?.count);
async function until(check: () => boolean | Promise<boolean>, ms = 8_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await check()); await sleep(10)) if (Date.now() > deadline) throw new Error('waited in vain');
}

it('every job runs once, over two workers', async () => {
  const runs = new Map<number, number>();
  const run = async ({ payload: { n } }: Job<Payload>) => void runs.set(n, (runs.get(n) ?? 0) + 1);
  await add(500);
  work(run);
  work(run);
  await until(async () => (await left()) === 0);
  expect(runs.size).toBe(500);
  expect([...runs.values()].every((count) => count === 1)).toBe(true);
});

it('a transaction that rolls back enqueues nothing', async () => {
  const failed = db.database.withAccount(account, async (tx) => {
    await enqueue(tx, [{ kind: 'test', lane: 'default', accountId: account, payload: { n: 1 } }]);
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  expect(await left()).toBe(0);
});

it('jobs of another account cannot be added from inside an account', async () => {
  const other = await makeAccount();
  const forged = db.database.withAccount(account, (tx) =>
    enqueue(tx, [{ kind: 'test', lane: 'default', accountId: other, payload: { n: 1 } }]),
  );
  await expect(forged).rejects.toThrow(/row-level security/);
});

it('the jobs of a worker that died are claimed again when their lease is over, and its late word changes nothing', async () => {
  await add(1);
  const [dead] = await db.database.asJob((tx) => claimJobs(tx, 'default', 10, 300, newId()));
  expect(dead).toBeDefined();
  let ran = 0;
  work(async () => {
    ran += 1;
    await sleep(300);
  });
  await until(() => ran === 1, 2_300);
  // The worker that was thought dead reports its end with the attempt it had.
  await db.database.asJob((tx) => deleteJobs(tx, [{ accountId: account, id: dead?.id ?? '', attempt: dead?.attempt ?? 0 }]));
  expect(await left()).toBe(1);
  await until(async () => (await left()) === 0);
  expect(ran).toBe(1);
});

it('a heartbeat keeps a long job, and a lost lease aborts it', async () => {
  await add(1);
  let aborted = false;
  work(
    async ({ signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      await sleep(1_500);
    },
    { leaseMs: 300 },
  );
  await sleep(900);
  expect(aborted).toBe(false);
  expect((await db.sql('select attempt from jobs'))[0]?.attempt).toBe(1);
  await db.sql('update jobs set attempt = attempt + 1');
  await until(() => aborted);
});

it('a failing job backs off, becomes a dead letter, and can be set going again', async () => {
  await add(1, { attemptsMax: 2 });
  let runs = 0;
  let isBroken = true;
  const worker = work(async () => {
    runs += 1;
    if (isBroken) throw new Error('no luck');
  });
  for (let n = 0; n < 100 && (await left()) > 0; n += 1) {
    await db.sql('update jobs set run_at = now() where run_at > now() and attempt = $1', [runs]);
    worker.wake('default');
    await sleep(20);
  }
  expect(runs).toBe(2);
  const [letter] = await db.sql<{ id: string; last_error: string }>('select id, last_error from jobs where dead_at is not null');
  expect(letter?.last_error).toBe('Error');
  isBroken = false;
  expect(await db.database.withAccount(account, (tx) => redriveJobs(tx, [letter?.id ?? '']))).toBe(1);
  worker.wake('default');
  await until(async () => (await left()) === 0);
});

it('a handler is told of a job with no try left, before it is a dead letter', async () => {
  await add(1, { attemptsMax: 1 });
  const told: unknown[] = [];
  const handler = defineJob({
    kind: 'test',
    payload,
    timeoutMs: 10_000,
    run: () => Promise.reject(new Error('no luck')),
    async gaveUp({ accountId, payload: { n } }) {
      told.push([accountId, n, await left()]);
    },
  });
  workers.push(startWorker({ database: db.database, handlers: [handler], pollMs: 200, onError: (error) => errors.push(error) }));
  await until(async () => (await left()) === 0);
  expect(told).toEqual([[account, 0, 1]]);
});

it('a job that ends its process every time becomes a dead letter', async () => {
  await add(1, { attemptsMax: 3 });
  for (let n = 0; n < 3; n += 1) await db.database.asJob((tx) => claimJobs(tx, 'default', 1, 0, newId()));
  let runs = 0;
  work(async () => void runs++);
  await until(async () => (await left()) === 0);
  expect(runs).toBe(0);
});

it('a spared run does not count as a try', async () => {
  await add(1, { attemptsMax: 2 });
  let runs = 0;
  work(
    async () => {
      if (++runs < 6) throw new RunAgain(1, true);
    },
    { pollMs: 10 },
  );
  await until(async () => (await left()) === 0);
  expect(runs).toBe(6);
});

it('a unique key folds what waits, and nothing that has begun', async () => {
  await add(1, { uniqueKey: 'sync' });
  await add(1, { uniqueKey: 'sync' });
  expect(await left()).toBe(1);
  await db.database.asJob((tx) => claimJobs(tx, 'default', 1, 60_000, newId()));
  await add(1, { uniqueKey: 'sync' });
  expect(await left()).toBe(2);
});

async function backlog(accounts: string[], each: number): Promise<void> {
  await db.sql(
    `insert into jobs (account_id, kind, lane, payload) select id, 'test', 'default', '{"n": 0}' from unnest($1::uuid[]) id, generate_series(1, $2::int)`,
    [accounts, each],
  );
}

it('an account with ten jobs does not wait behind one with a hundred thousand', async () => {
  const [big, small] = [await makeAccount(), await makeAccount()];
  await backlog([big], 100_000);
  await sleep(20);
  await add(10, {}, small);
  let before = 0;
  let smallDone = 0;
  work(async ({ accountId }) => {
    if (accountId === small) smallDone += 1;
    else if (smallDone < 10) before += 1;
    await sleep(1);
  });
  await until(() => smallDone === 10);
  expect(before).toBeLessThan(100);
});

it.each([1, 4])('accounts with backlogs share %i slots evenly, the newest included', async (slots) => {
  const accounts = [];
  for (let n = 0; n < 10; n += 1) accounts.push(await makeAccount());
  await backlog(accounts, 1_000);
  const runs = new Map(accounts.map((id) => [id, 0]));
  let total = 0;
  work(
    async ({ accountId }) => {
      if (total++ < 300) runs.set(accountId, (runs.get(accountId) ?? 0) + 1);
      await sleep(1 + Math.random() * 5);
    },
    { concurrency: { default: slots } },
  );
  await until(() => total >= 300);
  expect(Math.min(...runs.values())).toBeGreaterThanOrEqual(20);
  expect(Math.max(...runs.values())).toBeLessThanOrEqual(40);
});

it('a job that does not heed its time-out loses its slot and counts as failed', async () => {
  await add(1, { attemptsMax: 1 });
  await sleep(5);
  await add(1, { payload: { n: 7 } });
  const ran: number[] = [];
  const handlers = [
    defineJob({
      kind: 'test',
      payload,
      timeoutMs: 100,
      async run({ payload: { n } }) {
        ran.push(n);
        if (n === 0) await sleep(3_000);
      },
    }),
  ];
  work(async () => {}, { handlers, concurrency: { default: 1 }, graceMs: 100 });
  await until(() => ran.includes(7), 1_500);
  const [letter] = await db.sql('select last_error, dead_at is not null as dead from jobs');
  expect(letter).toEqual({ last_error: 'Error', dead: true });
});

it('jobs taken along and not begun are given back at once when the worker stops', async () => {
  await backlog([account], 3_000);
  let total = 0;
  const worker = work(async () => void total++);
  await until(() => total > 1_000);
  await worker.stop(1_000);
  const [rest] = await db.sql('select count(*)::int as jobs, count(*) filter (where run_at > now())::int as leased from jobs');
  expect(rest).toEqual({ jobs: 3_000 - total, leased: 0 });
});

it('stopping waits for what runs and gives nothing away twice', async () => {
  await add(1);
  let isDone = false;
  const worker = work(async () => {
    await sleep(300);
    isDone = true;
  });
  await sleep(100);
  await worker.stop(5_000);
  expect(isDone).toBe(true);
  expect(await left()).toBe(0);
});

it('what does not end in time is given back at once', async () => {
  await add(1);
  const worker = work(() => sleep(1_500));
  await sleep(100);
  await worker.stop(50);
  const [job] = await db.sql<{ due: boolean; tries: number }>('select run_at <= now() as due, attempt - spared as tries from jobs');
  expect(job).toEqual({ due: true, tries: 0 });
});

it('a job that heeds the end of its process is given back without a try lost, even its last', async () => {
  await add(1, { attemptsMax: 1 });
  const worker = work(({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
  await sleep(100);
  await worker.stop(50);
  await sleep(100);
  const [job] = await db.sql('select run_at <= now() as due, attempt - spared as tries, dead_at from jobs');
  expect(job).toEqual({ due: true, tries: 0, dead_at: null });
});

it('a worker that loses its database goes on when it is back', async () => {
  let runs = 0;
  work(async () => void runs++);
  await db.sql(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`);
  await add(3);
  await until(() => runs === 3, 4_000);
});

it('of two processes one takes each tick of a schedule', async () => {
  let runs = 0;
  const ticks = [{ name: 'every second', cron: '* * * * * *', run: async () => void runs++ }];
  const stops = [
    startSchedules(db.database, ticks, (error) => errors.push(error)),
    startSchedules(db.database, ticks, (error) => errors.push(error)),
  ];
  await sleep(3_100);
  for (const stop of stops) stop();
  expect(runs).toBeGreaterThanOrEqual(2);
  expect(runs).toBeLessThanOrEqual(4);
  expect(errors).toEqual([]);
});

it('a process that is late comes to the same tick as the others', () => {
  const cron = new Cron('*/5 * * * * *', { timezone: 'UTC', paused: true });
  const at = (time: string) => tickAt(cron, Date.parse(`2026-03-01T00:00:${time}Z`))?.toISOString();
  expect([at('10.000'), at('10.003'), at('12.400'), at('14.999')]).toEqual(Array(4).fill('2026-03-01T00:00:10.000Z'));
  expect(at('15.000')).toBe('2026-03-01T00:00:15.000Z');
});

it('the age of the oldest due job is told by lane; what waits for its time or runs is none', async () => {
  await add(2, { runAt: new Date(Date.now() - 90_000), lane: 'outbound' });
  await add(1, { runAt: new Date(Date.now() - 30_000), lane: 'outbound' }, await makeAccount());
  await add(1, { runAt: new Date(Date.now() + 60_000), lane: 'slow' });
  await add(1, { runAt: new Date(Date.now() - 5_000), lane: 'inbound' });
  await db.database.asJob((tx) => claimJobs(tx, 'inbound', 1, 30_000, newId()));
  const ages = await db.database.asJob(readQueueAges);
  expect(ages.map(({ lane, seconds }) => [lane, Math.round(seconds / 10) * 10])).toEqual([['outbound', 90]]);
});

it('nothing that is tried again with a set delay waits for the poll', async () => {
  await add(1);
  let runs = 0;
  work(
    async () => {
      if (++runs < 4) throw new RunAgain(20, true);
    },
    { pollMs: 5_000 },
  );
  await until(() => runs === 4, 1_500);
});
