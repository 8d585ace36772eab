import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';
import { newId } from '../db/id.ts';
import { conversationJobs } from './jobs.ts';

let app: TestApp;
let inbox: TestInbox;
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
});
afterAll(() => app.close());

const get = (path: string, token = app.one.agent.token) => app.api('GET', path, { token });
const send = (method: string, path: string, body?: unknown, token = app.one.agent.token) =>
  app.api(method, path, { token, ...(body === undefined ? {} : { body }) });
const texts = (from: string, count = 1) =>
  arrive(
    app,
    inbox,
    Array.from({ length: count }, (_, n) => ({ from, text: `text ${n} of ${from}` })),
  );

const routes: [method: string, path: string, body: unknown, isWrite: boolean][] = [
  ['GET', '/conversations/:id', undefined, false],
  ['PATCH', '/conversations/:id', { priority: 'high' }, true],
  ['PUT', '/conversations/:id/assignment', { assigneeId: newId() }, true],
  ['DELETE', '/conversations/:id/assignment', undefined, true],
  ['PUT', '/conversations/:id/closure', {}, true],
  ['DELETE', '/conversations/:id/closure', undefined, true],
  ['PUT', '/conversations/:id/snooze', { until: new Date(Date.now() + 60_000).toISOString() }, true],
  ['DELETE', '/conversations/:id/snooze', undefined, true],
  ['PUT', '/conversations/:id/mute', {}, false],
  ['DELETE', '/conversations/:id/mute', undefined, false],
  ['PUT', '/conversations/:id/read', { messageId: newId() }, false],
  ['DELETE', '/conversations/:id/read', undefined, false],
  ['GET', '/conversations/:id/messages', undefined, false],
  ['GET', '/conversations/:id/changes?since=0', undefined, false],
  ['POST', '/conversations/:id/messages', { text: 'hello' }, true],
  ['POST', '/messages/:message/resend', {}, true],
  ['GET', '/contacts/:contact', undefined, false],
  ['PATCH', '/contacts/:contact', { name: 'Other' }, true],
];

test.each(routes)(
  '%s %s: 401 without a credential, the same 404 for a foreign and a missing id, 403 without the permission',
  async (method, path, body, isWrite) => {
    const [stored] = await texts('33611111111');
    const own = (await get('/conversations?limit=1')).json.items[0];
    const fill = (conversation: string, message: string, contact: string) =>
      path.replace(':id', conversation).replace(':message', message).replace(':contact', contact);
    const mine = fill(own.id, stored?.messageId ?? '', own.contact.id);
    expect((await app.api(method, mine, { ...(body === undefined ? {} : { body }) })).status).toBe(401);
    const foreign = await send(method, mine, body, app.two.admin.token);
    const missing = await send(method, fill(newId(), newId(), newId()), body, app.two.admin.token);
    expect(foreign.status).toBe(404);
    expect({ ...foreign.json, requestId: '' }).toEqual({ ...missing.json, requestId: '' });
    if (isWrite) expect((await send(method, mine, body, app.one.viewer.token)).status).toBe(403);
  },
);

test('the list comes in the order of activity, page by page, each conversation once, with what is unread', async () => {
  const from = Array.from({ length: 7 }, (_, n) => `3362222000${n}`);
  for (const one of from) await texts(one, 2);
  const seen: string[] = [];
  let cursor = '';
  do {
    const page = await get(`/conversations?limit=3${cursor && `&cursor=${cursor}`}`);
    expect(page.status).toBe(200);
    seen.push(...page.json.items.map((item: { contact: { label: string } }) => item.contact.label));
    cursor = page.json.nextCursor;
  } while (cursor);
  expect(seen.slice(0, 7)).toEqual(from.map((one) => `Client ${one}`).reverse());
  expect(new Set(seen).size).toBe(seen.length);
  const [first] = (await get('/conversations?limit=1')).json.items;
  expect(first).toMatchObject({
    unreadCount: 2,
    seq: 2,
    channel: 'whatsapp',
    status: 'open',
    lastMessage: { text: 'text 1 of 33622220006', direction: 'in' },
  });
  expect(new Date(first.windowExpiresAt).getTime() - new Date(first.lastInboundAt).getTime()).toBe(24 * 3_600_000);
});

test('a limit out of range, a foreign cursor and an unknown filter are refused with the field', async () => {
  for (const query of ['limit=0', 'limit=101', 'cursor=%00%ff', 'cursor=abc', 'nothing=1', 'status=done', 'q=']) {
    const answer = await get(`/conversations?${query}`);
    expect({ query, status: answer.status, path: answer.json.errors[0]?.path }).toEqual({ query, status: 400, path: query.split('=')[0] });
  }
});

test('filters narrow the list: by view, inbox, contact, member, unread and part of a name or address', async () => {
  await texts('33633330001');
  const [item] = (await get('/conversations?limit=1')).json.items;
  await send('PUT', `/conversations/${item.id}/assignment`, { assigneeId: app.one.agent.userId });
  const found = async (query: string, token?: string) =>
    (await get(`/conversations?${query}`, token)).json.items.some((one: { id: string }) => one.id === item.id);
  const yes = [
    'view=mine',
    'view=all',
    `inboxId=${inbox.id}`,
    `contactId=${item.contact.id}`,
    `assigneeId=${app.one.agent.userId}`,
    'unread=true',
    'status=open',
    'q=333300',
    'q=client%2033633330001',
  ];
  const no = [
    'view=unassigned',
    'view=closed',
    `inboxId=${newId()}`,
    `contactId=${newId()}`,
    'unread=false',
    'status=closed',
    'q=3336%25',
    'q=%25',
    'q=_',
  ];
  for (const query of yes) expect({ query, found: await found(query) }).toEqual({ query, found: true });
  for (const query of no) expect({ query, found: await found(query) }).toEqual({ query, found: false });
  expect(await found('view=mine', app.one.admin.token)).toBe(false);
});

test('every change takes the next seq, and the same change again changes nothing', async () => {
  await texts('33644440001');
  const [item] = (await get('/conversations?limit=1')).json.items;
  const path = `/conversations/${item.id}`;
  let { seq } = item;
  for (const [method, way, body, wanted] of [
    ['PUT', '/assignment', { assigneeId: app.one.viewer.userId }, { assignee: { id: app.one.viewer.userId, name: 'viewer of one' } }],
    ['DELETE', '/assignment', undefined, { assignee: null }],
    ['PATCH', '', { priority: 'high', subject: 'Order 12' }, { priority: 'high', subject: 'Order 12' }],
    ['PUT', '/snooze', { until: '2099-01-01T00:00:00.000Z' }, { status: 'snoozed', snoozedUntil: '2099-01-01T00:00:00.000Z' }],
    ['DELETE', '/snooze', undefined, { status: 'open', snoozedUntil: null }],
    ['PUT', '/closure', {}, { status: 'closed' }],
    ['DELETE', '/closure', undefined, { status: 'open' }],
    ['PATCH', '', { status: 'pending' }, { status: 'pending' }],
  ] as const) {
    for (const n of [1, 2]) {
      const answer = await send(method, path + way, body);
      expect(answer.json).toMatchObject({ ...wanted, seq: seq + 1 });
      expect({ n, status: answer.status }).toEqual({ n, status: 200 });
    }
    seq += 1;
  }
  expect((await send('PUT', `${path}/snooze`, { until: '2020-01-01T00:00:00.000Z' })).json.errors[0].path).toBe('until');
});

test('a member of another account cannot be given work: the same 400 as for nobody, naming the field', async () => {
  const [item] = (await get('/conversations?limit=1')).json.items;
  const answers = await Promise.all(
    [app.two.agent.userId, newId()].map((assigneeId) => send('PUT', `/conversations/${item.id}/assignment`, { assigneeId })),
  );
  for (const answer of answers)
    expect(answer.json).toMatchObject({ status: 400, code: 'validation_error', errors: [{ path: 'assigneeId' }] });
});

test('a closed conversation cannot be opened while another thread of the contact is open', async () => {
  await texts('33655550001');
  const [first] = (await get('/conversations?limit=1')).json.items;
  await send('PUT', `/conversations/${first.id}/closure`);
  await app.db.sql(
    "update conversations set last_activity_at = now() - interval '8 days', closed_at = now() - interval '8 days' where id = $1",
    [first.id],
  );
  await texts('33655550001');
  const [second] = (await get('/conversations?limit=1')).json.items;
  expect(second.id).not.toBe(first.id);
  const refused = await send('DELETE', `/conversations/${first.id}/closure`);
  expect(refused.json).toMatchObject({ status: 409, code: 'conflict', detail: expect.stringContaining('open') });
  expect((await send('PATCH', `/conversations/${first.id}`, { status: 'open' })).status).toBe(409);
});

test('a contact has its addresses, and a new name shows in its conversations', async () => {
  await texts('33666660001');
  const [item] = (await get('/conversations?limit=1')).json.items;
  expect((await get(`/contacts/${item.contact.id}`)).json).toMatchObject({
    name: 'Client 33666660001',
    identities: [{ kind: 'whatsapp' }],
  });
  expect((await send('PATCH', `/contacts/${item.contact.id}`, { name: null, company: 'Etude Morel' })).json).toMatchObject({
    name: null,
    company: 'Etude Morel',
    label: '33666660001',
  });
  expect((await get(`/conversations/${item.id}`)).json).toMatchObject({ contact: { name: null, label: '33666660001' }, seq: item.seq + 1 });
  const found = await get('/contacts?q=etude%20m');
  expect(found.json.items.map((contact: { id: string }) => contact.id)).toEqual([item.contact.id]);
});

test('a snooze ends when its time has come, not before, and not for one that was taken up since', async () => {
  await texts('33677770001');
  const [item] = (await get('/conversations?limit=1')).json.items;
  const path = `/conversations/${item.id}`;
  await send('PUT', `${path}/snooze`, { until: '2099-01-01T00:00:00.000Z' });
  const [job] = await app.db.sql<{ kind: string; run_at: Date; payload: unknown }>(
    "select kind, run_at, payload from jobs where payload->>'conversationId' = $1",
    [item.id],
  );
  expect(job).toEqual({ kind: 'wake conversation', run_at: new Date('2099-01-01T00:00:00.000Z'), payload: { conversationId: item.id } });
  const [wake] = conversationJobs(app.context);
  const run = () => wake?.run({ accountId: app.one.id, payload: job?.payload, attempt: 1, signal: new AbortController().signal });
  await run();
  expect((await get(path)).json.status).toBe('snoozed');
  await app.db.sql("update conversations set snoozed_until = now() - interval '1 second' where id = $1", [item.id]);
  await run();
  expect((await get(path)).json).toMatchObject({ status: 'open', snoozedUntil: null });
  await send('PUT', `${path}/closure`);
  await run();
  expect((await get(path)).json.status).toBe('closed');
});
