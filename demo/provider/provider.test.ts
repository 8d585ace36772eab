import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageStatus } from '../../contract/conversation.ts';
import { startWorker, type Worker } from '../../server/jobs/worker.ts';
import { packageRoot } from '../../server/package.ts';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { type Keeper, keepProvider } from '../keeper.ts';
import { findDemoInboxes } from '../queries.ts';
import { prepareDemo } from '../start.ts';

const customer = '33639981234';
let app: TestApp;
let worker: Worker;
let keeper: Keeper;
let token: string;
let conversationId: string;

beforeAll(async () => {
  app = await testApp({ GUICHET_DEMO: 'true' });
  await prepareDemo(app.context, () => {});
  worker = startWorker({ database: app.context.database, handlers: app.context.line.jobs, onError: () => {} });
  app.context.jobs = worker;
  keeper = keepProvider(app.context, { base: app.base, pace: 0.05 });
  await until(async () => (await app.call('GET', '/demo/provider')).status === 200);
  const answer = await app.api('POST', '/auth/login', {
    body: { email: 'agent@guichet.local', password: 'guichet-demo', tokenDelivery: 'body' },
  });
  token = answer.json.accessToken;
  expect((await write('Bonjour')).json).toMatchObject({ hookStatus: 200 });
  conversationId = (await app.api('GET', '/conversations?limit=1', { token })).json.items[0].id;
});
afterAll(async () => {
  keeper.stop();
  await worker.stop();
  await app.close();
});

const write = (text: string) => app.call('POST', '/demo/whatsapp/messages', { body: { from: customer, name: 'Alex Martin', text } });
const steer = (mode: string) => app.call('PUT', '/demo/provider', { body: { mode } });

async function reply(text: string): Promise<string> {
  const answer = await app.api('POST', `/conversations/${conversationId}/messages`, { token, body: { text } });
  expect(answer.status).toBe(201);
  app.context.jobs.wake('outbound');
  return answer.json.id;
}

async function statusOf(id: string): Promise<MessageStatus> {
  const rows = await app.db.sql<{ status: MessageStatus }>('select status from messages where id = $1', [id]);
  return rows[0]?.status ?? 'queued';
}

const becomes = (id: string, status: MessageStatus) => until(async () => (await statusOf(id)) === status);

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isTrue()); waitedMs += 50) {
    if (waitedMs > 15_000) throw new Error('it did not happen in 15 s');
    await sleep(50);
  }
}

test('what a customer writes comes in by the signed hook, and the answer reaches their phone', async () => {
  await becomes(await reply('Bonjour Alex'), 'read');
  const phone = await app.call('GET', `/demo/whatsapp/messages?to=${customer}`);
  expect(phone.json.items.map((message: { text: string }) => message.text)).toEqual(['Bonjour Alex']);
  expect((await app.call('GET', '/demo/whatsapp/messages?to=33639985678')).json.items).toEqual([]);
});

test('it tells ticks only through the signed hook: each is a ledger row that was verified', async () => {
  const id = await reply('Des coches');
  await becomes(id, 'read');
  const rows = await app.db.sql<{ raw: string }>(
    "select convert_from(raw, 'utf8') as raw from ledger where message_id = $1 and kind = 'status' and outcome = 'stored'",
    [id],
  );
  const told = rows.map((row) => JSON.parse(row.raw).entry[0].changes[0].value.statuses[0].status);
  expect(told.toSorted()).toEqual(['delivered', 'read', 'sent']);
  const [inbox] = (await findDemoInboxes(app.context.database)).filter(({ channel }) => channel === 'whatsapp');
  const forged = await app.call('POST', `/hooks/${inbox?.key}`, {
    raw: rows[0]?.raw ?? '',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
  });
  expect(forged.status).toBe(401);
});

test('one that refuses, or finds nobody, leaves the message failed with the reason', async () => {
  await steer('refuses');
  const refused = await reply('Refusé');
  await becomes(refused, 'failed');
  await steer('loses');
  const lost = await reply('Perdu');
  await becomes(lost, 'failed');
  const errors = await app.db.sql<{ error: unknown }>('select error from messages where id = any($1) order by seq', [[refused, lost]]);
  expect(errors.map((row) => row.error)).toMatchObject([
    { class: 'window', code: '131047' },
    { class: 'recipient', code: '131026' },
  ]);
  await steer('works');
});

test('statuses that come twice and out of order lower nothing', async () => {
  await steer('repeats');
  const id = await reply('Deux fois');
  await until(async () => {
    const [row] = await app.db.sql<{ n: number }>("select count(*)::int as n from ledger where message_id = $1 and kind = 'status'", [id]);
    return row?.n === 6;
  });
  expect(await statusOf(id)).toBe('read');
  await steer('works');
});

test('one that dies in the middle of the call leaves the message uncertain; started again, it works', async () => {
  const before = (await app.call('GET', '/demo/provider')).json;
  await steer('dies');
  const id = await reply('Coupé');
  await becomes(id, 'uncertain');
  await until(async () => (await app.call('GET', '/demo/provider')).status === 200);
  const after = (await app.call('GET', '/demo/provider')).json;
  expect(after.mode).toBe('works');
  expect(after.boot).not.toBe(before.boot);
  await becomes(await reply('Après'), 'read');
  expect(await statusOf(id)).toBe('uncertain');
}, 30_000);

test('two processes share one stand-in, and the second takes over when the first ends', async () => {
  const second = keepProvider(app.context, { base: app.base, pace: 0.05 });
  try {
    const { boot } = (await app.call('GET', '/demo/provider')).json;
    await second.check();
    expect((await app.call('GET', '/demo/provider')).json.boot).toBe(boot);
    keeper.stop();
    await until(async () => (await app.call('GET', '/demo/provider')).status === 503);
    await second.check();
    await until(async () => (await app.call('GET', '/demo/provider')).status === 200);
    await becomes(await reply('Relève'), 'read');
  } finally {
    keeper = second;
  }
});

test('without its token it tells nothing', async () => {
  const [inbox] = (await findDemoInboxes(app.context.database)).filter(({ channel }) => channel === 'whatsapp');
  for (const path of ['/state', '/outbox?to=1', '/v23.0/100000000000001/messages', '/other']) {
    expect((await fetch(`${String(inbox?.settings.apiUrl)}${path}`)).status).toBe(401);
  }
});

test('only numbers that are reserved for fiction write, and only what can be a message', async () => {
  const bodies = [
    { from: '33612345678', name: 'A', text: 'x' },
    { from: customer, name: 'A', text: '' },
    { from: customer, name: 'A', text: 'x', more: 1 },
  ];
  for (const body of bodies) expect((await app.call('POST', '/demo/whatsapp/messages', { body })).status).toBe(400);
  expect(
    (await app.call('PUT', '/demo/provider', { body: { mode: 'works' }, headers: { origin: 'https://elsewhere.example' } })).status,
  ).toBe(403);
});

test('the stand-in ends with its parent, also when that is killed', async () => {
  const program = `import { startProvider } from './demo/provider/supervisor.ts';
    const settings = { hookUrl: 'http://127.0.0.1:9/', appSecret: 's', accessToken: 't', phoneNumberId: '1', port: 0, pace: 1 };
    const running = await startProvider(settings, () => {});
    console.log(running.url);`;
  const parent: ChildProcess = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve) => parent.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())));
  expect((await fetch(`${url}/state`)).status).toBe(401);
  parent.kill('SIGKILL');
  const isGone = () =>
    fetch(`${url}/state`).then(
      () => false,
      () => true,
    );
  await until(isGone);
});
