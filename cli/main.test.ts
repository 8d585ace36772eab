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

test('help lists every command, and each command explains itself', async () => {
  const { code, stdout } = await guichet(['--help'], env);
  expect(code).toBe(0);
  const names = [...stdout.matchAll(/^ {2}([a-z]+(?:[ -][a-z]+)*) {2,}/gm)].map((match) => match[1] ?? '');
  expect(names).toEqual(expect.arrayContaining(['serve', 'web', 'worker', 'migrate', 'doctor', 'db url']));
  for (const name of names) {
    const help = await guichet([...name.split(' '), '--help'], env);
    expect({ name, code: help.code, says: help.stdout.split('\n')[0] }).toEqual({ name, code: 0, says: `guichet ${name}` });
  }
});

test('the first word of some commands with --help lists these', async () => {
  const { code, stdout } = await guichet(['account', '--help'], env);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}account list /m);
  expect(stdout).not.toContain('migrate');
});

test('a wrong call ends with 2 and says what is wrong', async () => {
  expect(await guichet(['fly'], env)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('there is no command "fly"') });
  expect((await guichet(['constructor'], env)).code).toBe(2);
  const half = await guichet(['account'], env);
  expect(half).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('account suspend') });
  expect(half.stderr).not.toContain('migrate');
  expect(await guichet(['migrate', '--speed', '9'], env)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Unknown option '--speed'"),
  });
});

test('an environment with problems ends with 1 and names each of them', async () => {
  const { code, stderr } = await guichet(['migrate'], { ...env, PORT: 'x', LOG_LEVEL: 'loud' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/PORT must be[^]*LOG_LEVEL must be/);
});

test('migrate makes the database, doctor finds nothing wrong with it', async () => {
  expect((await guichet(['migrate', '--json'], env)).code).toBe(0);
  const { code, stdout } = await guichet(['doctor', '--json'], env);
  expect({ code, status: (JSON.parse(stdout) as { status: string }).status }).toEqual({ code: 0, status: 'ok' });
});

test('an account is made while the server runs, its admin signs in, and a reset ends the old password', async () => {
  const server = await startGuichet(['serve'], env);
  const signIn = async (password: string) =>
    (
      await fetch(`${server.base}/api/v1/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'ana@example.org', password }),
      })
    ).status;
  const words = ['account', 'create', '--name', 'Cabinet Rivière', '--email', 'ana@example.org', '--json'];
  const created = await guichet([...words, '--password', 'a phrase of four words'], env);
  expect(created).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(created.stdout)).toMatchObject({ accountId: expect.stringMatching(/^[0-9a-f-]{36}$/), email: 'ana@example.org' });
  expect(await signIn('a phrase of four words')).toBe(200);

  const reset = await guichet(['account', 'reset-password', '--email', 'Ana@example.org', '--json'], env);
  const { password, sessionsEnded } = JSON.parse(reset.stdout) as { password: string; sessionsEnded: number };
  expect(sessionsEnded).toBe(1);
  expect(await signIn('a phrase of four words')).toBe(401);
  expect(await signIn(password)).toBe(200);
  const removal = [
    'account',
    'reset-password',
    '--email',
    'ana@example.org',
    '--password',
    'five words are even better',
    '--remove-second-factor',
  ];
  expect((await guichet(removal, env)).stdout).toBe('ana@example.org has a new password\nThere was no second factor.\n');
  expect(JSON.parse((await guichet([...removal, '--json'], env)).stdout)).toMatchObject({ secondFactorRemoved: false });
  await server.stop('SIGTERM');
});

test('an account that cannot be made ends with 2 and names the option', async () => {
  const { code, stderr } = await guichet(['account', 'create', '--name', 'X', '--email', 'nobody', '--password', 'short'], env);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/--email: [^]*--password: at least 10/) });
  expect(await guichet(['account', 'create', '--name', 'X'], env)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('missing: --email EMAIL, --password PASSWORD'),
  });
  expect(await guichet(['account', 'reset-password', '--email', 'stranger@example.org'], env)).toMatchObject({ code: 1 });
});
