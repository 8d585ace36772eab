import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { io as connect } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';
import { closeSockets, secondServer, testSocket } from '../../test/support/sockets.ts';
import { deriveKey } from '../credentials/seal.ts';
import { newId } from '../db/id.ts';

let app: TestApp;
let inbox: TestInbox;
let foreignInbox: TestInbox;
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
  foreignInbox = await makeInbox(app, app.two.id, 'whatsapp');
});
afterEach(closeSockets);
afterAll(() => app.close());

async function signedIn(token = app.one.agent.token, base = app.base) {
  const socket = testSocket(base, { token });
  await socket.next('authenticated');
  return socket;
}

async function conversationOf(from: string, to = inbox, token = app.one.agent.token): Promise<{ id: string; seq: number }> {
  await arrive(app, to, [{ from, text: `hello from ${from}` }]);
  return (await app.api('GET', '/conversations?limit=1', { token })).json.items[0];
}

test('two members hear a message that one of them has the conversation open for, without joining twice', async () => {
  const { id } = await conversationOf('33700000001');
  const [agent, admin] = [await signedIn(), await signedIn(app.one.admin.token)];
  await Promise.all([agent.join(id), admin.join(id)]);
  await arrive(app, inbox, [{ from: '33700000001', text: 'and again' }]);
  for (const socket of [agent, admin]) {
    expect(await socket.next('message:new')).toMatchObject({
      conversationId: id,
      seq: 2,
      message: { text: 'and again', seq: 2, changeSeq: 2 },
    });
    expect(await socket.next('conversation:update')).toMatchObject({ seq: 2, conversation: { id, lastMessage: { text: 'and again' } } });
  }
  await sleep(50);
  expect(agent.heard.filter(({ name }) => name === 'message:new')).toHaveLength(1);
});

test('a first message is told as a new conversation, to every member and to nobody of another account', async () => {
  const [agent, foreign] = [await signedIn(), await signedIn(app.two.admin.token)];
  const { id } = await conversationOf('33700000002');
  expect(await agent.next('conversation:new')).toMatchObject({ seq: 1, conversation: { id, contact: { name: 'Client 33700000002' } } });
  await sleep(50);
  expect(foreign.heard.filter(({ name }) => /conversation|message/.test(name))).toEqual([]);
});

test('a reply is told to the other member with its ticks, and reads the conversation for its author', async () => {
  const { id } = await conversationOf('33700000003');
  const [agent, admin] = [await signedIn(), await signedIn(app.one.admin.token)];
  await admin.join(id);
  const sent = await app.api('POST', `/conversations/${id}/messages`, { token: app.one.agent.token, body: { text: 'Bonjour' } });
  expect(sent).toMatchObject({ status: 201, json: { status: 'queued', seq: 2, author: { id: app.one.agent.userId } } });
  expect(await admin.next('message:new')).toMatchObject({ message: { id: sent.json.id, direction: 'out' } });
  expect(await agent.next('marked_read')).toEqual({ conversationId: id, messageId: sent.json.id, unreadCount: 0 });
  expect(await admin.next('message:read')).toMatchObject({ conversationId: id, userId: app.one.agent.userId });
});

test('mark_read leaves the right count and is told to all', async () => {
  const from = '33700000004';
  const { id } = await conversationOf(from);
  const [second] = await arrive(app, inbox, [{ from, text: 'two' }]);
  await arrive(app, inbox, [{ from, text: 'three' }]);
  const [agent, admin] = [await signedIn(), await signedIn(app.one.admin.token)];
  expect(await agent.ask('mark_read', { conversationId: id, messageId: second?.messageId })).toEqual({ ok: true });
  expect(await agent.next('marked_read')).toEqual({ conversationId: id, messageId: second?.messageId, unreadCount: 1 });
  expect(await admin.next('message:read')).toMatchObject({
    conversationId: id,
    messageId: second?.messageId,
    userId: app.one.agent.userId,
  });
});

test.each([
  ['join_conversation', {}],
  ['leave_conversation', {}],
  ['typing', { isTyping: true }],
  ['mark_read', { messageId: newId() }],
])('%s answers a foreign id and a missing one alike', async (name, rest) => {
  const foreign = await conversationOf(`3371${Math.floor(Math.random() * 1e7)}`, foreignInbox, app.two.admin.token);
  const agent = await signedIn();
  const answers = [
    await agent.ask(name, { conversationId: foreign.id, ...rest }),
    await agent.ask(name, { conversationId: newId(), ...rest }),
  ];
  expect(answers[0]).toMatchObject({ ok: false, code: 'not_found' });
  expect(answers[0]).toEqual(answers[1]);
});

test('malformed events are answered and change nothing', async () => {
  const agent = await signedIn();
  const bodies = [
    undefined,
    null,
    1,
    'x',
    [],
    {},
    { conversationId: 'x' },
    { conversationId: newId(), more: 1 },
    { conversationId: ['a'] },
    { __proto__: null },
  ];
  for (const name of ['join_conversation', 'leave_conversation', 'typing', 'mark_read', 'presence:update_status', 'authenticate']) {
    for (const body of bodies) expect(await agent.ask(name, body)).toMatchObject({ ok: false, code: 'validation_error' });
  }
  expect(await agent.ask('no_such_event', {})).toMatchObject({ ok: false, code: 'validation_error' });
  agent.socket.emit('typing');
  expect(await agent.ask('heartbeat')).toEqual({ ok: true });
  await agent.next('heartbeat:ack');
  expect(await agent.next('error')).toMatchObject({ code: 'validation_error' });
});

test('nothing is answered before a token is shown, and a cookie is none', async () => {
  const stranger = testSocket(
    app.base,
    {},
    { extraHeaders: { cookie: `access_token=${app.one.agent.token}; token=${app.one.agent.token}` } },
  );
  expect(await stranger.ask('join_conversation', { conversationId: newId() })).toMatchObject({ ok: false, code: 'unauthenticated' });
  expect(await stranger.ask('authenticate', { token: `${app.one.agent.token}x` })).toMatchObject({ ok: false, code: 'unauthenticated' });
  expect(await stranger.ask('authenticate', { token: app.one.agent.token })).toEqual({ ok: true });
  expect(await stranger.next('authenticated')).toMatchObject({ userId: app.one.agent.userId, accountId: app.one.id });
  expect(await stranger.ask('authenticate', { token: app.one.admin.token })).toMatchObject({ ok: false, code: 'forbidden' });
});

test('a wrong token and a page of another site are refused at the door', async () => {
  expect(await testSocket(app.base, { token: 'x.y.z' }).next('connect_error')).toMatchObject({ code: 'unauthenticated' });
  const foreign = testSocket(app.base, { token: app.one.agent.token }, { extraHeaders: { origin: 'https://elsewhere.example' } });
  expect(await foreign.next('connect_error')).toMatchObject({ code: 'forbidden' });
  const own = testSocket(app.base, { token: app.one.agent.token }, { extraHeaders: { origin: app.base } });
  await own.next('authenticated');
});

test('a token that runs out ends the connection, unless a new one was shown before', async () => {
  const short = await shortToken(app.one.agent.token, 3);
  const [silent, renewing] = [await signedIn(short), await signedIn(short)];
  expect(await renewing.ask('authenticate', { token: app.one.agent.token })).toEqual({ ok: true });
  expect(await silent.next('error')).toMatchObject({ code: 'unauthenticated' });
  await silent.next('disconnect');
  expect(renewing.socket.connected).toBe(true);
});

/** The same session with less time left. */
async function shortToken(token: string, seconds: number): Promise<string> {
  const claims = app.context.accessTokens.verify(token);
  if (!claims) throw new Error('not a token');
  const { sub, accountId, role, sid } = claims;
  return new SignJWT({ sub, accountId, role, sid })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setJti(newId())
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(deriveKey(app.context.config.secretKey, 'access token'));
}

test('a reader that does not read is cut off, and the others hear on', async () => {
  const from = '33700000009';
  const { id } = await conversationOf(from);
  const [slow, quick] = [await signedIn(), await signedIn(app.one.admin.token)];
  await Promise.all([slow.join(id), quick.join(id)]);
  const transport = (slow.socket.io.engine as unknown as { transport: { ws: { pause(): void } } }).transport;
  transport.ws.pause();
  const before = app.context.metrics.registry;
  const active = async () => (await before.getMetricsAsJSON()).find((one) => one.name === 'websocket_connections_active')?.values[0]?.value;
  const open = await active();
  for (let n = 0; n < 60; n += 1)
    await arrive(
      app,
      inbox,
      Array.from({ length: 10 }, (_, m) => ({ from, text: `${n}.${m} ${'x'.repeat(20_000)}` })),
    );
  await quick.next('message:new', (body) => String((body['message'] as unknown as { text: string }).text).startsWith('59.9'));
  for (let waited = 0; (await active()) === open && waited < 5_000; waited += 100) await sleep(100);
  expect(await active()).toBe((open ?? 0) - 1);
}, 30_000);

test('a session that is ended in another process loses its socket within a second', async () => {
  const token = await app.signIn(app.one.viewer.email);
  const other = await secondServer(app);
  try {
    const viewer = await signedIn(token);
    const startedAt = Date.now();
    const answer = await fetch(`${other.base}/api/v1/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(204);
    await viewer.next('disconnect');
    expect(Date.now() - startedAt).toBeLessThan(1_000);
  } finally {
    await other.close();
  }
});

test('members of two processes hear each other: messages, presence, viewing, typing', async () => {
  const { id } = await conversationOf('33700000005');
  const other = await secondServer(app);
  try {
    const here = await signedIn();
    const there = await signedIn(app.one.admin.token, other.base);
    expect(await here.next('presence:update', (body) => body['userId'] === app.one.admin.userId)).toMatchObject({ status: 'online' });
    await here.join(id);
    await there.join(id);
    const both = [app.one.admin.userId, app.one.agent.userId].sort();
    expect(await here.next('viewing', (body) => (body['userIds'] as unknown as string[]).length === 2)).toEqual({
      conversationId: id,
      userIds: both,
    });
    await there.ask('typing', { conversationId: id, isTyping: true });
    expect(await here.next('typing')).toEqual({ conversationId: id, userId: app.one.admin.userId, isTyping: true });
    const startedAt = performance.now();
    expect(await here.next('typing')).toEqual({ conversationId: id, userId: app.one.admin.userId, isTyping: false });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(there.heard.filter(({ name }) => name === 'typing')).toEqual([]);
    await arrive(app, inbox, [{ from: '33700000005', text: 'to both' }]);
    expect(await there.next('message:new')).toMatchObject({ message: { text: 'to both' } });
    await here.next('message:new');
    there.socket.disconnect();
    expect(await here.next('viewing', (body) => (body['userIds'] as unknown as string[]).length === 1)).toEqual({
      conversationId: id,
      userIds: [app.one.agent.userId],
    });
    expect(await here.next('presence:update', (body) => body['userId'] === app.one.admin.userId)).toMatchObject({ status: 'offline' });
  } finally {
    closeSockets();
    await other.close();
  }
});

test('several tabs are one member, and the busiest speaks for all', async () => {
  const watcher = await signedIn(app.one.viewer.token);
  const of = (status: string) => (body: Record<string, unknown>) => body['userId'] === app.one.agent.userId && body['status'] === status;
  const [first, second] = [await signedIn(), await signedIn()];
  await watcher.next('presence:update', of('online'));
  await first.ask('presence:update_status', { status: 'busy' });
  await watcher.next('presence:update', of('busy'));
  await second.ask('presence:update_status', { status: 'away' });
  first.socket.disconnect();
  await watcher.next('presence:update', of('away'));
  second.socket.disconnect();
  await watcher.next('presence:update', of('offline'));
});

test('after a cut link the changes are exactly what was missed', async () => {
  const from = '33700000006';
  const { id, seq } = await conversationOf(from);
  const sent = await app.api('POST', `/conversations/${id}/messages`, { token: app.one.agent.token, body: { text: 'note', kind: 'note' } });
  await arrive(app, inbox, [
    { from, text: 'missed 1' },
    { from, text: 'missed 2' },
  ]);
  await app.api('PUT', `/conversations/${id}/assignment`, { token: app.one.agent.token, body: { assigneeId: app.one.agent.userId } });
  const changes = (await app.api('GET', `/conversations/${id}/changes?since=${seq}`, { token: app.one.agent.token })).json;
  expect(changes).toMatchObject({
    seq: seq + 4,
    more: false,
    conversation: { id, seq: seq + 4, assignee: { id: app.one.agent.userId }, unreadCount: 2 },
  });
  expect(changes.messages.map((one: { text: string; changeSeq: number }) => [one.text, one.changeSeq])).toEqual([
    ['note', seq + 1],
    ['missed 1', seq + 2],
    ['missed 2', seq + 3],
  ]);
  expect(changes.messages[0].id).toBe(sent.json.id);
  expect((await app.api('GET', `/conversations/${id}/changes?since=${seq + 4}`, { token: app.one.agent.token })).json.messages).toEqual([]);
});

test('an id in capitals is the same conversation', async () => {
  const { id } = await conversationOf('33700000099');
  const agent = await signedIn();
  await agent.join(id.toUpperCase());
  await arrive(app, inbox, [{ from: '33700000099', text: 'heard' }]);
  expect(await agent.next('message:new')).toMatchObject({ conversationId: id, message: { text: 'heard' } });
});

test('the namespace without a name lets nobody in', async () => {
  const socket = connect(app.base, { transports: ['websocket'], reconnection: false });
  const outcome = await new Promise((resolve) => {
    socket.on('connect', () => resolve('let in'));
    socket.on('connect_error', (error) => resolve(error.message));
  });
  socket.disconnect();
  expect(outcome).toMatch(/There is nothing here/);
});
