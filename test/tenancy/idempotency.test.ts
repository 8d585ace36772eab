import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../server/db/id.ts';
import { type CallOptions, type TestApp, testApp } from '../support/app.ts';
import type { Answer } from '../support/desk.ts';
import { type Operation, readOperations, sampleBody } from '../support/openapi.ts';
import { ownCalls, ownRecipes, startOwnProvider } from './own-calls.ts';
import { type Things, thingsOf, unlike } from './things.ts';

/** What neither creates nor sends; each was looked at. All others have to answer twice what they did once. */
const withoutKey = ['logout', 'logoutAll', 'switchAccount', 'linkIdentity', 'confirm', 'challengeNewPasskey'];
/** Their answers hold a secret, which is nowhere kept. */
const secret = [
  'createApiKey',
  'rotateApiKey',
  'startTotp',
  'renewRecoveryCodes',
  'createInvitation',
  'resendInvitation',
  'createInstalledAccount',
];

interface Sent {
  path: string;
  options: CallOptions;
  answer: Answer;
  key: string;
}

let desk: TestApp;
let closeProvider: () => Promise<void>;
let operations: Operation[];
let things: Things;
let sent: Map<string, Sent>;

beforeAll(async () => {
  const provider = await startOwnProvider();
  closeProvider = provider.close;
  desk = await testApp(provider.environment);
  const all = await readOperations(desk);
  operations = all.filter(({ id, method, access }) => method === 'POST' && access !== 'public' && !withoutKey.includes(id));
  things = thingsOf(desk, desk.one, all, 'once', ownRecipes);
  sent = new Map();
  for (const operation of operations) sent.set(operation.id, await sendOnce(operation));
}, 60_000);
afterAll(async () => {
  await desk.close();
  await closeProvider();
});

/** The operation as it is done right, with a key; what was sent can be sent again. */
async function sendOnce(operation: Operation): Promise<Sent> {
  const recorded: Sent[] = [];
  const pattern = new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
  const call = async (method: string, path: string, options: CallOptions = {}) => {
    if (method !== 'POST' || !pattern.test(path)) return desk.call(method, path, options);
    const key = randomUUID();
    const keyed = { ...options, headers: { ...options.headers, 'idempotency-key': key } };
    const answer = await desk.call(method, path, keyed);
    recorded.push({ path, options: keyed, answer, key });
    return answer;
  };
  const watched: TestApp = { ...desk, call, api: (method, path, options) => call(method, `/api/v1${path}`, options) };
  const given = ownCalls[operation.id];
  if (given) await given({ desk: watched, account: desk.one, things, operation });
  else {
    const ids = new Map<string, string>();
    for (const { kind } of operation.pathIds) ids.set(kind, (await things.make(kind)) ?? newId());
    const body = operation.examples[0] ?? sampleBody(operation.body, newId);
    const path = operation.pathWith(({ kind }) => ids.get(kind) ?? newId());
    await call('POST', path, { token: desk.one.admin.token, ...(body ? { body: unlike(body, things.canary) } : {}) });
  }
  const [last] = recorded.slice(-1);
  if (!last || last.answer.status >= 300) throw new Error(`${operation.id}: ${last?.answer.status} ${last?.answer.text}`);
  return last;
}

const again = ({ path, options }: Sent, more: CallOptions = {}) =>
  desk.call('POST', path, { ...options, ...more, headers: { ...options.headers, ...more.headers } });

async function wrongs(check: (one: Sent, operation: Operation) => Promise<string | undefined>): Promise<string[]> {
  const found: string[] = [];
  for (const operation of operations) {
    const wrong = await check(sent.get(operation.id) as Sent, operation);
    if (wrong !== undefined) found.push(`${operation.id}: ${wrong}`);
  }
  return found;
}
const described = ({ status, text }: Answer) => `${status} ${text.slice(0, 200)}`;

describe('every operation that creates or sends', () => {
  it('answers the same request with the same answer, and does nothing the second time', async () => {
    expect(operations.length).toBeGreaterThan(12);
    expect(
      await wrongs(async (one, { id }) => {
        const answer = await again(one);
        if (secret.includes(id)) return answer.json?.code === 'conflict' && answer.text.includes('secret') ? undefined : described(answer);
        return answer.status === one.answer.status && answer.text === one.answer.text ? undefined : described(answer);
      }),
    ).toEqual([]);
  });

  it('refuses the same key with another body', async () => {
    expect(
      await wrongs(async (one, { body }) => {
        if (Object.keys(body?.properties ?? {}).length === 0) return undefined;
        const other = { ...(one.options.body as object), ...changeOf(one.options.body as Record<string, unknown>) };
        const answer = await again(one, { body: other });
        return answer.json?.code === 'idempotency_conflict' ? undefined : described(answer);
      }),
    ).toEqual([]);
  });

  it('says while it runs that it runs', async () => {
    expect(
      await wrongs(async (one) => {
        const key = randomUUID();
        const [row] = await desk.db.sql<{ account_id: string; principal_id: string; route: string }>(
          'select account_id, principal_id, route from idempotency_keys where key = $1',
          [one.key],
        );
        if (!row) return 'nothing was kept';
        // Both ways of running: a lock that is held, and a claim without an answer.
        const lock = JSON.stringify([row.account_id, row.principal_id, row.route, key]);
        await desk.db.sql(
          'insert into idempotency_keys (account_id, principal_id, route, key, body_hash, status) select account_id, principal_id, route, $2, body_hash, 0 from idempotency_keys where key = $1',
          [one.key, key],
        );
        return desk.db.database.withAccount(row.account_id, async (tx) => {
          await tx.query({ text: 'select pg_advisory_xact_lock(hashtextextended($1, 0))', values: [lock] });
          const answer = await again(one, { headers: { 'idempotency-key': key } });
          return answer.json?.code === 'idempotency_running' && answer.headers.get('retry-after') === '1' ? undefined : described(answer);
        });
      }),
    ).toEqual([]);
  });

  it('keeps no secret', async () => {
    for (const id of secret) {
      const rows = await desk.db.sql('select answer from idempotency_keys where key = $1', [sent.get(id)?.key]);
      expect(rows, id).toEqual([{ answer: null }]);
    }
    const kept = await desk.db.sql<{ answer: string }>('select answer from idempotency_keys where answer is not null');
    for (const { answer } of kept) expect(answer).not.toMatch(/gk_|token=|secret"|recoveryCodes/i);
  });

  it('has a key of its own for every principal', async () => {
    const one = sent.get('createTeam') as Sent;
    const { key } = (
      await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: 'k', permissions: ['team.manage', 'team.read'] } })
    ).json;
    const answer = await again(one, { token: key, body: { name: 'By a key' } });
    expect(answer.status).toBe(201);
    expect(answer.json.id).not.toBe(one.answer.json.id);
  });
});

/** Another value that is as right as the one before. */
function changeOf(body: Record<string, unknown> | undefined): Record<string, unknown> {
  if (body?.['overlapMinutes'] !== undefined || body === undefined || Object.keys(body).length === 0) return { overlapMinutes: 7 };
  for (const name of ['name', 'text', 'message']) if (typeof body[name] === 'string') return { [name]: `${body[name]} too` };
  return { email: 'somebody.else@example.org' };
}

it('what failed keeps nothing: the same request is done once it can be', async () => {
  const { token } = desk.one.admin;
  const options = { token, body: { name: 'Taken name' }, headers: { 'idempotency-key': randomUUID() } };
  const { id } = (await desk.api('POST', '/teams', { token, body: { name: 'Taken name' } })).json;
  expect((await desk.api('POST', '/teams', options)).status).toBe(409);
  await desk.api('DELETE', `/teams/${id}`, { token });
  const made = await desk.api('POST', '/teams', options);
  expect(made.status).toBe(201);
  expect((await desk.api('POST', '/teams', options)).json.id).toBe(made.json.id);
});

it('a key that came twenty times at once is one message, and nobody is told of a duplicate', async () => {
  const inboxId = await things.make('inboxes');
  const ends: Answer[][] = [];
  for (let round = 0; round < 5; round += 1) {
    const body = { channel: 'form', inboxId, email: 'often@client.example', message: `Bonjour ${round}` };
    const headers = { 'idempotency-key': randomUUID() };
    ends.push(
      await Promise.all(Array.from({ length: 20 }, () => desk.api('POST', '/ingest', { token: desk.one.admin.token, body, headers }))),
    );
  }
  for (const answers of ends) {
    expect(answers.filter(({ status, json }) => status !== 200 && json.code !== 'idempotency_running').map(described)).toEqual([]);
    const told = answers.filter(({ status }) => status === 200).map(({ json }) => json.messageId);
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told).size).toBe(1);
  }
  expect(await desk.db.sql("select 1 from messages where text ~ '^Bonjour [0-4]$'")).toHaveLength(5);
});

it('a claim of a process that died counts for half a minute', async () => {
  const inboxId = await things.make('inboxes');
  const options = {
    token: desk.one.admin.token,
    body: { channel: 'form', inboxId, email: 'claim@client.example', message: 'Bonjour' },
    headers: { 'idempotency-key': randomUUID() },
  };
  const first = await desk.api('POST', '/ingest', options);
  await desk.db.sql('update idempotency_keys set status = 0, answer = null where key = $1', [options.headers['idempotency-key']]);
  expect((await desk.api('POST', '/ingest', options)).json.code).toBe('idempotency_running');
  await desk.db.sql("update idempotency_keys set created_at = now() - interval '31 seconds' where key = $1", [
    options.headers['idempotency-key'],
  ]);
  const late = await desk.api('POST', '/ingest', options);
  expect(late.json).toMatchObject({ code: 'duplicate_message', messageId: first.json.messageId });
});
