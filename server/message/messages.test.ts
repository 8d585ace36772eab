import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';
import { newId } from '../db/id.ts';

let app: TestApp;
let inbox: TestInbox;
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
});
afterAll(() => app.close());

const get = (path: string) => app.api('GET', path, { token: app.one.agent.token });
const post = (path: string, body: unknown, key?: string) =>
  app.api('POST', path, { token: app.one.agent.token, body, ...(key ? { headers: { 'idempotency-key': key } } : {}) });

async function conversationOf(from: string, to = inbox): Promise<{ id: string; seq: number }> {
  await arrive(app, to, [{ from, text: 'hello' }]);
  return (await get('/conversations?limit=1')).json.items[0];
}
const jobsFor = async (messageId: string) =>
  (await app.db.sql("select * from jobs where kind = 'deliver' and payload->>'messageId' = $1", [messageId])).length;

test('a reply is queued with its job, a note is not sent to anybody', async () => {
  const { id } = await conversationOf('33800000001');
  const reply = await post(`/conversations/${id}/messages`, { text: 'Elle part demain 📦' });
  expect(reply).toMatchObject({
    status: 201,
    json: { seq: 2, changeSeq: 2, status: 'queued', direction: 'out', text: 'Elle part demain 📦', author: { id: app.one.agent.userId } },
  });
  expect(await jobsFor(reply.json.id)).toBe(1);
  const note = await post(`/conversations/${id}/messages`, { text: 'rappeler lundi', kind: 'note', replyTo: reply.json.id });
  expect(note).toMatchObject({ status: 201, json: { seq: 3, status: 'sent', kind: 'note', replyToId: reply.json.id } });
  expect(await jobsFor(note.json.id)).toBe(0);
  expect((await get(`/conversations/${id}`)).json).toMatchObject({
    seq: 3,
    unreadCount: 0,
    lastMessage: { id: note.json.id, kind: 'note' },
  });
});

test('the same Idempotency-Key twenty times at once sends once; another body with it is refused', async () => {
  const { id } = await conversationOf('33800000002');
  const key = randomUUID();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/conversations/${id}/messages`, { text: 'once' }, key)));
  expect(new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.json.id)).size).toBe(1);
  for (const answer of answers) expect([201, 409]).toContain(answer.status);
  expect((await post(`/conversations/${id}/messages`, { text: 'other' }, key)).status).toBe(422);
  expect((await get(`/conversations/${id}/messages`)).json.items).toHaveLength(2);
});

test('what the channel does not take is refused before anything is written', async () => {
  const { id } = await conversationOf('33800000003');
  const path = `/conversations/${id}/messages`;
  expect((await post(path, { text: 'x'.repeat(4_097) })).json).toMatchObject({ status: 400, errors: [{ path: 'text' }] });
  expect((await post(path, { text: '' })).json).toMatchObject({ status: 400, errors: [{ path: 'text' }] });
  expect((await post(path, { text: 'a\u0000b' })).json).toMatchObject({ status: 400, errors: [{ path: 'text' }] });
  expect((await post(path, { text: 'x', replyTo: newId() })).json).toMatchObject({ status: 400, errors: [{ path: 'replyTo' }] });
  expect((await post(path, { text: 'x', more: true })).json).toMatchObject({ status: 400, errors: [{ path: 'more' }] });
  await app.db.sql("update conversations set last_inbound_at = now() - interval '24 hours 1 second' where id = $1", [id]);
  expect((await post(path, { text: 'late' })).json).toMatchObject({ status: 409, code: 'window_closed' });
  expect((await post(path, { text: 'but a note may', kind: 'note' })).status).toBe(201);
  const form = await conversationOf('33800000004', await makeInbox(app, app.one.id, 'form'));
  expect((await post(`/conversations/${form.id}/messages`, { text: 'x' })).json).toMatchObject({ status: 409, code: 'channel_refuses' });
  expect((await get(path)).json.items).toHaveLength(2);
});

test('a message that failed or is uncertain is sent again by choice, once; any other is refused', async () => {
  const { id } = await conversationOf('33800000005');
  const reply = (await post(`/conversations/${id}/messages`, { text: 'again' })).json;
  expect((await post(`/messages/${reply.id}/resend`, {})).status).toBe(409);
  for (const status of ['failed', 'uncertain']) {
    await app.db.sql('update messages set status = $2, error = \'{"class":"unknown"}\' where id = $1', [reply.id, status]);
    const before = await jobsFor(reply.id);
    const answers = await Promise.all([post(`/messages/${reply.id}/resend`, {}), post(`/messages/${reply.id}/resend`, {})]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(answers.find((answer) => answer.status === 200)?.json).toMatchObject({ id: reply.id, status: 'queued', error: null });
    expect((await jobsFor(reply.id)) - before).toBe(1);
  }
});

test('a thread is read from the newest to the oldest, each message once, and its cursor fits no other thread', async () => {
  const from = '33800000006';
  const { id } = await conversationOf(from);
  for (let n = 2; n <= 7; n += 1) await arrive(app, inbox, [{ from, text: `text ${n}` }]);
  const seqs: number[] = [];
  let cursor = '';
  do {
    const page = (await get(`/conversations/${id}/messages?limit=3${cursor && `&cursor=${cursor}`}`)).json;
    seqs.push(...page.items.map((message: { seq: number }) => message.seq));
    cursor = page.nextCursor ?? '';
    if (cursor) {
      const other = await conversationOf('33800000007');
      expect((await get(`/conversations/${other.id}/messages?cursor=${cursor}`)).json).toMatchObject({
        status: 400,
        errors: [{ path: 'cursor' }],
      });
    }
  } while (cursor);
  expect(seqs).toEqual([7, 6, 5, 4, 3, 2, 1]);
});

test('more changes than fit come page by page, without a gap', async () => {
  const from = '33800000008';
  const { id } = await conversationOf(from);
  await arrive(
    app,
    inbox,
    Array.from({ length: 450 }, (_, n) => ({ from, text: `many ${n}` })),
  );
  const seen: number[] = [];
  for (let since = 1, more = true; more; ) {
    const changes = (await get(`/conversations/${id}/changes?since=${since}`)).json;
    seen.push(...changes.messages.map((message: { changeSeq: number }) => message.changeSeq));
    since = seen.at(-1) ?? since;
    more = changes.more;
  }
  expect(seen).toEqual(Array.from({ length: 450 }, (_, n) => n + 2));
});
