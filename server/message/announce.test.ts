import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import type { Change } from '../db/announcements.ts';
import { newId } from '../db/id.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import { createLog } from '../log.ts';
import { type Announcer, type News, startAnnouncer } from './announce.ts';

let db: TestDatabase;
/** Of its own, as in another process. */
let database: Database;
let announcer: Announcer | undefined;
let news: News[] = [];
const accountId = newId();
beforeAll(async () => {
  db = await testDatabase();
  database = createDatabase({ appUrl: db.appUrl, jobUrl: db.jobUrl });
  await db.sql("insert into accounts (id, name) values ($1, 'Test')", [accountId]);
});
afterEach(async () => {
  await announcer?.close();
  news = [];
});
afterAll(async () => {
  await database.close();
  await db.drop();
});

function start(pollMs: number): Announcer {
  const listener = { hears: (account: string) => account === accountId, tell: async (one: News) => void news.push(one) };
  announcer = startAnnouncer({ database, log: createLog('silent'), fileUrl: () => '', listener, pollMs });
  return announcer;
}

const told = () => news.flatMap((one) => one.changes.map((change) => ('userId' in change ? change.userId : change.type)));
const insert = 'insert into announcements (account_id, changes) values ($1, $2)';
const changes = (userId: string): string => JSON.stringify([{ type: 'presence:update', userId } satisfies Change]);
const until = async (isTrue: () => boolean, ms: number) => {
  const deadline = Date.now() + ms;
  while (!isTrue() && Date.now() < deadline) await sleep(5);
  return isTrue();
};

test('what transactions of any length committed is told exactly once, in whatever order they end', async () => {
  const { wake } = start(20);
  await sleep(50);
  const wanted: string[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async (_, lane) => {
      const client = new pg.Client({ connectionString: db.ownerUrl });
      await client.connect();
      for (let n = 0; n < 40; n += 1) {
        const name = `${lane}.${n}`;
        const isKept = Math.random() < 0.8;
        await client.query('begin');
        await client.query(insert, [accountId, changes(name)]);
        await sleep(Math.random() * (n % 10 === 0 ? 60 : 5));
        await client.query(isKept ? 'commit' : 'rollback');
        if (isKept) wanted.push(name);
        wake();
      }
      await client.end();
    }),
  );
  expect(await until(() => told().length >= wanted.length, 2_000)).toBe(true);
  await sleep(60);
  expect(told().sort()).toEqual(wanted.sort());
});

test('an announcer whose connections were cut tells what came meanwhile within two seconds', async () => {
  start(1_000);
  await sleep(100);
  await db.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'guichet%'",
  );
  await db.sql(insert, [accountId, changes('after the cut')]);
  expect(await until(() => told().includes('after the cut'), 2_000)).toBe(true);
});

test('another process is woken long before its poll', async () => {
  start(60_000);
  await sleep(200);
  const sender = startAnnouncer({ database: db.database, log: createLog('silent'), fileUrl: () => '' });
  await db.sql(insert, [accountId, changes('from afar')]);
  const startedAt = performance.now();
  sender.wake();
  expect(await until(() => told().includes('from afar'), 2_000)).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(200);
  await sender.close();
});

test('after a long pause the details are left out, and every conversation that changed is named', async () => {
  const ids = Array.from({ length: 12_000 }, () => newId());
  const { wake } = start(60_000);
  await sleep(100);
  const all = ids.map((messageId, n): Change[] => [
    { type: 'message:new', conversationId: ids[n % 300] ?? '', messageId },
    { type: 'presence:update', userId: 'x' },
  ]);
  await db.sql('insert into announcements (account_id, changes) select $1, c from jsonb_array_elements($2::jsonb) c', [
    accountId,
    JSON.stringify(all),
  ]);
  wake();
  expect(await until(() => news.length === 3, 5_000)).toBe(true);
  for (const one of news) {
    expect(one.messages.size).toBe(0);
    expect(new Set(one.changes.map((change) => change.type))).toEqual(new Set(['conversation:update']));
    expect(one.changes).toHaveLength(300);
  }
});
