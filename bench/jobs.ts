import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { z } from 'zod';
import { startEmbedded } from '../server/db/embedded/supervisor.ts';
import { newId } from '../server/db/id.ts';
import { migrate } from '../server/db/migrate.ts';
import { createDatabase, type Database } from '../server/db/pool.ts';
import { openRoles } from '../server/db/roles.ts';
import { defineJob, enqueue, type JobInput } from '../server/jobs/job.ts';
import { claimJobs } from '../server/jobs/queries.ts';
import { startWorker } from '../server/jobs/worker.ts';
import type { Report } from './support/report.ts';

const accounts = Array.from({ length: 200 }, () => newId());
const backlog = 1_000_000;

/** Jobs per second through one worker, and what a claim costs over an empty table and over a million waiting jobs; against bare statements. */
export async function run(seconds: number): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guichet-bench-'));
  const embedded = await startEmbedded({ dataDir });
  await migrate(embedded.ownerUrl);
  const database = createDatabase(await openRoles({ ownerUrl: embedded.ownerUrl, dataDir }));
  const owner = new pg.Pool({ connectionString: embedded.ownerUrl, max: 2 });
  owner.on('error', () => {});
  try {
    await owner.query(`insert into accounts (id, name) select id, 'bench' from unnest($1::uuid[]) id`, [accounts]);
    const enqueues = await enqueueRate(database, seconds / 4);
    await owner.query('delete from jobs');
    const jobs = await jobRate(database, owner, seconds / 4);
    const bare = await bareRate(owner, seconds / 4);
    await fill(owner, backlog);
    const claimMs = await claimCost(database, seconds / 4);
    return {
      ours: [
        { name: 'jobs added, a transaction each', value: enqueues, unit: '/s' },
        { name: 'jobs that do nothing, through one worker', value: jobs, unit: '/s' },
        { name: `a claim over ${backlog.toLocaleString('en')} waiting jobs of ${accounts.length} accounts`, value: claimMs, unit: 'ms' },
      ],
      denominators: [{ name: 'claim and delete 50 at a time, one connection', value: bare, unit: '/s' }],
      ratios: [{ name: 'worker / bare statements', value: jobs / bare, unit: '' }],
    };
  } finally {
    await database.close();
    await owner.end();
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const job = (accountId: string): JobInput => ({ kind: 'none', lane: 'default', accountId, payload: { n: 1 } });

async function enqueueRate(database: Database, seconds: number): Promise<number> {
  let count = 0;
  const took = await during(seconds, 8, async () => {
    const accountId = accounts[count++ % accounts.length] as string;
    await database.withAccount(accountId, (tx) => enqueue(tx, [job(accountId)]));
  });
  return count / took;
}

async function jobRate(database: Database, owner: pg.Pool, seconds: number): Promise<number> {
  await fill(owner, 40_000);
  let count = 0;
  const handler = defineJob({ kind: 'none', payload: z.object({ n: z.number() }), timeoutMs: 5_000, run: async () => void count++ });
  const started = performance.now();
  const worker = startWorker({
    database,
    handlers: [handler],
    onError(error) {
      throw error;
    },
  });
  while (count < 40_000 && performance.now() - started < seconds * 1_000) await new Promise((resolve) => setTimeout(resolve, 5));
  const rate = count / ((performance.now() - started) / 1_000);
  await worker.stop();
  await owner.query('delete from jobs');
  return rate;
}

async function bareRate(owner: pg.Pool, seconds: number): Promise<number> {
  await fill(owner, 100_000);
  let batches = 0;
  let count = 0;
  const started = performance.now();
  while (count < 100_000 && performance.now() - started < seconds * 1_000) {
    const { rows } = await owner.query({
      name: 'bare claim',
      text: `update jobs set run_at = now() + interval '30 s', attempt = attempt + 1 where id in (
               select id from jobs where lane = 'default' and dead_at is null and account_id = $1 and run_at <= now() order by run_at limit 50 for update skip locked) and account_id = $1 returning id`,
      values: [accounts[batches % accounts.length]],
    });
    await owner.query({
      name: 'bare delete',
      text: 'delete from jobs where account_id = $1 and id = any($2::bigint[])',
      values: [accounts[batches % accounts.length], rows.map((row: { id: string }) => row.id)],
    });
    batches += 1;
    count += rows.length;
  }
  await owner.query('delete from jobs');
  return count / ((performance.now() - started) / 1_000);
}

async function claimCost(database: Database, seconds: number): Promise<number> {
  let count = 0;
  const took = await during(seconds, 1, async () => {
    await database.asJob((tx) => claimJobs(tx, 'default', 4, 30_000, randomUUID()));
    count += 1;
  });
  return (took * 1_000) / count;
}

async function fill(owner: pg.Pool, count: number): Promise<void> {
  await owner.query(
    `insert into jobs (account_id, kind, lane, payload)
     select ($1::uuid[])[1 + n % cardinality($1::uuid[])], 'none', 'default', '{"n": 1}' from generate_series(1, $2::int) n`,
    [accounts, count],
  );
  await owner.query('vacuum analyze jobs');
}

/** Repeats some work side by side for a while; the seconds that it really took. */
async function during(seconds: number, side: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  const one = async () => {
    while (performance.now() - started < seconds * 1_000) await work();
  };
  await Promise.all(Array.from({ length: side }, one));
  return (performance.now() - started) / 1_000;
}
