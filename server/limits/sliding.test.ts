import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { createDatabase, type Database } from '../db/pool.ts';
import { limitedAddress } from './address.ts';
import { sweepLimits, takeSlot } from './sliding.ts';

let db: TestDatabase;
let other: Database;
beforeAll(async () => {
  db = await testDatabase();
  other = createDatabase({ appUrl: db.appUrl, jobUrl: db.jobUrl });
});
afterAll(async () => {
  await other.close();
  await db.drop();
});

describe('takeSlot', () => {
  it('gives exactly the limit to two processes at once', async () => {
    const slots = await Promise.all(Array.from({ length: 60 }, (_, n) => takeSlot(n % 2 ? db.database : other, 'a', 50, 3_600_000)));
    expect(slots.filter(({ isTaken }) => isTaken)).toHaveLength(50);
    const refused = slots.find(({ isTaken }) => !isTaken);
    expect(refused?.retryAfterMs).toBeGreaterThan(3_590_000);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(3_660_000);
  });

  it('forgets a use one window later, and not before', async () => {
    const take = () => takeSlot(db.database, 'b', 2, 1_200);
    await take();
    await sleep(500);
    await take();
    const refused = await take();
    expect(refused.isTaken).toBe(false);
    await sleep(Math.max(0, refused.retryAfterMs - 400));
    expect((await take()).isTaken).toBe(false);
    await sleep(450);
    expect((await take()).isTaken).toBe(true);
    expect((await take()).isTaken).toBe(false);
  });

  it('sweeps what nobody touches any more', async () => {
    await takeSlot(db.database, 'c', 1, 1_000);
    await db.sql("update limit_windows set touched_at = now() - interval '3 hours' where key = 'c'");
    expect(await sweepLimits(db.database)).toBe(1);
  });
});

describe('limitedAddress', () => {
  it('counts an IPv6 customer as one', () => {
    expect(limitedAddress('2001:db8:1:2:aaaa::1')).toBe(limitedAddress('2001:0db8:0001:0002:ffff:1:2:3'));
    expect(limitedAddress('2001:db8:1:3::1')).not.toBe(limitedAddress('2001:db8:1:2::1'));
    expect(limitedAddress('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(limitedAddress('::1')).toBe('0:0:0:0::/64');
  });
});
