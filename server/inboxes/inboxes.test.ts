import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const whatsapp = {
  phoneNumberId: '1234567890',
  accessToken: 'access-secret',
  appSecret: 'app-secret-0123456789',
  verifyToken: 'verify-secret',
};
const create = (body: object, token = desk.one.admin.token, headers = {}) => desk.api('POST', '/inboxes', { token, body, headers });
const createForm = async () => (await create({ channel: 'form', name: 'Contact', settings: {} })).json;

describe('an inbox', () => {
  it('asks for a sign-in, and for the right to manage, before it looks at the body', async () => {
    expect((await desk.api('POST', '/inboxes', { body: { channel: 'x' } })).status).toBe(401);
    expect((await create({ channel: 'x' }, desk.one.agent.token)).json).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('of another account is not there', async () => {
    const { id } = await createForm();
    for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const) {
      const answer = await desk.api(method, `/inboxes/${id}`, { token: desk.two.admin.token, ...(body ? { body } : {}) });
      expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await desk.api('GET', '/inboxes', { token: desk.two.admin.token })).json.items).toEqual([]);
  });

  it('never shows its secrets and keeps them sealed', async () => {
    const created = await create({ channel: 'whatsapp', name: 'Main number', settings: whatsapp });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ channel: 'whatsapp', pageUrl: null, status: 'active', settings: { phoneNumberId: '1234567890' } });
    expect(created.json.hookUrl).toMatch(/\/hooks\/[\w-]{32}$/);
    expect(created.json.capabilities).toMatchObject({ canReply: true, windowHours: 24 });
    const [row] = await desk.db.sql<{ text: string; route_key: string }>('select i::text as text, route_key from inboxes i where id = $1', [
      created.json.id,
    ]);
    const read = await desk.api('GET', `/inboxes/${created.json.id}`, { token: desk.one.viewer.token });
    for (const text of [created.text, read.text, row?.text]) expect(text).not.toMatch(/access-secret|app-secret|verify-secret/);
    expect(row?.route_key).toBe('1234567890');
  });

  it('opens its secrets for the line alone', async () => {
    const { hookUrl } = (await create({ channel: 'whatsapp', name: 'N', settings: whatsapp })).json;
    const [inbox] = await desk.context.line.endpoints.byKey(hookUrl.split('/').pop());
    expect(inbox?.secrets).toEqual({ accessToken: 'access-secret', appSecret: 'app-secret-0123456789', verifyToken: 'verify-secret' });
  });

  it('keeps the secrets that a change leaves out', async () => {
    const { id, hookUrl } = (await create({ channel: 'whatsapp', name: 'N', settings: whatsapp })).json;
    const changed = await desk.api('PATCH', `/inboxes/${id}`, {
      token: desk.one.admin.token,
      body: { name: 'Second', settings: { verifyToken: 'new' }, limits: { perHour: 7 }, status: 'paused' },
    });
    expect(changed.json).toMatchObject({
      name: 'Second',
      status: 'paused',
      limits: { perHour: 7 },
      settings: { phoneNumberId: '1234567890' },
    });
    const [inbox] = await desk.context.line.endpoints.byKey(hookUrl.split('/').pop());
    expect(inbox?.secrets).toMatchObject({ appSecret: 'app-secret-0123456789', verifyToken: 'new' });
  });

  it('names the field that is wrong, in a change too', async () => {
    const refused = await create({ channel: 'whatsapp', name: 'N', settings: { ...whatsapp, phoneNumberId: 'abc', more: 1 } });
    expect(refused.json).toMatchObject({ status: 400, code: 'validation_error' });
    expect(refused.json.errors.map((error: { path: string }) => error.path).sort()).toEqual(['settings.more', 'settings.phoneNumberId']);
    const { id } = await createForm();
    const change = await desk.api('PATCH', `/inboxes/${id}`, {
      token: desk.one.admin.token,
      body: { settings: { fields: [{ name: '1' }] } },
    });
    expect(change.json.errors[0].path).toMatch(/^settings\.fields\.0\./);
  });

  it('takes no access token that could not be sent, and none of the blanks that copying adds', async () => {
    const refused = await create({
      channel: 'whatsapp',
      name: 'N',
      settings: { ...whatsapp, phoneNumberId: '990', accessToken: 'EAA\nG…' },
    });
    expect(refused.json.errors).toMatchObject([{ path: 'settings.accessToken' }]);
    const { json } = await create({
      channel: 'whatsapp',
      name: 'N',
      settings: { ...whatsapp, phoneNumberId: '991', accessToken: ' EAAG\n' },
    });
    const [inbox] = await desk.context.line.endpoints.byKey(json.hookUrl.split('/').pop());
    expect(inbox?.secrets.accessToken).toBe('EAAG');
  });

  it('has the pages of its channel', async () => {
    expect((await createForm()).pageUrl).toMatch(/\/forms\/[\w-]{32}$/);
    expect((await create({ channel: 'webchat', name: 'Chat', settings: {} })).json.pageUrl).toMatch(/\/chat\/[\w-]{32}$/);
  });

  it('is made once for one Idempotency-Key, and another body under it is refused', async () => {
    const headers = { 'idempotency-key': 'form-1' };
    const body = { channel: 'form', name: 'Once', settings: {} };
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body, undefined, headers)));
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    const again = await create(body, undefined, headers);
    expect(new Set([...answers.filter(({ status }) => status === 201), again].map(({ json }) => json.id)).size).toBe(1);
    expect((await create({ ...body, name: 'Other' }, undefined, headers)).json).toMatchObject({
      status: 422,
      code: 'idempotency_conflict',
    });
    expect((await create(body, desk.two.admin.token, headers)).json.id).not.toBe(again.json.id);
    expect((await create(body, undefined, { 'idempotency-key': 'x'.repeat(256) })).status).toBe(400);
  });

  it('can be deleted while nothing has happened in it, and not afterwards', async () => {
    const { id } = await createForm();
    await desk.db.sql('insert into contacts (account_id, id) values ($1, $2)', [desk.one.id, id]);
    await desk.db.sql(
      'insert into conversations (account_id, id, inbox_id, contact_id, channel, last_activity_at) values ($1, $2, $2, $2, $3, now())',
      [desk.one.id, id, 'form'],
    );
    expect((await desk.api('DELETE', `/inboxes/${id}`, { token: desk.one.admin.token })).json).toMatchObject({
      status: 409,
      code: 'conflict',
    });
    const fresh = await createForm();
    expect((await desk.api('DELETE', `/inboxes/${fresh.id}`, { token: desk.one.admin.token })).status).toBe(204);
    expect((await desk.api('GET', `/inboxes/${fresh.id}`, { token: desk.one.admin.token })).status).toBe(404);
    expect(await desk.db.sql('select 1 from endpoints where key = $1', [fresh.hookUrl.split('/').pop()])).toEqual([]);
  });

  it('is listed in pages that miss and repeat none', async () => {
    const { token } = desk.two.agent;
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create({ channel: 'form', name, settings: {} }, desk.two.admin.token);
    const all = (await desk.api('GET', '/inboxes', { token })).json.items.map((one: { id: string }) => one.id);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const { json } = await desk.api('GET', `/inboxes?limit=2${cursor}`, { token });
      seen.push(...json.items.map((one: { id: string }) => one.id));
      if (json.nextCursor === null) break;
      cursor = `&cursor=${json.nextCursor}`;
    }
    expect(seen).toEqual(all);
  });
});
