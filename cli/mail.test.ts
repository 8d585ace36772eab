import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSmtp, type SmtpStandIn } from '../test/stand-ins/smtp.ts';
import { type Started, guichet, startGuichet } from '../test/support/command.ts';

let smtp: SmtpStandIn;
let started: Started;
let env: Record<string, string>;
beforeAll(async () => {
  smtp = await startSmtp({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: (auth, _session, done) => done(auth.password === 'p@ss' ? null : new Error('no'), { user: 'desk' }),
  });
  env = {
    LOG_LEVEL: 'trace',
    GUICHET_DATA_DIR: mkdtempSync(join(tmpdir(), 'guichet-mail-')),
    GUICHET_SMTP_URL: smtp.url.replace('//', '//desk:p%40ss@'),
  };
  started = await startGuichet(['serve'], env);
  await guichet(['account', 'create', '--name', 'Étude', '--email', 'ana@example.org', '--password', 'a long enough phrase'], env);
});
afterAll(async () => {
  await started.stop('SIGTERM');
  await smtp.stop();
  rmSync(env.GUICHET_DATA_DIR ?? '', { recursive: true, force: true });
});

const post = (path: string, body: object) =>
  fetch(`${started.base}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

test('a serving process mails a link that signs in, and says nothing of it', async () => {
  expect((await post('/auth/magic-link', { email: 'ana@example.org' })).status).toBe(202);
  const { token, from } = await smtp.next('ana@example.org');
  expect(from).toBe('guichet@localhost');
  const answer = await post('/auth/magic-link/consume', { token });
  expect(answer.status).toBe(200);
  expect(started.said()).not.toContain(token);
  expect(started.said()).not.toContain('ana@example.org');
});

test('doctor signs in at the mail server, and says what is wrong there', async () => {
  const findingOf = async (more: Record<string, string>) => {
    const { stdout } = await guichet(['doctor', '--json'], { ...env, ...more });
    return (JSON.parse(stdout) as { findings: { check: string; isOk: boolean; detail: string }[] }).findings.find(
      ({ check }) => check === 'system mail',
    );
  };
  expect(await findingOf({})).toMatchObject({ isOk: true, detail: expect.stringContaining('from guichet@localhost') });
  const wrong = await findingOf({ GUICHET_SMTP_URL: smtp.url.replace('//', '//desk:wrong@') });
  expect(wrong).toMatchObject({ isOk: false, detail: expect.stringContaining('535') });
  expect(wrong?.detail).not.toContain('wrong');
  expect(await findingOf({ GUICHET_SMTP_URL: 'smtp://127.0.0.1:1' })).toMatchObject({
    isOk: false,
    detail: expect.stringContaining('ECONNREFUSED'),
  });
  expect(await findingOf({ GUICHET_SMTP_URL: '' })).toMatchObject({ isOk: true, detail: expect.stringContaining('links to copy') });
});

test('an operator makes a link with which somebody chooses a password, once', async () => {
  const { stdout, code } = await guichet(['account', 'reset-password', '--email', 'Ana@example.org', '--link'], env);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^http:\/\/localhost:\d+\/sign-in\/reset#token=[\w-]{64}\n$/);
  const token = stdout.trim().split('#token=')[1];
  const password = 'chosen with the link';
  expect((await post('/auth/password-reset/consume', { token, password })).status).toBe(204);
  expect((await post('/auth/password-reset/consume', { token, password })).status).toBe(401);
  expect((await post('/auth/login', { email: 'ana@example.org', password })).status).toBe(200);
  expect(await guichet(['account', 'reset-password', '--email', 'ana@example.org', '--link', '--password', password], env)).toMatchObject({
    code: 2,
  });
  expect(await guichet(['account', 'reset-password', '--email', 'stranger@example.org', '--link'], env)).toMatchObject({ code: 1 });
});
