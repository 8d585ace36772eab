import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMember } from '../../server/accounts/actions.ts';
import { resetPassword } from '../../server/auth/reset.ts';
import { type TestApp, type TestMember, testApp, testPassword } from '../support/app.ts';
import { closeSockets, secondServer, testSocket } from '../support/sockets.ts';

let desk: TestApp;
let other: Awaited<ReturnType<typeof secondServer>>;
beforeAll(async () => {
  desk = await testApp();
  other = await secondServer(desk);
});
afterAll(async () => {
  closeSockets();
  await other.close();
  await desk.close();
});

const actsWithinMs = 1_000;
let count = 0;

/** Somebody new in the account, with a session of their own. */
async function join(role: 'admin' | 'agent' = 'agent'): Promise<TestMember> {
  count += 1;
  const email = `revoked${count}@one.test`;
  const userId = await createMember(desk.db.database, desk.one.id, { email, password: testPassword, name: `Revoked ${count}`, role });
  return { userId, email, token: await desk.signIn(email) };
}

/** Asks the process that did not decide. */
const elsewhere = async (path: string, token: string, method = 'GET', body?: unknown) => {
  const response = await fetch(`${other.base}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
};

/** How long the other process goes on answering otherwise than this. */
async function timeUntil(ask: () => Promise<number>, wanted: number): Promise<number> {
  const start = performance.now();
  while ((await ask()) !== wanted) {
    if (performance.now() - start > 5_000) throw new Error(`no ${wanted} within five seconds`);
    await sleep(20);
  }
  return performance.now() - start;
}

const asAdmin = async (method: string, path: string, body?: unknown) => {
  const answer = await desk.api(method, path, { token: desk.one.admin.token, ...(body === undefined ? {} : { body }) });
  expect(answer.status, answer.text).toBeLessThan(300);
};

/** Whatever takes somebody's access away, done in this process. */
const ends: [name: string, end: (member: TestMember) => Promise<unknown>][] = [
  ['signs out', (member) => desk.api('POST', '/auth/logout', { token: member.token })],
  ['signs out everywhere', async (member) => desk.api('POST', '/auth/logout-all', { token: await desk.signIn(member.email) })],
  [
    'ends that session from another device',
    async (member) => {
      const { sessionId } = (await desk.api('GET', '/auth/me', { token: member.token })).json;
      return desk.api('DELETE', `/auth/sessions/${sessionId}`, { token: await desk.signIn(member.email) });
    },
  ],
  ['is suspended', (member) => asAdmin('PATCH', `/members/${member.userId}`, { status: 'suspended' })],
  ['is removed', (member) => asAdmin('DELETE', `/members/${member.userId}`)],
  ['gets a new password from the operator', (member) => resetPassword(desk.context, member.email, 'another horse battery')],
];

describe.each(ends)('somebody who %s', (_name, end) => {
  it('is out within a second in a process that did not decide it: over HTTP and on the open socket', async () => {
    const member = await join();
    const socket = testSocket(other.base, { token: member.token });
    await socket.next('authenticated');
    expect(await elsewhere('/auth/me', member.token)).toBe(200);
    const closed = socket.next('disconnect').then(() => performance.now());
    await end(member);
    const start = performance.now();
    expect(await timeUntil(() => elsewhere('/auth/me', member.token), 401)).toBeLessThan(actsWithinMs);
    expect((await closed) - start).toBeLessThan(actsWithinMs);
  });
});

it('a smaller role counts within a second, over HTTP and on the open socket', async () => {
  const member = await join('admin');
  const socket = testSocket(other.base, { token: member.token });
  await socket.next('authenticated');
  const { id } = (
    await desk.api('POST', '/inboxes', { token: desk.one.admin.token, body: { channel: 'form', name: 'Form', settings: {} } })
  ).json;
  const rename = () => elsewhere(`/inboxes/${id}`, member.token, 'PATCH', { name: 'Renamed' });
  expect(await rename()).toBe(200);
  await asAdmin('PATCH', `/members/${member.userId}`, { role: 'viewer' });
  const start = performance.now();
  expect(await timeUntil(rename, 403)).toBeLessThan(actsWithinMs);
  // A viewer is not heard typing.
  for (;;) {
    const answer = await socket.ask('typing', { conversationId: id, isTyping: true });
    if (answer.code === 'forbidden') break;
    expect(performance.now() - start).toBeLessThan(actsWithinMs);
    await sleep(20);
  }
});

it('a key that is revoked stops within a second in a process that did not revoke it', async () => {
  const body = { name: 'Soon gone', permissions: ['inbox.read'] };
  const { id, key } = (await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body })).json;
  expect(await elsewhere('/inboxes', key)).toBe(200);
  await asAdmin('DELETE', `/api-keys/${id}`);
  expect(await timeUntil(() => elsewhere('/inboxes', key), 401)).toBeLessThan(actsWithinMs);
});

it('a suspended account takes no changes within a second, in every process, and still receives', async () => {
  const inbox = (await desk.api('POST', '/inboxes', { token: desk.two.admin.token, body: { channel: 'form', name: 'Form', settings: {} } }))
    .json;
  const rename = () => elsewhere(`/inboxes/${inbox.id}`, desk.two.admin.token, 'PATCH', { name: 'Renamed' });
  expect(await rename()).toBe(200);
  await desk.db.sql("update accounts set status = 'suspended' where id = $1", [desk.two.id]);
  expect(await timeUntil(rename, 403)).toBeLessThan(actsWithinMs);
  const form = await fetch(`${other.base}${new URL(inbox.pageUrl).pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'client@example.fr', message: 'Êtes-vous encore là ?' }),
  });
  expect(await form.json()).toMatchObject({ status: 'received' });
});
