import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/support/app.ts';

let desk: TestApp;
let key: string;
beforeAll(async () => {
  desk = await testApp();
  const { token } = desk.one.admin;
  key = (await desk.api('POST', '/api-keys', { token, body: { name: 'mail', permissions: ['ingest.write'] } })).json.key;
  await desk.api('POST', '/inboxes', { token, body: { channel: 'email', name: 'Mail', settings: {} } });
});
afterAll(() => desk.close());

const mail = (id: string) => ({
  channel: 'EMAIL',
  id,
  from: 'Ana <ana@example.fr>',
  to: 'desk@example.fr',
  subject: 'Bonjour',
  text: 'Bonjour à tous',
});
const ingest = (body: object, token = key) => desk.api('POST', '/ingest', { token, body });

it('a message is taken once and then told to be here', async () => {
  const first = await ingest(mail('m1'));
  expect(first.json).toMatchObject({ channel: 'email', externalId: 'm1', status: 'received', duplicate: false });
  const again = await ingest(mail('m1'));
  expect(again.json).toMatchObject({ status: 409, code: 'duplicate_message', checksum: first.json.checksum });
});

it('needs a key that may, JSON, an inbox of the channel and a body that fits', async () => {
  expect((await desk.api('POST', '/ingest', { body: mail('m2') })).status).toBe(401);
  expect((await ingest(mail('m2'), desk.one.agent.token)).status).toBe(403);
  expect((await desk.api('POST', '/ingest', { token: key, raw: 'a=b', headers: { 'content-type': 'text/csv' } })).status).toBe(415);
  expect((await ingest({ channel: 'form', email: 'a@b.fr', message: 'x' })).json).toMatchObject({ status: 400, code: 'inbox_required' });
  expect((await ingest({ ...mail('m3'), from: 'nobody' })).json.errors[0].path).toBe('from');
});

it('too many from one source have to wait, and other sources do not', async () => {
  const { token } = desk.one.admin;
  const [inbox] = (await desk.api('GET', '/inboxes', { token })).json.items;
  await desk.api('PATCH', `/inboxes/${inbox.id}`, { token, body: { limits: { perHour: 4 } } });
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const answers = [];
  for (const n of [1, 2, 3, 4]) answers.push(await ingest(mail(`limit ${n}`)));
  const last = answers.at(-1);
  expect(last?.json).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(3_000);
  expect((await ingest(mail('other source'), token)).status).toBe(200);
});
