import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { guichet, startGuichet } from '../test/support/command.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'guichet-cli-'));
const env = { GUICHET_DATA_DIR: dataDir };
// Whole processes start here, on machines that may have other work.
vi.setConfig({ testTimeout: 90_000 });
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const member = (verb: string, words: Record<string, string>, json = true) =>
  guichet(['member', verb, ...Object.entries(words).flatMap(([name, value]) => [`--${name}`, value]), ...(json ? ['--json'] : [])], env);
const account = 'Cabinet Rivière';
const email = 'camille@example.org';

test('an operator invites, lists and changes members while the server runs, and the link works', async () => {
  const server = await startGuichet(['serve'], env);
  const created = ['account', 'create', '--name', account, '--email', 'ana@example.org', '--password', 'a phrase of four words', '--json'];
  const { accountId } = JSON.parse((await guichet(created, env)).stdout) as { accountId: string };

  const invited = await member('invite', { account, email, role: 'viewer' });
  expect(invited).toMatchObject({ code: 0, stderr: '' });
  const { link } = JSON.parse(invited.stdout) as { link: string };
  const answer = await fetch(`${server.base}/api/v1/invitations/accept`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: link.split('#token=')[1], name: 'Camille', password: 'another phrase of words' }),
  });
  expect(await answer.json()).toMatchObject({ user: { email, role: 'viewer', accountId } });

  expect((await member('role', { account: accountId, email, role: 'agent' }, false)).stdout).toBe(`${email} is agent now.\n`);
  const listed = await member('list', { account: account.toUpperCase() });
  expect((JSON.parse(listed.stdout) as { members: object[] }).members).toMatchObject([
    { email, role: 'agent', status: 'active' },
    { email: 'ana@example.org', role: 'admin' },
  ]);
  await server.stop('SIGTERM');
});

test('what cannot be done ends with 1, what was said wrongly with 2', async () => {
  expect(await member('role', { account, email: 'ana@example.org', role: 'agent' })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('last active admin'),
  });
  expect((await member('list', { account: 'Nobody' })).code).toBe(1);
  expect((await member('role', { account, email: 'stranger@example.org', role: 'agent' })).code).toBe(1);
  expect(await member('invite', { account, email: 'x@example.org', role: 'king' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--role: is neither admin, agent, viewer'),
  });
  expect(await member('invite', { account, email: 'nobody', role: 'agent' })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--email'),
  });
  expect((await member('invite', { account })).code).toBe(2);
});
