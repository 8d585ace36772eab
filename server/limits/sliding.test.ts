import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { type TestRedis, testRedis } from '../../test/support/redis.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import { limitedAddress } from './address.ts';
import { gatherUses } from './gather.ts';
import { createRedisSlots } from './redis-slots.ts';
import { createDatabaseSlots, type Slots, type SlotWindow, sweepLimits } from './sliding.ts';

let db: TestDatabase;
let other: Database;
let redis: TestRedis;
/** Two processes' views of one place. */
let places: Record<string, [Slots, Slots]>;
beforeAll(async () => {
  db = await testDatabase();
  redis = await testRedis();
  other = createDatabase({ appUrl: db.appUrl, jobUrl: db.jobUrl });
  const openRedis = async () => {
    const slots = createRedisSlots(redis.url, () => {});
    while (!(await slots.isThere())) await sleep(10);
    return slots;
  };
  places = {
    PostgreSQL: [createDatabaseSlots(db.database), createDatabaseSlots(other)],
    Redis: [await openRedis(), await openRedis()],
  };
});
afterAll(async () => {
  await Promise.all(Object.values(places).flatMap((pair) => pair.map((slots) => slots.close())));
  await redis.remove();
  await other.close();
  await db.drop();
});

const hourMs = 3_600_000;

/** One use by one question. */
async function takeOne(slots: Slots, windows: SlotWindow[]) {
  const answer = await slots.take(windows, 1);
  return answer.windows.map((use) => ({ ...use, isTaken: answer.taken === 1 }));
}

describe.each(['PostgreSQL', 'Redis'])('slots in %s', (name) => {
  const both = () => places[name] as [Slots, Slots];

  it('are given exactly as many times as the limit says, to two processes at once', async () => {
    const asked = Array.from({ length: 60 }, (_, n) => takeOne(both()[n % 2 ? 0 : 1], [{ key: 'a', limit: 50, windowMs: hourMs }]));
    const slots = (await Promise.all(asked)).flat();
    expect(slots.filter(({ isTaken }) => isTaken)).toHaveLength(50);
    expect(Math.max(...slots.map(({ used }) => used))).toBe(50);
    const refused = slots.find(({ isTaken }) => !isTaken);
    expect(refused?.retryAfterMs).toBeGreaterThan(3_590_000);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(3_660_000);
  });

  it('are free again one window later, and not before, even around the edge of a window', async () => {
    const windowMs = 4_200;
    const take = async () => (await takeOne(both()[0], [{ key: 'b', limit: 2, windowMs }]))[0];
    const startedAt = Date.now();
    await take();
    await sleep(1_500);
    await take();
    const refused = await take();
    expect(refused?.isTaken).toBe(false);
    const freeAt = Date.now() + (refused?.retryAfterMs ?? 0);
    expect(freeAt - startedAt).toBeGreaterThanOrEqual(windowMs);
    while (!(await take())?.isTaken) await sleep(20);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(windowMs);
    expect(Date.now()).toBeLessThan(freeAt + 1_000);
    // The second use is still within its window.
    expect((await take())?.isTaken).toBe(false);
  });

  it('of several windows are taken together or not at all', async () => {
    const hour = { key: 'c hour', limit: 100, windowMs: hourMs };
    const minute = { key: 'c minute', limit: 3, windowMs: 60_000 };
    const asked = Array.from({ length: 20 }, (_, n) => takeOne(both()[n % 2 ? 0 : 1], n % 3 ? [hour, minute] : [minute, hour]));
    expect((await Promise.all(asked)).filter((slots) => slots.every(({ isTaken }) => isTaken))).toHaveLength(3);
    const [ofHour, ofMinute] = await takeOne(both()[0], [hour, minute]);
    expect(ofHour).toMatchObject({ isTaken: false, used: 3, retryAfterMs: 0 });
    expect(ofMinute).toMatchObject({ isTaken: false, used: 3 });
    expect(ofMinute?.retryAfterMs).toBeGreaterThan(50_000);
  });

  it('that are asked for at once are counted together, in the order in which they came', async () => {
    const questions: number[] = [];
    const [first, second] = both().map((slots) =>
      gatherUses({ ...slots, take: (windows, wanted) => (questions.push(wanted), slots.take(windows, wanted)) }, 5_000),
    ) as [ReturnType<typeof gatherUses>, ReturnType<typeof gatherUses>];
    const windows = [
      { key: 'g hour', limit: 700, windowMs: hourMs },
      { key: 'g minute', limit: 600, windowMs: 60_000 },
    ];
    const asked = await Promise.all(Array.from({ length: 1_000 }, (_, n) => (n % 2 ? first : second)(windows)));
    const taken = asked.filter((slots) => slots.every(({ isTaken }) => isTaken));
    expect(taken).toHaveLength(600);
    expect(new Set(taken.map(([, minute]) => minute?.used))).toEqual(new Set(Array.from({ length: 600 }, (_, n) => n + 1)));
    expect(asked.filter((slots) => slots[1]?.isTaken === false).every((slots) => (slots[1]?.retryAfterMs ?? 0) > 50_000)).toBe(true);
    expect(questions.length).toBeLessThanOrEqual(4);
  });

  it('beyond a limit that became smaller come back when enough uses have left', async () => {
    const take = async (limit: number) => (await takeOne(both()[0], [{ key: 'd', limit, windowMs: 6_000 }]))[0];
    for (let n = 0; n < 4; n += 1) {
      await take(10);
      await sleep(210);
    }
    const half = await take(4);
    const one = await take(1);
    expect(half?.isTaken).toBe(false);
    // Three of four have to leave before one may come.
    expect((one?.retryAfterMs ?? 0) - (half?.retryAfterMs ?? 0)).toBeGreaterThan(500);
  });
});

it('what nobody touches any more is swept', async () => {
  await createDatabaseSlots(db.database).take([{ key: 'e', limit: 1, windowMs: 1_000 }], 1);
  await db.sql("update limit_windows set touched_at = now() - interval '3 hours' where key = 'e'");
  expect(await sweepLimits(db.database)).toBe(1);
});

it('a Redis that lost its scripts is told them again; one that is gone fails at once', async () => {
  const [slots] = places['Redis'] as [Slots, Slots];
  const take = () => takeOne(slots, [{ key: 'f', limit: 1, windowMs: hourMs }]);
  expect((await take())[0]?.isTaken).toBe(true);
  await redis.kill();
  const start = performance.now();
  await expect(take()).rejects.toThrow(/writeable|closed/);
  expect(performance.now() - start).toBeLessThan(500);
  expect(await slots.isThere()).toBe(false);
  await redis.restart();
  while (!(await slots.isThere())) await sleep(20);
  expect((await take())[0]?.isTaken).toBe(true);
});

describe('limitedAddress', () => {
  it('counts an IPv6 customer as one', () => {
    expect(limitedAddress('2001:db8:1:2:aaaa::1')).toBe(limitedAddress('2001:0db8:0001:0002:ffff:1:2:3'));
    expect(limitedAddress('2001:db8:1:3::1')).not.toBe(limitedAddress('2001:db8:1:2::1'));
    expect(limitedAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(limitedAddress('::1')).toBe('0:0:0:0::/64');
  });
});
