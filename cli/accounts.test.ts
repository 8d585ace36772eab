import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { guichet, type Started, startGuichet } from '../test/support/command.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'guichet-cli-'));
const env = { GUICHET_DATA_DIR: dataDir };
const password = 'a phrase of four words';
let server: Started;
// Whole processes start here, on machines that may have other work.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
beforeAll(async () => {
  server = await startGuichet(['serve'], env);
});
afterAll(async () => {
  await server.stop('SIGTERM');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Answer {
  code: number | null;
  json: Record<string, unknown>;
  said: string;
}
async function run(...words: string[]): Promise<Answer> {
  const { code, stdout, stderr } = await guichet([...words, '--json'], env);
  return { code, json: stdout.startsWith('{') ? JSON.parse(stdout) : {}, said: stdout + stderr };
}
const create = (name: string) =>
  run('account', 'create', '--name', name, '--email', `${name.toLowerCase()}@example.org`, '--password', password);

async function call(method: string, path: string, options: { token?: string; body?: object } = {}) {
  const answer = await fetch(`${server.base}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(options.token ? { authorization: `Bearer ${options.token}` } : {}) },
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
  });
  return (await answer.json()) as Record<string, never>;
}
const signIn = async (email: string): Promise<string> =>
  (await call('POST', '/auth/login', { body: { email, password } }))['accessToken'] ?? '';

test('the first account that is made has the superadmin, the next has not, and the command line moves that on', async () => {
  const first = await create('First');
  await create('Second');
  const [root, other] = [await signIn('first@example.org'), await signIn('second@example.org')];
  expect((await call('GET', '/installation/accounts', { token: root }))['items']).toHaveLength(2);
  expect(await call('GET', '/installation/accounts', { token: other })).toMatchObject({ code: 'forbidden' });

  const last = await run('superadmin', 'revoke', '--email', 'first@example.org');
  expect(last).toMatchObject({ code: 1, said: expect.stringContaining('the last superadmin') });
  expect(await run('superadmin', 'grant', '--email', 'Second@example.org')).toMatchObject({ code: 0, json: { changed: true } });
  expect(await run('superadmin', 'grant', '--email', 'second@example.org')).toMatchObject({ code: 0, json: { changed: false } });
  expect(await run('superadmin', 'revoke', '--email', 'first@example.org')).toMatchObject({ code: 0, json: { changed: true } });
  await sleep(800);
  expect(await call('GET', '/installation/accounts', { token: root })).toMatchObject({ code: 'forbidden' });
  expect((await call('GET', '/installation/accounts', { token: other }))['items']).toHaveLength(2);
  expect(await run('superadmin', 'grant', '--email', 'nobody@example.org')).toMatchObject({ code: 1 });
  expect(first.json).toMatchObject({ accountId: expect.any(String) });
});

test('accounts are listed and shown, and one is suspended under the running server and goes on', async () => {
  const { json } = await create('Third');
  const id = String(json['accountId']);
  const token = await signIn('third@example.org');
  const listed = await run('account', 'list', '--search', 'thi');
  expect(listed).toMatchObject({ code: 0, json: { items: [{ id, name: 'Third', status: 'active', memberCount: 1 }] } });
  const rename = () => call('PATCH', '/account', { token, body: { name: 'Third' } });
  expect(await rename()).toMatchObject({ name: 'Third' });

  expect(await run('account', 'suspend', '--id', id)).toMatchObject({
    code: 0,
    json: { status: 'suspended', readOnlyReason: 'suspended' },
  });
  await sleep(800);
  expect(await rename()).toMatchObject({ code: 'account_read_only' });
  expect((await run('account', 'list', '--status', 'suspended')).json).toMatchObject({ items: [{ id }] });
  expect(await run('account', 'resume', '--id', id)).toMatchObject({ code: 0, json: { status: 'active' } });
  const { stdout } = await guichet(['account', 'show', '--id', id], env);
  expect(stdout).toMatch(/^status +active$/m);
  await sleep(800);
  expect(await rename()).toMatchObject({ name: 'Third' });
});

test('what cannot be found or read ends with 1 or 2', async () => {
  expect((await run('account', 'show', '--id', '0193a000-0000-7000-8000-000000000000')).code).toBe(1);
  expect((await run('account', 'show', '--id', 'third')).code).toBe(2);
  expect((await run('account', 'list', '--status', 'gone')).code).toBe(2);
  expect((await run('account', 'suspend')).code).toBe(2);
});
