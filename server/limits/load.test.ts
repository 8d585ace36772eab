import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/postgres.ts';
import { newId } from '../db/id.ts';
import { readOldestSeconds } from '../jobs/age.ts';
import { createLadder, watchLoad } from './load.ts';

const looks = (ladder: ReturnType<typeof createLadder>, count: number, load: { delayMs?: number; queueSeconds?: number }) =>
  Array.from({ length: count }, () => ladder({ delayMs: 0, queueSeconds: 0, ...load })).at(-1);

describe('the share of the limits that is given', () => {
  it('falls a step after three looks at a slow event loop, and further the slower it is', () => {
    const ladder = createLadder();
    expect(looks(ladder, 2, { delayMs: 300 })).toBe(1);
    expect(looks(ladder, 1, { delayMs: 300 })).toBe(0.5);
    expect(looks(ladder, 30, { delayMs: 300 })).toBe(0.5);
    expect(looks(ladder, 3, { delayMs: 600 })).toBe(0.25);
    expect(looks(ladder, 3, { delayMs: 2_000 })).toBe(0.1);
    expect(looks(ladder, 30, { delayMs: 5_000 })).toBe(0.1);
  });

  it('falls with the age of the oldest job', () => {
    const ladder = createLadder();
    expect(looks(ladder, 3, { queueSeconds: 90 })).toBe(0.5);
    expect(looks(ladder, 3, { queueSeconds: 400 })).toBe(0.25);
  });

  it('comes back a step at a time, only well below what brought it down and only when that lasts', () => {
    const ladder = createLadder();
    looks(ladder, 6, { delayMs: 700 });
    expect(looks(ladder, 30, { delayMs: 250 })).toBe(0.25);
    expect(looks(ladder, 9, { delayMs: 100 })).toBe(0.25);
    expect(looks(ladder, 1, { delayMs: 100 })).toBe(0.5);
    expect(looks(ladder, 30, { delayMs: 100 })).toBe(0.5);
    expect(looks(ladder, 9, { delayMs: 10 })).toBe(0.5);
    expect(looks(ladder, 1, { delayMs: 10 })).toBe(1);
  });

  it('is not touched by one long pause', () => {
    const ladder = createLadder();
    for (let n = 0; n < 20; n += 1) expect(ladder({ delayMs: n % 3 ? 10 : 900, queueSeconds: 0 })).toBe(1);
  });
});

it('the age of the queue is that of the oldest due job that somebody waits for', async () => {
  const db = await testDatabase();
  try {
    expect(await readOldestSeconds(db.database)).toBe(0);
    const accountId = newId();
    await db.sql("insert into accounts (id, name) values ($1, 'Late')", [accountId]);
    const add = (lane: string, due: string) =>
      db.sql(`insert into jobs (account_id, kind, lane, payload, run_at) values ($1, 'late', $2, '{}', now() + $3::interval)`, [
        accountId,
        lane,
        due,
      ]);
    await add('slow', '-2 hours');
    await add('outbound', '1 hour');
    expect(await readOldestSeconds(db.database)).toBe(0);
    await add('outbound', '-90 seconds');
    await add('default', '-30 seconds');
    const seconds = await readOldestSeconds(db.database);
    expect(seconds).toBeGreaterThanOrEqual(90);
    expect(seconds).toBeLessThan(120);
  } finally {
    await db.drop();
  }
});

it('a process whose event loop stands still sees it', async () => {
  const told: number[] = [];
  const stop = watchLoad({ readQueueSeconds: async () => 0, onShare: (share) => told.push(share), lookEveryMs: 100 });
  const end = Date.now() + 3_000;
  while (told.length === 0 && Date.now() < end) {
    const until = Date.now() + 250;
    while (Date.now() < until);
    await sleep(1);
  }
  stop();
  expect(told[0]).toBe(0.5);
});
