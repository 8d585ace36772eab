import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import type { Answer } from '../../test/support/desk.ts';
import { type TestRedis, testRedis } from '../../test/support/redis.ts';
import { newId } from '../db/id.ts';
import { createLimits } from './limits.ts';
import { createDatabaseSlots } from './sliding.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());
beforeEach(async () => {
  await desk.db.sql('delete from limit_windows');
});

const makeKey = async (token = desk.one.admin.token, permissions = ['contact.read']): Promise<string> =>
  (await desk.api('POST', '/api-keys', { token, body: { name: 'a key', permissions } })).json.key;
const call = (token: string, headers: Record<string, string> = {}) => desk.api('GET', '/contacts?limit=1', { token, headers });

/** Until the first refusal, at most `max` calls; how many were let in, and the refusal. */
async function exhaust(max: number, next: (n: number) => Promise<Answer>): Promise<{ allowed: number; refused: Answer | undefined }> {
  for (let allowed = 0; allowed < max; allowed += 1) {
    const answer = await next(allowed);
    if (answer.status === 429) return { allowed, refused: answer };
    expect(answer.status).toBe(200);
  }
  return { allowed: max, refused: undefined };
}

async function setTier(tier: string): Promise<void> {
  await desk.db.sql('update accounts set tier = $1', [tier]);
  // What is known of a key is believed for less than a second.
  await sleep(800);
}

describe("the limits of an account's keys", () => {
  afterEach(() => setTier('enterprise'));

  it('count all its keys together in a burst and say so in every answer', async () => {
    await setTier('free');
    const keys = [await makeKey(), await makeKey()];
    const first = await call(keys[0] as string, { 'x-forwarded-for': '203.0.113.1' });
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'ratelimit-policy': '"calls";q=100;w=3600, "burst";q=20;w=60',
      'ratelimit-limit': '20',
      'ratelimit-remaining': '19',
    });
    expect(first.headers.get('ratelimit')).toMatch(/^"calls";r=99;t=3\d{3}, "burst";r=19;t=(5\d|6\d)$/);
    const { allowed, refused } = await exhaust(30, (n) => call(keys[n % 2] as string, { 'x-forwarded-for': `198.51.100.${n}` }));
    expect(allowed).toBe(19);
    expect(refused?.json).toMatchObject({ status: 429, code: 'rate_limit_exceeded', requestId: refused?.headers.get('x-request-id') });
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(30);
    expect(Number(refused?.headers.get('retry-after'))).toBeLessThanOrEqual(61);
    expect(refused?.headers.get('ratelimit-remaining')).toBe('0');
    // The members of the account and the keys of others go on.
    expect((await desk.api('GET', '/contacts', { token: desk.one.agent.token })).status).toBe(200);
    expect((await call(await makeKey(desk.two.admin.token))).headers.get('ratelimit-remaining')).toBe('19');
  });

  it('hold for an hour, whatever the burst allows', async () => {
    await setTier('free');
    const key = await makeKey(desk.two.admin.token);
    const { allowed, refused } = await exhaust(150, async (n) => {
      if (n % 20 === 0) await desk.db.sql("delete from limit_windows where key like 'burst %'");
      return call(key);
    });
    expect(allowed).toBe(100);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3_500);
    expect(refused?.headers.get('ratelimit')).toMatch(/"calls";r=0;t=3[56]\d\d/);
  });

  it.each([
    ['pro', '"calls";q=1000;w=3600, "burst";q=100;w=60'],
    ['enterprise', '"calls";q=10000;w=3600, "burst";q=500;w=60'],
  ])('follow its tier: %s', async (tier, policy) => {
    await setTier(tier);
    expect((await call(await makeKey())).headers.get('ratelimit-policy')).toBe(policy);
  });

  it("are those of the installation for a superadmin's key, which takes nothing from the account", async () => {
    await desk.db.sql('update users set is_superadmin = true where id = $1', [desk.one.admin.userId]);
    const token = await desk.signIn(desk.one.admin.email);
    const [key, ordinary] = [await makeKey(token, ['installation.manage', 'contact.read']), await makeKey()];
    const answer = await call(key);
    expect(answer.headers.get('ratelimit-policy')).toBe('"calls";q=100000;w=3600, "burst";q=1000;w=60');
    expect((await call(ordinary)).headers.get('ratelimit-remaining')).toBe('499');
  });

  it("stand beside a key's own", async () => {
    const [key, other] = [await makeKey(), await makeKey()];
    await desk.db.sql('update api_keys set per_minute = 3, per_hour = 5 where prefix = $1', [key.split('_')[1]]);
    const { allowed, refused } = await exhaust(10, () => call(key));
    expect(allowed).toBe(3);
    expect(refused?.json.detail).toContain('3 in 1 minute');
    // What was refused took nothing from the account.
    expect((await call(other)).headers.get('ratelimit-remaining')).toBe('496');
  });

  it('become smaller while the server is overloaded, those of sessions do not', async () => {
    const key = await makeKey();
    desk.context.limits.setShare(0.25);
    try {
      expect((await call(key)).headers.get('ratelimit-policy')).toBe('"calls";q=2500;w=3600, "burst";q=125;w=60');
      expect((await call(desk.one.agent.token)).headers.get('ratelimit-policy')).toBe('"session";q=600;w=60');
    } finally {
      desk.context.limits.setShare(1);
    }
  });
});

it('a session has 600 calls a minute of its own', async () => {
  const [first, second] = [await desk.signIn(desk.one.agent.email), await desk.signIn(desk.one.agent.email)];
  const answers: number[] = [];
  for (let n = 0; n < 62; n += 1)
    answers.push(...(await Promise.all(Array.from({ length: 10 }, () => call(first)))).map(({ status }) => status));
  expect(answers.filter((status) => status === 200)).toHaveLength(600);
  expect(answers.filter((status) => status === 429)).toHaveLength(20);
  expect((await call(second)).status).toBe(200);
  const metrics = (await desk.call('GET', '/metrics')).text;
  expect(Number(/guichet_limited_total\{limiter="session"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThanOrEqual(20);
}, 30_000);

it('what machines watch, what providers send and what strangers read is not counted', async () => {
  for (const path of [
    '/health',
    '/health/live',
    '/health/ready',
    '/health/startup',
    '/metrics',
    '/version',
    '/api/v1/setup/state',
    '/hooks/nobody',
  ])
    expect((await desk.call('GET', path)).headers.get('ratelimit-limit'), path).toBeNull();
  expect(await desk.db.sql('select key from limit_windows')).toEqual([]);
});

it.each([
  ['webhook', undefined, 100],
  ['executions', 'free', 50],
  ['executions', 'pro', 500],
  ['uploads', 'free', 10],
  ['uploads', 'pro', 100],
  ['uploads', 'enterprise', 1_000],
] as const)('%s of tier %s are refused after %d', async (name, tier, limit) => {
  const limits = createLimits({ slots: createDatabaseSlots(desk.db.database) });
  const subject = newId();
  const asked = Array.from({ length: limit + 7 }, () => limits.take(name, subject, tier ? { tier } : {}));
  const ends = await Promise.allSettled(asked);
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(limit);
  const refused = ends.find((end) => end.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'rate_limit_exceeded', headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
});

describe('where uses cannot be counted', () => {
  let redis: TestRedis;
  let shared: TestApp;
  beforeAll(async () => {
    redis = await testRedis();
    shared = await testApp({ REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await shared.close();
    await redis.remove();
  });

  it('the API lets calls in and says so, readiness fails, and counting begins again', async () => {
    const { token } = shared.one.admin;
    expect((await shared.api('GET', '/contacts', { token })).headers.get('ratelimit-limit')).toBe('600');
    expect((await shared.call('GET', '/health/ready')).json.checks).toMatchObject({ redis: 'ok' });
    await redis.kill();
    const open = await shared.api('GET', '/contacts', { token });
    expect([open.status, open.headers.get('ratelimit-limit')]).toEqual([200, null]);
    expect((await shared.call('GET', '/health/ready')).json).toMatchObject({ status: 'failed', checks: { redis: 'failed' } });
    expect((await shared.call('GET', '/health/live')).status).toBe(200);
    expect((await shared.call('GET', '/metrics')).text).toMatch(/guichet_limits_uncounted_total [1-9]/);
    await redis.restart();
    const deadline = Date.now() + 5_000;
    while ((await shared.api('GET', '/contacts', { token })).headers.get('ratelimit-limit') === null && Date.now() < deadline)
      await sleep(50);
    expect((await shared.api('GET', '/contacts', { token })).headers.get('ratelimit-limit')).toBe('600');
  });

  it('guesses at passwords are still counted, in the database', async () => {
    await redis.kill();
    const body = { email: shared.two.agent.email, password: 'not this one' };
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await shared.api('POST', '/auth/login', { body })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    await redis.restart();
  });
});

describe('guesses', () => {
  const guess = (app: TestApp, email: string, forwarded: string) =>
    app.api('POST', '/auth/login', { body: { email, password: 'not this one' }, headers: { 'x-forwarded-for': forwarded } });

  it('count by the address of the connection, whatever a stranger writes into X-Forwarded-For', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await guess(desk, 'nobody@one.test', `203.0.113.${n}`)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('count by what a trusted proxy says, its last word, and IPv6 by the network of a customer', async () => {
    const behind = await testApp({ GUICHET_TRUSTED_PROXIES: '127.0.0.1' });
    try {
      const six = async (addressOf: (n: number) => string, email: string) => {
        const statuses: number[] = [];
        for (let n = 0; n < 6; n += 1) statuses.push((await guess(behind, email, addressOf(n))).status);
        return statuses.at(-1);
      };
      expect(await six((n) => `198.51.100.${n}, 203.0.113.7`, 'a@one.test')).toBe(429);
      expect((await guess(behind, 'a@one.test', '203.0.113.8')).status).toBe(401);
      expect(await six((n) => `2001:db8:7:7::${n + 1}`, 'b@one.test')).toBe(429);
      expect(await six((n) => `2001:db8:7:${n}::1`, 'c@one.test')).toBe(401);
    } finally {
      await behind.close();
    }
  });

  it('are not looked at while they cannot be counted', async () => {
    await desk.db.sql('alter table limit_windows rename to limit_windows_away');
    try {
      const right = { email: desk.one.agent.email, password: 'correct horse battery' };
      const answer = await desk.api('POST', '/auth/login', { body: right });
      expect(answer.json).toMatchObject({ status: 503, code: 'unavailable' });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      // The API itself goes on without counting.
      const open = await call(desk.one.admin.token);
      expect([open.status, open.headers.get('ratelimit-limit')]).toEqual([200, null]);
    } finally {
      await desk.db.sql('alter table limit_windows_away rename to limit_windows');
    }
  });
});
