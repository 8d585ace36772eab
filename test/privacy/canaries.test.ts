import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createAccount } from '../../server/accounts/actions.ts';
import { createActors } from '../../server/audit/actor.ts';
import { startSmtp, type SmtpStandIn } from '../stand-ins/smtp.ts';
import { type Started, startGuichet } from '../support/command.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { signed, whatsappMessages } from '../support/whatsapp.ts';
import { createPlanted } from './planted.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const planted = createPlanted();
const { plant, note } = planted;
const dir = mkdtempSync(join(tmpdir(), 'guichet-canary-'));
const secretKey = plant('master key', (canary) => `${canary}-0123456789-abcdefghij`);
const admin = { email: plant('e-mail of a member', (canary) => `${canary}@desk.example`), password: plant('password') };
const metricsToken = plant('metrics token');
const phone = `3363998${Math.floor(Math.random() * 90_000 + 10_000)}`;
note('phone of a customer', phone);

let db: TestDatabase;
let smtp: SmtpStandIn;
let provider: Server;
let server: Started;
/** Bodies and headers of every answer that is no success, and where answers send a browser. */
const refused: string[] = [];
let calls = 0;

beforeAll(async () => {
  db = await testDatabase();
  smtp = await startSmtp();
  // A provider that says everything back that it was told, as many do.
  provider = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `refused ${body} ${JSON.stringify(request.headers)}`, code: 100 } }));
    });
  }).listen(0, '127.0.0.1');
  await createAccount(db.database, createActors(secretKey).operator, { name: 'Cabinet', memberName: plant('name of a member'), ...admin });
  server = await startGuichet(['serve'], {
    GUICHET_DATA_DIR: dir,
    DATABASE_URL: db.ownerUrl,
    DATABASE_APP_URL: db.appUrl,
    DATABASE_JOB_URL: db.jobUrl,
    GUICHET_SECRET_KEY: secretKey,
    GUICHET_SMTP_URL: smtp.url,
    GUICHET_MAIL_FROM: 'desk@desk.example',
    GUICHET_METRICS_TOKEN: metricsToken,
    GUICHET_WHATSAPP_API_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}`,
    LOG_LEVEL: 'trace',
  });
});
afterAll(async () => {
  await server?.stop('SIGTERM');
  provider?.close();
  await smtp?.stop();
  await db?.drop();
  rmSync(dir, { recursive: true, force: true });
});

interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any
  json: any;
}

async function call(
  method: string,
  path: string,
  options: { token?: string; body?: unknown; raw?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { token, body, raw, headers = {} } = options;
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(server.base + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'user-agent': plant('user agent'),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
  });
  const text = await response.text();
  calls += 1;
  if (response.status >= 300) refused.push(`${method} ${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return { status: response.status, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}
const api = (method: string, path: string, options?: Parameters<typeof call>[2]) => call(method, `/api/v1${path}`, options);

/** Bytes that no client library would send. */
function raw(text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(server.base).port), '127.0.0.1', () => socket.end(text));
    socket.on('data', (chunk) => refused.push(chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}

async function signIn(): Promise<{ token: string; refreshToken: string }> {
  const { json } = await api('POST', '/auth/login', { body: { ...admin, tokenDelivery: 'body' } });
  note('access token', json.accessToken);
  note('refresh token', json.refreshToken);
  return { token: json.accessToken, refreshToken: json.refreshToken };
}

/** The token of the next mail that has one; others tell people what happened. */
async function nextToken(): Promise<string> {
  const { token } = await smtp.next(admin.email);
  return token === '' ? nextToken() : token;
}

test('what people are: their sign-ins, links, sessions and mistakes', async () => {
  const { refreshToken } = await signIn();
  const refreshed = await api('POST', '/auth/refresh', { body: { refreshToken, tokenDelivery: 'body' } });
  note('refreshed token', refreshed.json.refreshToken);
  await api('POST', '/auth/refresh', { headers: { cookie: `guichet_refresh=${plant('cookie')}` } });
  for (let n = 0; n < 7; n += 1)
    await api('POST', '/auth/login', {
      body: { email: plant('unknown e-mail', (canary) => `${canary}@else.example`), password: plant('wrong password') },
    });
  for (let n = 0; n < 7; n += 1)
    await api('POST', '/auth/login', { body: { email: `x${admin.email}`, password: plant('wrong password') } });
  await api('POST', '/auth/login', { body: { ...admin, totp: plant('code') } });
  await api('GET', '/auth/me', { token: plant('made-up token') });
  await api('GET', '/auth/me', { token: `gk_0123456789abcdef_${plant('made-up key')}` });
  for (const way of ['magic-link', 'password-reset']) {
    await api('POST', `/auth/${way}`, { body: { email: admin.email } });
    note(`token of ${way}`, await nextToken());
    await api('POST', `/auth/${way}/consume`, { body: { token: plant('link token'), password: plant('new password') } });
    await api('POST', `/auth/${way}/consume`, {
      body: { token: plant('link token', (canary) => Buffer.from(canary.repeat(4).slice(0, 48)).toString('base64url')) },
    });
  }
  await api('GET', `/auth/oidc/google/callback?code=${plant('provider code')}&state=${plant('provider state')}`);
  await api('GET', `/auth/oidc/${plant('provider')}/start?next=/${plant('way back')}`);
  await api('POST', '/invitations/preview', { body: { token: plant('invitation token') } });
});

test('what customers write, on every way in, and what members answer', async () => {
  const { token } = await signIn();
  const settings = {
    phoneNumberId: '106540352242922',
    accessToken: plant('provider token'),
    appSecret: plant('app secret'),
    verifyToken: plant('verify token'),
  };
  const whatsapp = (await api('POST', '/inboxes', { token, body: { channel: 'whatsapp', name: 'Main', settings } })).json;
  const form = (await api('POST', '/inboxes', { token, body: { channel: 'form', name: 'Form', settings: {} } })).json;
  const chat = (await api('POST', '/inboxes', { token, body: { channel: 'webchat', name: 'Chat', settings: {} } })).json;
  for (const inbox of [whatsapp, form, chat]) note('key of a hook', inbox.hookUrl.split('/').at(-1));
  const hook = new URL(whatsapp.hookUrl).pathname;
  const letter = whatsappMessages(settings.phoneNumberId, [
    { id: 'wamid.1', from: phone, text: plant('message text'), name: plant('name of a customer') },
  ]);
  await call('POST', hook, { raw: letter, headers: signed(letter, settings.appSecret) });
  await call('POST', hook, { raw: letter, headers: signed(letter, plant('wrong app secret')) });
  await call('POST', hook, { raw: `{"half": "${plant('half of a body')}`, headers: signed(`{`, settings.appSecret) });
  const half = `{"half": "${plant('signed half')}`;
  await call('POST', hook, { raw: half, headers: signed(half, settings.appSecret) });
  await call('GET', `${hook}?hub.mode=subscribe&hub.verify_token=${plant('wrong verify token')}&hub.challenge=1`);
  await call('POST', `/hooks/${plant('unknown hook key')}`, { body: { text: plant('text to nowhere') } });

  const customer = () => ({
    email: plant('e-mail of a customer', (canary) => `${canary}@client.example`),
    name: plant('name of a customer'),
  });
  const body = { channel: 'form', inboxId: form.id, message: plant('message text'), ...customer() };
  await api('POST', '/ingest', { token, body, headers: { 'idempotency-key': plant('idempotency key') } });
  await api('POST', '/ingest', { token, body: { ...body, email: plant('broken e-mail') } });
  await api('POST', '/ingest', { token, raw: `{"channel": "${plant('broken json')}`, headers: { 'content-type': 'application/json' } });
  await call('POST', `/forms/${form.hookUrl.split('/').at(-1)}`, { body: { message: plant('message text'), ...customer() } });
  const visitor = (await call('POST', `/chat/${chat.hookUrl.split('/').at(-1)}/sessions`, { body: {} })).json;
  if (visitor?.token) note('visitor token', visitor.token);
  await call('POST', `/chat/${chat.hookUrl.split('/').at(-1)}/messages`, {
    token: visitor?.token,
    body: { id: 'm1', text: plant('message text') },
  });

  const [conversation] = (await api('GET', `/conversations?inboxId=${whatsapp.id}`, { token })).json.items;
  const messages = `/conversations/${conversation.id}/messages`;
  await api('POST', messages, { token, body: { text: plant('note'), kind: 'note' } });
  // Its delivery fails: the provider says everything back.
  await api('POST', messages, { token, body: { text: plant('reply') } });
  await api('POST', messages, { token, body: { text: plant('reply'), replyTo: plant('reference') } });
  await api('GET', `/conversations?q=${plant('search')}`, { token });
  await api('GET', `/contacts?q=${plant('search')}&more=${plant('query string')}`, { token });
  await api('GET', `/audit?q=${plant('search')}`, { token });
  await api(
    'GET',
    `/files/0193a000-0000-7000-8000-000000000000?account=0193a000-0000-7000-8000-000000000000&expires=1&signature=${plant('signature')}`,
  );
});

test('what is wrong with requests, on every layer', async () => {
  const { token } = await signIn();
  const key = (await api('POST', '/api-keys', { token, body: { name: 'Key', permissions: ['inbox.read'] } })).json;
  note('API key', key.key);
  note('signing secret', key.signingSecret);
  await api('GET', '/inboxes', { token: key.key });
  await api('GET', '/members', { token: key.key });
  await api('POST', '/invitations', {
    token,
    body: { email: plant('invited e-mail', (canary) => `${canary}@new.example`), role: 'agent' },
  });
  await api('POST', '/invitations', { token, body: { email: plant('broken e-mail'), role: plant('role') } });
  await api('GET', `/${plant('path')}/${plant('path')}?a=${plant('query string')}`, { token });
  await api('GET', `/inboxes/${plant('id')}`, { token });
  await api('PUT', `/inboxes?x=${plant('query string')}`, { token });
  await api('GET', `/inboxes?cursor=${plant('cursor')}`, { token });
  await api('GET', `/inboxes?limit=${plant('limit')}`, { token });
  await api('POST', '/inboxes', { token, raw: plant('form'), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  await api('POST', '/inboxes', {
    token,
    body: { channel: plant('channel'), name: 'x'.repeat(300), settings: { accessToken: plant('provider token') } },
  });
  await api('POST', '/auth/login', { body: { email: { $ne: plant('object') }, password: plant('password') } });
  await call('GET', `/metrics?x=${plant('query string')}`, { token: plant('metrics token') });
  await call('GET', `/${plant('page')}#${plant('fragment')}`);
  await raw(`NONSENSE ${plant('request line')}\r\n\r\n`);
  await raw(`GET /%ff?${plant('query string')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${plant('huge header').repeat(4_000)}\r\n\r\n`);
  await raw(
    `POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"password":"${plant('cut off')}`,
  );
});

test('what sockets say', async () => {
  const { token } = await signIn();
  const attempt = async (auth: object, query: Record<string, string>, talk: boolean) => {
    const socket = io(`${server.base}/ws`, { auth, query, transports: ['websocket'], reconnection: false, forceNew: true });
    await new Promise<void>((resolve) => {
      socket.on('authenticated', () => resolve());
      socket.on('connect_error', (error) => {
        refused.push(error.message);
        resolve();
      });
      setTimeout(resolve, 1_000);
    });
    if (talk) {
      for (const [name, body] of [
        ['join_conversation', { conversationId: plant('conversation') }],
        ['typing', plant('typing')],
        ['mark_read', [plant('message')]],
        [plant('event'), { text: plant('text') }],
        ['authenticate', { token: plant('token') }],
      ] as const)
        socket.emit(name, body, (answer: unknown) => refused.push(JSON.stringify(answer)));
      await sleep(300);
    }
    socket.close();
  };
  await attempt({ token }, { token: plant('token in the query') }, true);
  await attempt({ token: plant('token') }, {}, true);
});

test('what breaks inside: the database says values, a mail server says addresses', async () => {
  const { token } = await signIn();
  const [form] = (await api('GET', '/inboxes', { token })).json.items.filter(({ channel }: { channel: string }) => channel === 'form');
  await db.sql(`create function tell_all() returns trigger language plpgsql as $$ begin
    raise exception 'cannot keep %', row_to_json(new) using detail = row_to_json(new)::text, hint = row_to_json(new)::text; end $$`);
  for (const table of ['messages', 'inboxes', 'api_keys', 'invitations']) {
    await db.sql(`create trigger tell_all before insert on ${table} for each row execute function tell_all()`);
  }
  const person = { email: plant('e-mail of a customer', (canary) => `${canary}@client.example`), name: plant('name of a customer') };
  const failed = [
    await api('POST', '/ingest', { token, body: { channel: 'form', inboxId: form.id, message: plant('message text'), ...person } }),
    await api('POST', '/inboxes', { token, body: { channel: 'form', name: plant('name of an inbox'), settings: {} } }),
    await api('POST', '/api-keys', { token, body: { name: plant('name of a key'), permissions: ['inbox.read'] } }),
    await api('POST', '/invitations', {
      token,
      body: { email: plant('invited e-mail', (canary) => `${canary}@new.example`), role: 'agent' },
    }),
  ];
  expect(failed.map(({ status }) => status).filter((status) => status >= 500).length).toBeGreaterThan(2);
  for (const table of ['messages', 'inboxes', 'api_keys', 'invitations']) await db.sql(`drop trigger tell_all on ${table}`);
  smtp.behave((_step, address) => ({ code: 550, text: `5.1.1 nobody here is called ${address}` }));
  await api('POST', '/invitations', {
    token,
    body: { email: plant('refused e-mail', (canary) => `${canary}@new.example`), role: 'agent' },
  });
  await expect.poll(() => server.said(), { timeout: 20_000 }).toContain('was not sent');
  await expect
    .poll(() => db.sql("select from messages where status = 'failed'").then((rows) => rows.length), { timeout: 20_000 })
    .toBeGreaterThan(0);
});

test('nothing of it stands in the log, metrics, error answers, process titles, running statements, jobs or the audit log', async () => {
  await sleep(1_000);
  const metrics = await fetch(`${server.base}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } });
  const statements = await db.sql<{ query: string; application_name: string }>(
    'select query, application_name from pg_stat_activity where datname = current_database()',
  );
  const jobs = await db.sql<{ payload: string }>('select payload::text from jobs');
  const audit = await db.sql<{ record: string }>('select record from audit_entries');
  const places: Record<string, string> = {
    'the log': server.said(),
    metrics: await metrics.text(),
    'an error answer': refused.join('\n'),
    // Other systems have no such file; what the process is called there is the same.
    'the process title': process.platform === 'linux' ? readFileSync(`/proc/${server.child.pid}/cmdline`, 'utf8') : '',
    'a statement': JSON.stringify(statements),
    'a job': JSON.stringify(jobs),
    'the audit log': JSON.stringify(audit),
  };
  // The places were really looked at, and much was said there.
  expect(server.said().split('\n').length).toBeGreaterThan(calls);
  expect(places['metrics']).toContain('http_requests_total');
  expect(audit.length).toBeGreaterThan(8);
  expect(refused.length).toBeGreaterThan(40);
  expect(planted.count).toBeGreaterThan(100);
  expect(Object.entries(places).flatMap(([place, text]) => planted.findIn(place, text))).toEqual([]);
});

test('and every line of the log is JSON with fields of the list', () => {
  const lines = server
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
  const fields = new Set(lines.flatMap((line) => Object.keys(JSON.parse(line) as object)));
  for (const field of ['email', 'body', 'headers', 'url', 'query', 'name', 'text']) expect(fields.has(field), field).toBe(false);
});
