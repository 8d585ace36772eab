import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { guichet, spawnCommand, startGuichet } from '../../test/support/command.ts';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { readChainKeys } from '../audit/keys.ts';
import { recordAudit } from '../audit/record.ts';
import { verifyDatabase } from '../audit/verify-database.ts';
import { totpPurpose } from '../auth/second-factor/check.ts';
import { createDataKeys, type DataKey } from './data-keys.ts';
import { encrypt, fingerprint } from './envelope.ts';
import { createMasters } from './masters.ts';
import { resealAll } from './reseal.ts';
import { createSealer, deriveKey } from './seal.ts';
import { sealedColumns } from '../sealed-columns.ts';

// Whole processes start here, on machines that may have other work.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const newMaster = 'the master key after the change, 0123456789';
const dir = mkdtempSync(join(tmpdir(), 'guichet-rotate-'));
let desk: TestApp;
beforeEach(async () => {
  desk = await testApp();
});
afterEach(() => desk.close());
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const envOf = (more: Record<string, string> = {}) => ({
  GUICHET_DATA_DIR: dir,
  DATABASE_URL: desk.db.ownerUrl,
  DATABASE_APP_URL: desk.db.appUrl,
  DATABASE_JOB_URL: desk.db.jobUrl,
  GUICHET_SECRET_KEY: desk.context.config.secretKey,
  ...more,
});
const changedEnv = () => envOf({ GUICHET_SECRET_KEY: newMaster, GUICHET_SECRET_KEY_PREVIOUS: desk.context.config.secretKey });

/** People with a sealed authenticator, as many as are asked for. */
async function makeSealed(count: number): Promise<Map<string, string>> {
  const rows = await desk.db.sql<{ id: string }>(
    `insert into users (id, email, name) select gen_random_uuid(), 'sealed' || n || '@' || gen_random_uuid() || '.test', 'Sealed' from generate_series(1, $1) n returning id`,
    [count],
  );
  const sealed = await Promise.all(
    rows.map(async ({ id }) => (await desk.context.sealer.seal(Buffer.from(`secret of ${id}`), totpPurpose(id))).toString('hex')),
  );
  await desk.db.sql(
    `update users u set totp_sealed = decode(n.sealed, 'hex') from unnest($1::uuid[], $2::text[]) as n (id, sealed) where u.id = n.id`,
    [rows.map(({ id }) => id), sealed],
  );
  return new Map(rows.map(({ id }) => [id, `secret of ${id}`]));
}

async function expectAllOpen(plain: Map<string, string>, sealer = desk.context.sealer): Promise<void> {
  const rows = await desk.db.sql<{ id: string; totp_sealed: Buffer }>('select id, totp_sealed from users where id = any($1)', [
    [...plain.keys()],
  ]);
  expect(rows).toHaveLength(plain.size);
  for (const { id, totp_sealed: sealed } of rows) expect((await sealer.unseal(sealed, totpPurpose(id))).toString()).toBe(plain.get(id));
}

const whatsapp = { phoneNumberId: '106540352242922', accessToken: 'EAAG-token', appSecret: 'app', verifyToken: 'verify' };
const makeInbox = async (n: number) =>
  (
    await desk.api('POST', '/inboxes', {
      token: desk.one.admin.token,
      body: { channel: 'whatsapp', name: `Inbox ${n}`, settings: { ...whatsapp, phoneNumberId: `10654035224${n}` } },
    })
  ).json as { id: string };
const openInboxes = async () => (await desk.context.line.endpoints.byAccount(desk.one.id)).map(({ secrets }) => secrets['accessToken']);
const headsOf = (table: string, column: string) =>
  desk.db.sql<{ head: string; n: number }>(
    `select encode(substring(${column} from 2 for 16), 'hex') as head, count(*)::int as n from ${table} where ${column} is not null group by 1`,
  );
const bare = (id: string) => id.replaceAll('-', '');

it('every sealed column of the database is known to the rotation', async () => {
  const found = await desk.db.sql<{ name: string }>(
    `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attname like '%\\_sealed' and not a.attisdropped order by 1`,
  );
  expect(found.map(({ name }) => name)).toEqual(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort());
});

it('a rotation leaves nothing under the old key and the server that runs opens and seals on, without a restart', async () => {
  const plain = await makeSealed(250);
  await makeInbox(1);
  await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: 'Key', permissions: ['inbox.read'] } });
  const rotating = guichet(['secrets', 'rotate', '--json'], envOf());
  const made: Promise<unknown>[] = [];
  for (let n = 2; n < 30; n += 1) {
    made.push(makeInbox(n));
    await sleep(150);
  }
  await Promise.all(made);
  const { code, stdout, stderr } = await rotating;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const rotated = JSON.parse(stdout) as { keyId: string; resealed: number; unreadable: string[] };
  expect(rotated).toMatchObject({ status: 'ok', isResumed: false, unreadable: [] });
  expect(rotated.resealed).toBeGreaterThan(250);
  for (const { table, column } of sealedColumns) {
    const heads = await headsOf(table, column);
    expect(
      heads.filter(({ head }) => head !== bare(rotated.keyId)),
      `${table}.${column}`,
    ).toEqual([]);
  }
  await expectAllOpen(plain);
  expect(await openInboxes()).toEqual(Array(29).fill('EAAG-token'));
  expect((await desk.context.dataKeys.current()).id).toBe(rotated.keyId);
});

it('a rotation that is killed at any moment loses nothing, and the next call goes on under the same key', async () => {
  const plain = await makeSealed(4_000);
  const resealed = async () => {
    const [row] = await desk.db.sql<{ n: number; id: string | null }>(
      `select (select count(*)::int from users where totp_sealed is not null and substring(totp_sealed from 2 for 16) = decode(replace(k.id::text, '-', ''), 'hex')) as n, k.id
       from data_keys k where k.rotation_started_at is not null and k.rotation_finished_at is null`,
    );
    return row;
  };
  let [stopped, keyId] = [0, ''];
  for (let kill = 0; kill < 2; kill += 1) {
    const child = spawnCommand(['secrets', 'rotate'], envOf());
    const closed = once(child, 'close');
    for (let state = await resealed(); !state || state.n <= stopped; state = await resealed()) {
      if (child.exitCode !== null) throw new Error('the rotation ended before it was killed');
      await sleep(5);
    }
    child.kill('SIGKILL');
    await closed;
    const state = await resealed();
    expect(state?.n).toBeGreaterThan(stopped);
    if (keyId) expect(state?.id).toBe(keyId);
    [stopped, keyId] = [state?.n ?? 0, state?.id ?? ''];
    await expectAllOpen(plain);
  }
  const last = await guichet(['secrets', 'rotate', '--json'], envOf());
  expect(JSON.parse(last.stdout)).toMatchObject({ status: 'ok', keyId, isResumed: true, resealed: plain.size - stopped });
  await expectAllOpen(plain);
  expect(await headsOf('users', 'totp_sealed')).toEqual([{ head: bare(keyId), n: plain.size }]);
  expect(await resealed()).toBeUndefined();
});

it('two passes at once seal each value once and lose none', async () => {
  const plain = await makeSealed(600);
  const masters = createMasters(desk.context.config.secretKey);
  const keys = createDataKeys(desk.db.database, masters);
  const key: DataKey = { id: '0193a000-0000-7000-8000-00000000000a', key: Buffer.alloc(32, 5) };
  const { wrapped, master } = masters.wrap({ ...key, kind: 'secrets' });
  await desk.db.sql("insert into data_keys (id, kind, wrapped, master, retired_at) values ($1, 'secrets', $2, $3, now())", [
    key.id,
    wrapped,
    master,
  ]);
  const resealing = { database: desk.db.database, sealer: createSealer(masters, keys), key, columns: sealedColumns };
  const both = await Promise.all([resealAll(resealing), resealAll(resealing)]);
  expect(both[0].resealed + both[1].resealed).toBe(600);
  expect(both.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  await expectAllOpen(plain);
});

it('a value that does not open is named, stays as it is, and keeps the rotation from counting as done', async () => {
  const plain = await makeSealed(3);
  const [damaged = ''] = plain.keys();
  await desk.db.sql("update users set totp_sealed = totp_sealed || '\\x00' where id = $1", [damaged]);
  const { code, stdout } = await guichet(['secrets', 'rotate', '--json'], envOf());
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 1,
    status: 'failed',
    resealed: 2,
    unreadable: [`users.totp_sealed ${damaged}`],
  });
});

it('the master key is changed: secrets open under the new one alone, audit chains hold, sessions end', async () => {
  const plain = await makeSealed(50);
  await makeInbox(1);
  const oldSeal = deriveKey(desk.context.config.secretKey, 'seal');
  const [direct = ''] = plain.keys();
  // As it was before there were data keys: sealed under the master key itself.
  const old = Buffer.concat([
    Buffer.from([1]),
    fingerprint(oldSeal, 4),
    encrypt(oldSeal, Buffer.from(plain.get(direct) ?? ''), totpPurpose(direct)),
  ]);
  await desk.db.sql('update users set totp_sealed = $2 where id = $1', [direct, old]);
  expect((await guichet(['secrets', 'rotate-master'], envOf())).code).toBe(2);

  const first = await guichet(['secrets', 'rotate-master', '--json'], changedEnv());
  expect({ code: first.code, ...JSON.parse(first.stdout) }).toMatchObject({
    code: 0,
    status: 'ok',
    rewrapped: 1,
    resealed: 1,
    chains: 2,
    unreadable: [],
  });
  expect((JSON.parse(first.stdout) as { sessionsEnded: number }).sessionsEnded).toBeGreaterThan(0);
  const again = await guichet(['secrets', 'rotate-master', '--json'], changedEnv());
  expect(JSON.parse(again.stdout)).toEqual({ status: 'ok', rewrapped: 0, resealed: 0, unreadable: [], sessionsEnded: 0, chains: 0 });

  const masters = createMasters(newMaster);
  await expectAllOpen(plain, createSealer(masters, createDataKeys(desk.db.database, masters)));
  const verdicts = [];
  for await (const verdict of verifyDatabase(desk.db.database, await readChainKeys(desk.db.database, masters)))
    verdicts.push(verdict.broken);
  expect(verdicts).toEqual([undefined, undefined]);

  // Whoever has the old master key can put nothing behind the change.
  const oldChainKey = deriveKey(desk.context.config.secretKey, 'audit chain');
  const forger = { ...desk.context.actors.operator, chainKey: oldChainKey };
  await desk.db.database.withAccount(desk.one.id, (tx) => recordAudit(tx, forger, { action: 'test.forged' }));
  const after = await guichet(['audit', 'verify', '--account', desk.one.id, '--json'], envOf({ GUICHET_SECRET_KEY: newMaster }));
  expect({ code: after.code, ...JSON.parse(after.stdout) }).toMatchObject({ code: 1, broken: [{ kind: 'entry_forged' }] });

  // A server with the new key alone signs people in; with the old one alone it does not start, and says why.
  const server = await startGuichet(['serve'], envOf({ GUICHET_SECRET_KEY: newMaster }));
  const login = await fetch(`${server.base}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: desk.one.agent.email, password: testPassword }),
  });
  expect(login.status).toBe(200);
  await server.stop('SIGTERM');
  const wrong = await guichet(['serve'], envOf({ PORT: '0' }));
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('GUICHET_SECRET_KEY is not the one under which') });
  expect(wrong.stderr).not.toContain('    at ');
});
