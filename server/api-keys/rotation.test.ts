import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { secondServer } from '../../test/support/sockets.ts';
import { newId } from '../db/id.ts';
import { getSigningSecrets } from './access.ts';
import { sweepKeys } from './actions.ts';

let desk: TestApp;
let second: Awaited<ReturnType<typeof secondServer>>;
beforeAll(async () => {
  desk = await testApp();
  second = await secondServer(desk);
});
afterAll(async () => {
  await second.close();
  await desk.close();
});

interface Shown {
  id: string;
  key: string;
  prefix: string;
  signingSecret: string;
  previousExpiresAt: string | null;
}
const admin = () => desk.one.admin.token;
const make = async (body: object = {}): Promise<Shown> =>
  (await desk.api('POST', '/api-keys', { token: admin(), body: { name: 'site', permissions: ['inbox.read'], ...body } })).json;
const rotate = (id: string, body?: object, token = admin()) =>
  desk.api('POST', `/api-keys/${id}/rotation`, { token, ...(body ? { body } : {}) });
const use = async (key: string, base = desk.base): Promise<number> =>
  (await fetch(`${base}/api/v1/inboxes`, { headers: { authorization: `Bearer ${key}` } })).status;
const signing = (id: string) => desk.db.database.withAccount(desk.one.id, (tx) => getSigningSecrets(tx, desk.context.sealer, id));
const listed = async (id: string) =>
  (await desk.api('GET', '/api-keys?limit=100', { token: admin() })).json.items.find((one: { id: string }) => one.id === id);
/** Moves the end of an overlap, as time would. */
const endOverlap = (id: string, when: string) => desk.db.sql(`update api_keys set previous_expires_at = ${when} where id = $1`, [id]);
const knownMs = 800;

describe('a rotated key', () => {
  it('keeps its id and prefix, and for a day both secrets work', async () => {
    const before = await make();
    const { status, json: after } = await rotate(before.id);
    expect(status).toBe(200);
    expect(after).toMatchObject({ id: before.id, prefix: before.prefix });
    expect(after.key).toMatch(new RegExp(`^gk_${before.prefix}_[\\w-]{43}$`));
    expect(after.key).not.toBe(before.key);
    const lifeMs = Date.parse(after.previousExpiresAt) - Date.now();
    expect(lifeMs).toBeGreaterThan(1_439 * 60_000);
    expect(lifeMs).toBeLessThanOrEqual(1_440 * 60_000);
    expect(await Promise.all([use(before.key), use(after.key)])).toEqual([200, 200]);
    expect(await signing(before.id)).toEqual([after.signingSecret, before.signingSecret]);
    const shown = await listed(before.id);
    expect(shown).toMatchObject({ previousExpiresAt: after.previousExpiresAt });
    expect(shown.rotatedAt).not.toBeNull();
  });

  it('stops taking the old secret at the end of the overlap, not before', async () => {
    const before = await make();
    const { json: after } = await rotate(before.id, { overlapMinutes: 1 });
    await endOverlap(before.id, "clock_timestamp() + interval '1500 milliseconds'");
    await sleep(knownMs);
    expect(await use(before.key)).toBe(200);
    await sleep(750);
    expect(await Promise.all([use(before.key), use(after.key)])).toEqual([401, 200]);
    expect(await signing(before.id)).toEqual([after.signingSecret]);
    expect((await listed(before.id)).previousExpiresAt).toBeNull();
  });

  it('without an overlap takes the old secret no more, within a second in every process', async () => {
    const before = await make();
    expect(await Promise.all([use(before.key), use(before.key, second.base)])).toEqual([200, 200]);
    const { json: after } = await rotate(before.id, { overlapMinutes: 0 });
    const at = Date.now();
    expect(after.previousExpiresAt).toBeNull();
    expect(await Promise.all([use(before.key), use(after.key)])).toEqual([401, 200]);
    while ((await use(before.key, second.base)) !== 401) await sleep(25);
    expect(Date.now() - at).toBeLessThan(1_000);
    expect(await use(after.key, second.base)).toBe(200);
    const [row] = await desk.db.sql('select previous_secret_hash, previous_signing_secret_sealed from api_keys where id = $1', [before.id]);
    expect(row).toEqual({ previous_secret_hash: null, previous_signing_secret_sealed: null });
  });

  it('has two good secrets at most: a further rotation ends the one before the last', async () => {
    const first = await make();
    const { json: next } = await rotate(first.id);
    const { json: last } = await rotate(first.id);
    expect(await Promise.all([first, next, last].map(({ key }) => use(key)))).toEqual([401, 200, 200]);
  });

  it('does not live longer through its overlap', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const before = await make({ expiresAt });
    expect((await rotate(before.id)).json.previousExpiresAt).toBe(expiresAt);
    await desk.db.sql("update api_keys set expires_at = now() - interval '1 second' where id = $1", [before.id]);
    expect((await rotate(before.id)).json).toMatchObject({ status: 409, code: 'conflict' });
  });

  it('is shown once: the same request again is told so, and nothing of it is kept', async () => {
    const { id } = await make();
    const send = () => desk.api('POST', `/api-keys/${id}/rotation`, { token: admin(), body: {}, headers: { 'idempotency-key': 'turn' } });
    const { json } = await send();
    expect((await send()).json).toMatchObject({ status: 409, code: 'conflict' });
    const kept = await desk.db.sql<{ text: string }>(
      'select k::text as text from idempotency_keys k union all select record from audit_entries union all select k::text from api_keys k',
    );
    for (const secret of [json.key.slice(20), json.signingSecret]) expect(kept.map(({ text }) => text).join()).not.toContain(secret);
  });

  it.each([[-1], [43_201], [1.5], ['60']])('refuses an overlap of %j minutes', async (overlapMinutes) => {
    const { id } = await make();
    expect((await rotate(id, { overlapMinutes })).json.errors[0].path).toBe('overlapMinutes');
  });

  it('of another account is answered like one that nobody has', async () => {
    const { id } = await make();
    const [theirs, random] = [await rotate(id, {}, desk.two.admin.token), await rotate(newId(), {}, desk.two.admin.token)];
    expect(random.status).toBe(404);
    expect({ ...theirs.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
    const changed = await desk.api('PATCH', `/api-keys/${id}`, { token: desk.two.admin.token, body: { name: 'ours' } });
    expect({ ...changed.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
  });
});

describe('the rights of a key', () => {
  it('are not won by rotating one that can do more', async () => {
    const strong = await make({ permissions: ['inbox.read', 'inbox.manage'] });
    const keeper = await make({ permissions: ['api_key.manage', 'inbox.read'] });
    expect((await rotate(strong.id, {}, keeper.key)).json).toMatchObject({ status: 403, code: 'forbidden' });
    expect(await use(strong.key)).toBe(200);
    const weak = await make();
    expect((await rotate(weak.id, {}, keeper.key)).status).toBe(200);
  });

  it('never hold what belongs to a person', async () => {
    const { json } = await desk.api('POST', '/api-keys', {
      token: admin(),
      body: { name: 'all', permissions: ['session', 'public', 'installation.manage'] },
    });
    expect(json.errors.map((error: { path: string }) => error.path)).toEqual(['permissions.0', 'permissions.1', 'permissions.2']);
  });

  it('are those of the account: the key works on when its maker is suspended, and is shown so', async () => {
    const role = (
      await desk.api('POST', '/roles', { token: admin(), body: { name: 'Keys', permissions: ['api_key.manage', 'inbox.read'] } })
    ).json;
    const { agent } = desk.one;
    await desk.api('PATCH', `/members/${agent.userId}`, { token: admin(), body: { roleId: role.id } });
    const token = await desk.signIn(agent.email);
    const made = (await desk.api('POST', '/api-keys', { token, body: { name: 'theirs', permissions: ['inbox.read'] } })).json;
    expect((await listed(made.id)).createdBy).toMatchObject({ id: agent.userId, isActive: true });
    await desk.api('PATCH', `/members/${agent.userId}`, { token: admin(), body: { status: 'suspended' } });
    expect((await listed(made.id)).createdBy).toMatchObject({ id: agent.userId, isActive: false });
    expect(await use(made.key)).toBe(200);
  });
});

describe('a key of its own limits', () => {
  it('shows and changes them one by one, and hands them to whoever counts', async () => {
    const { id, key } = await make({ limits: { perMinute: 60 } });
    expect((await listed(id)).limits).toEqual({ perHour: null, perMinute: 60 });
    const changed = await desk.api('PATCH', `/api-keys/${id}`, { token: admin(), body: { name: 'slow', limits: { perHour: 500 } } });
    expect(changed.json).toMatchObject({ id, name: 'slow', limits: { perHour: 500, perMinute: 60 } });
    expect(await desk.context.auth.authenticate(`Bearer ${key}`)).toMatchObject({
      limits: { perHour: 500, perMinute: 60 },
      tier: 'enterprise',
    });
    await desk.api('PATCH', `/api-keys/${id}`, { token: admin(), body: { limits: { perHour: null } } });
    expect((await listed(id)).limits).toEqual({ perHour: null, perMinute: 60 });
    const entries = await desk.db.sql<{ record: string }>('select record from audit_entries where subject_id = $1 order by seq', [id]);
    expect(entries.map(({ record }) => JSON.parse(record).action)).toEqual(['api_key.created', 'api_key.changed', 'api_key.changed']);
  });

  it.each([
    ['perHour', 0],
    ['perHour', 1_000_001],
    ['perMinute', 100_001],
    ['perMinute', 1.5],
    ['perDay', 5],
  ])('refuses %s %j', async (field, value) => {
    const { json } = await desk.api('POST', '/api-keys', {
      token: admin(),
      body: { name: 'x', permissions: ['inbox.read'], limits: { [field]: value } },
    });
    expect(json.errors[0].path).toBe(`limits.${field}`);
  });
});

describe('a key that ended', () => {
  it('that is revoked stops within a second in every process', async () => {
    const { id, key } = await make();
    expect(await use(key, second.base)).toBe(200);
    expect((await desk.api('DELETE', `/api-keys/${id}`, { token: admin() })).status).toBe(204);
    const at = Date.now();
    while ((await use(key, second.base)) !== 401) await sleep(25);
    expect(Date.now() - at).toBeLessThan(1_000);
    expect((await rotate(id)).status).toBe(404);
  });

  it('expires at its moment, whatever is known of it', async () => {
    const { id, key } = await make({ expiresAt: new Date(Date.now() + 1_200).toISOString() });
    expect(await use(key)).toBe(200);
    await sleep(1_250);
    expect(await use(key)).toBe(401);
    await expect(signing(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is forgotten three months later, and old secrets when their overlap is over', async () => {
    const [ended, running, kept] = [await make(), await make(), await make()];
    await rotate(running.id);
    await endOverlap(running.id, "now() - interval '1 second'");
    await desk.db.sql("update api_keys set revoked_at = now() - interval '91 days' where id = $1", [ended.id]);
    await desk.db.sql("update api_keys set revoked_at = now() - interval '89 days' where id = $1", [kept.id]);
    expect(await sweepKeys(desk.db.database)).toBe(1);
    const rows = await desk.db.sql('select id, previous_secret_hash, previous_expires_at from api_keys where id = any($1) order by id', [
      [ended.id, running.id, kept.id],
    ]);
    expect(rows).toEqual([running.id, kept.id].map((id) => ({ id, previous_secret_hash: null, previous_expires_at: null })));
  });
});
