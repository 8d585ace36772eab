import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { guichet } from '../test/support/command.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'guichet-cli-'));
const env = { GUICHET_DATA_DIR: dataDir };
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
}, 60_000);

test('a wrong call ends with 2 and says what is wrong', async () => {
  expect(await guichet(['fly'], env)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('there is no command "fly"') });
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
