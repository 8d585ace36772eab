import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, startDesk } from '../support/desk.ts';
import { type TestRedis, testRedis } from '../support/redis.ts';

const perMinute = 100;

describe.each(['PostgreSQL', 'Redis'])('two processes that count in %s', (place) => {
  let redis: TestRedis | undefined;
  let dataDir: string;
  let first: Desk;
  let second: Desk;
  let token: string;

  beforeAll(async () => {
    redis = place === 'Redis' ? await testRedis() : undefined;
    dataDir = await mkdtemp(join(tmpdir(), 'guichet-limits-'));
    const shared = { GUICHET_DEMO: 'false', ...(redis ? { REDIS_URL: redis.url } : {}) };
    first = await startDesk({ env: shared });
    ({ token } = await first.makeAccount('limits'));
    const { stdout } = await promisify(execFile)(process.execPath, ['cli/guichet.mjs', 'db', 'url'], {
      env: { ...process.env, GUICHET_DATA_DIR: first.dataDir },
    });
    const ownerUrl = stdout.trim();
    second = await startDesk({
      dataDir,
      env: { ...shared, DATABASE_URL: ownerUrl, GUICHET_SECRET_KEY: await first.secretKey() },
    });
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query("update accounts set tier = 'pro'");
    await owner.end();
  }, 120_000);
  afterAll(async () => {
    await second.remove();
    await first.remove();
    await redis?.remove();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  const makeKey = async (): Promise<string> =>
    (await first.call('POST', '/api/v1/api-keys', { token, body: { name: 'two', permissions: ['contact.read'] } })).json.key;

  it('hold one limit together, over a restart, whatever X-Forwarded-For says', async () => {
    const keys = [await makeKey(), await makeKey()];
    const call = async (n: number) =>
      (
        await (n % 2 ? first : second).call('GET', '/api/v1/contacts?limit=1', {
          token: keys[n % 3 ? 0 : 1] as string,
          headers: { 'x-forwarded-for': `203.0.113.${n % 250}`, forwarded: `for=198.51.100.${n % 250}`, 'x-real-ip': `192.0.2.${n % 250}` },
        })
      ).status;
    const statuses: number[] = [];
    let n = 0;
    const sender = async () => {
      while (n < 400) statuses.push(await call(n++));
    };
    await Promise.all(Array.from({ length: 32 }, sender));
    const allowed = statuses.filter((status) => status === 200).length;
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    expect(allowed).toBeGreaterThanOrEqual(perMinute);
    expect(allowed).toBeLessThanOrEqual(perMinute * 1.02);

    await second.stop();
    await second.restart();
    expect([await call(0), await call(2), await call(4)]).toEqual([429, 429, 429]);
  }, 60_000);

  it('count guesses together', async () => {
    const statuses: number[] = [];
    for (let guess = 0; guess < 8; guess += 1) {
      const body = { email: 'limits@example.org', password: `guess ${guess}` };
      const headers = { 'x-forwarded-for': `203.0.113.${guess}` };
      statuses.push((await (guess % 2 ? first : second).call('POST', '/api/v1/auth/login', { body, headers })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
  });
});
