import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { hire } from '../../test/support/people.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const create = (body: object, token = desk.one.admin.token, headers = {}) => desk.api('POST', '/api-keys', { token, body, headers });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('an API key', () => {
  it('is shown once and kept as a hash', async () => {
    const { json, status } = await create({ name: 'site', permissions: ['inbox.read'] });
    expect(status).toBe(201);
    expect(json.key).toMatch(new RegExp(`^gk_${json.prefix}_[\\w-]{43}$`));
    const [row] = await desk.db.sql<{ text: string }>('select k::text as text from api_keys k where id = $1', [json.id]);
    const listed = await desk.api('GET', '/api-keys', { token: desk.one.admin.token });
    for (const text of [row?.text, listed.text])
      for (const secret of [json.key.slice(20), json.signingSecret]) expect(text).not.toContain(secret);
    expect(listed.json.items[0]).toMatchObject({ id: json.id, prefix: json.prefix, lastUsedAt: null });
  });

  it('does what it was given and nothing else, in its own account', async () => {
    const { key } = (await create({ name: 'reader', permissions: ['inbox.read'] })).json;
    await desk.api('POST', '/inboxes', { token: desk.two.admin.token, body: { channel: 'form', name: 'Theirs', settings: {} } });
    expect((await desk.api('GET', '/inboxes', { token: key })).json).toMatchObject({ items: [] });
    expect((await desk.api('GET', '/members', { token: key })).status).toBe(403);
    expect((await desk.api('GET', '/auth/me', { token: key })).status).toBe(403);
    for (const wrong of [`${key}x`, key.slice(0, -1), key.replace('gk_', 'gk_0'), `${key.slice(0, 20)}${'A'.repeat(43)}`]) {
      expect((await desk.api('GET', '/inboxes', { token: wrong })).status).toBe(401);
    }
  });

  it('can do no more than whoever makes it', async () => {
    const unknown = await create({ name: 'x', permissions: ['inbox.read', 'everything'] });
    expect(unknown.json.errors).toEqual([{ path: 'permissions.1', message: 'is not a permission that you hold' }]);
    const { key } = (await create({ name: 'maker', permissions: ['api_key.manage', 'inbox.read'] })).json;
    expect((await create({ name: 'more', permissions: ['inbox.manage'] }, key)).status).toBe(400);
    expect((await create({ name: 'same', permissions: ['inbox.read'] }, key)).status).toBe(201);
  });

  it('with an end or limits of its own gets around them by no other key', async () => {
    const { token } = desk.one.admin;
    const permissions = ['api_key.manage', 'inbox.read'];
    const make = async (more: object) =>
      (await desk.api('POST', '/api-keys', { token, body: { name: 'Bound', permissions, ...more } })).json;
    const free = await make({});
    for (const bound of [
      await make({ expiresAt: new Date(Date.now() + 60_000).toISOString() }),
      await make({ limits: { perHour: 1_000 } }),
    ]) {
      const asked = { token: bound.key as string };
      for (const answer of [
        await desk.api('POST', '/api-keys', { ...asked, body: { name: 'Free', permissions } }),
        await desk.api('PATCH', `/api-keys/${bound.id}`, { ...asked, body: { limits: { perHour: null } } }),
        await desk.api('POST', `/api-keys/${free.id}/rotation`, { ...asked, body: {} }),
      ])
        expect(answer.json).toMatchObject({ status: 403, code: 'forbidden' });
      // Its own secret is its own matter: the end and the limits stay.
      expect((await desk.api('POST', `/api-keys/${bound.id}/rotation`, { ...asked, body: {} })).status).toBe(200);
    }
    expect((await desk.api('POST', '/api-keys', { token: free.key, body: { name: 'Free too', permissions } })).status).toBe(201);
  });

  it('is made and rotated by nobody who may do less since a moment ago', async () => {
    const admin = { token: desk.one.admin.token };
    const permissions = ['inbox.read', 'inbox.manage'];
    const body = { name: 'Late', permissions };
    const known = (await desk.api('POST', '/api-keys', { ...admin, body })).json;
    const made: number[] = [];
    for (const path of ['/api-keys', `/api-keys/${known.id}/rotation`]) {
      const member = await hire(desk, 'admin');
      // What is known of a session is believed for half a second.
      await desk.api('GET', '/auth/me', { token: member.token });
      await desk.api('PATCH', `/members/${member.userId}`, { ...admin, body: { role: 'viewer' } });
      made.push((await desk.api('POST', path, { token: member.token, body: path === '/api-keys' ? body : {} })).status);
    }
    expect(made.filter((status) => status < 400)).toEqual([]);
  });

  it('notes its use, stops when it is revoked and when it expires', async () => {
    const { id, key } = (
      await create({ name: 'short', permissions: ['inbox.read'], expiresAt: new Date(Date.now() + 60_000).toISOString() })
    ).json;
    expect((await desk.api('GET', '/inboxes', { token: key })).status).toBe(200);
    await pause(200);
    const [listed] = (await desk.api('GET', '/api-keys?limit=1', { token: desk.one.admin.token })).json.items;
    expect(listed.lastUsedAt).not.toBeNull();
    await desk.db.sql("update api_keys set expires_at = now() - interval '1 second' where id = $1", [id]);
    await pause(900);
    expect((await desk.api('GET', '/inboxes', { token: key })).status).toBe(401);
    expect((await create({ name: 'old', permissions: ['inbox.read'], expiresAt: '2020-01-01T00:00:00.000Z' })).json.errors[0].path).toBe(
      'expiresAt',
    );

    const revoked = (await create({ name: 'gone', permissions: ['inbox.read'] })).json;
    expect((await desk.api('GET', '/inboxes', { token: revoked.key })).status).toBe(200);
    expect((await desk.api('DELETE', `/api-keys/${revoked.id}`, { token: desk.one.admin.token })).status).toBe(204);
    expect((await desk.api('GET', '/inboxes', { token: revoked.key })).status).toBe(401);
    expect((await desk.api('DELETE', `/api-keys/${revoked.id}`, { token: desk.one.admin.token })).status).toBe(404);
  });

  it('is made once for one Idempotency-Key, and its secrets are not kept for a second answer', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const body = { name: 'once', permissions: ['inbox.read'] };
    const { json } = await create(body, undefined, headers);
    expect((await create(body, undefined, headers)).json).toMatchObject({ status: 409, code: 'conflict' });
    expect(await desk.db.sql("select 1 from api_keys where name = 'once'")).toHaveLength(1);
    const kept = await desk.db.sql<{ text: string }>('select k::text as text from idempotency_keys k');
    expect(kept.map(({ text }) => text).join()).not.toContain(json.key);
  });
});
