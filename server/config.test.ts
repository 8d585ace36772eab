import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'guichet-config-'));
afterAll(() => rmSync(dataDir, { recursive: true }));

function problemsOf(env: Record<string, string>): string[] {
  try {
    readConfig({ GUICHET_DATA_DIR: dataDir, ...env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

test('an empty environment is enough on this machine, and empty variables count as absent', () => {
  const config = readConfig({ GUICHET_DATA_DIR: dataDir, DATABASE_URL: '', GUICHET_HOST: ' ' });
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: 'http://localhost:3000',
    databaseUrl: undefined,
    isProduction: false,
  });
});

test('the master key is made once and only its owner may read it', () => {
  const first = readConfig({ GUICHET_DATA_DIR: dataDir }).secretKey;
  expect(readConfig({ GUICHET_DATA_DIR: dataDir }).secretKey).toBe(first);
  expect(readFileSync(join(dataDir, 'secret-key'), 'utf8').trim()).toBe(first);
  expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
});

test('all problems are named at once, and none of them shows a secret', () => {
  const problems = problemsOf({
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    GUICHET_SECRET_KEY: 'hunter2',
    DATABASE_URL: 'mysql://root:hunter2@x/y',
    GUICHET_DEMO: 'maybe',
    GUICHET_EGRESS_ALLOW: '10.0.0.0/8, http://intranet',
    REDIS_URL: 'https://:hunter2@redis.example',
  });
  expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([
    'DATABASE_URL',
    'GUICHET_DEMO',
    'GUICHET_EGRESS_ALLOW',
    'GUICHET_SECRET_KEY',
    'LOG_LEVEL',
    'PORT',
    'REDIS_URL',
  ]);
  expect(problems.join()).not.toContain('hunter2');
});

test('what is opened beyond the internet is read place by place', () => {
  const { egressAllow } = readConfig({ GUICHET_DATA_DIR: dataDir, GUICHET_EGRESS_ALLOW: ' Intranet.example:8080,10.0.0.0/8 , *:8443,' });
  expect(egressAllow).toEqual([{ host: 'intranet.example', port: 8080 }, { network: { address: '10.0.0.0', bits: 8 } }, { port: 8443 }]);
});

test('production needs a master key that nobody can guess', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringMatching(/^GUICHET_SECRET_KEY is needed in production/)]);
  expect(problemsOf({ NODE_ENV: 'production', GUICHET_SECRET_KEY: 'a'.repeat(64) })).toEqual([
    expect.stringMatching(/^GUICHET_SECRET_KEY must have/),
  ]);
});

test('plain http beyond this machine is refused unless it is asked for', () => {
  expect(problemsOf({ GUICHET_HOST: '0.0.0.0' })).toEqual([expect.stringMatching(/listens beyond this machine/)]);
  expect(problemsOf({ GUICHET_HOST: '0.0.0.0', GUICHET_PUBLIC_URL: 'https://desk.example' })).toEqual([]);
  expect(problemsOf({ GUICHET_HOST: '0.0.0.0', GUICHET_ALLOW_HTTP: 'true' })).toEqual([]);
  expect(problemsOf({ GUICHET_HOST: '::1' })).toEqual([]);
});

test('the mail server is read from its address, and beyond this machine it must be encrypted', () => {
  const smtpOf = (url: string) => readConfig({ GUICHET_DATA_DIR: dataDir, GUICHET_SMTP_URL: url }).smtp;
  expect(smtpOf('smtp://desk:p%40ss@mail.example.org')).toEqual({
    host: 'mail.example.org',
    port: 587,
    isImplicitTls: false,
    needsTls: true,
    login: { user: 'desk', password: 'p@ss' },
  });
  expect(smtpOf('smtps://mail.example.org')).toMatchObject({ port: 465, isImplicitTls: true, needsTls: true, login: undefined });
  expect(smtpOf('smtp://relay:25?tls=optional')).toMatchObject({ port: 25, needsTls: false });
  expect(smtpOf('smtp://127.0.0.1:2525')).toMatchObject({ needsTls: false });
  for (const url of [
    'http://mail.example.org',
    'smtp://',
    'mail.example.org:587',
    'smtp://a:hunter2%@host',
    'smtp://host?tls=never',
    'smtp://host?logger=true',
  ]) {
    expect(problemsOf({ GUICHET_SMTP_URL: url })).toEqual([expect.stringMatching(/^GUICHET_SMTP_URL must look like/)]);
  }
});

test('mails are from an address that cannot break a header', () => {
  const fromOf = (from: string) => readConfig({ GUICHET_DATA_DIR: dataDir, GUICHET_MAIL_FROM: from }).mailFrom;
  expect(fromOf('Étude Martin <desk@example.org>')).toEqual({ name: 'Étude Martin', address: 'desk@example.org' });
  expect(fromOf('desk@example.org')).toEqual({ name: 'Guichet', address: 'desk@example.org' });
  expect(readConfig({ GUICHET_DATA_DIR: dataDir, GUICHET_PUBLIC_URL: 'https://desk.example.org' }).mailFrom.address).toBe(
    'guichet@desk.example.org',
  );
  for (const from of [
    'desk',
    'Desk <desk@example.org>, all@evil.example',
    'Desk\r\nBcc: x@y.z <desk@example.org>',
    '<desk@exa mple.org>',
    'desk@éxample.org',
  ]) {
    expect(problemsOf({ GUICHET_MAIL_FROM: from })).toEqual([expect.stringMatching(/^GUICHET_MAIL_FROM must look like/)]);
  }
});
