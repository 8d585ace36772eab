import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, expect, test, vi } from 'vitest';
import { lockDataDirectory } from '../../lock.ts';
import { packageRoot } from '../../package.ts';
import { migrate } from '../migrate.ts';
import { openRoles, refuseStrongLogin } from '../roles.ts';
import { type Embedded, findEmbeddedUrl, startEmbedded } from './supervisor.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'guichet-embedded-'));
// Whole processes start here, on machines that may have other work.
vi.setConfig({ testTimeout: 90_000 });
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('a new database answers on a socket that only its account may enter, and not on TCP', async () => {
  const embedded = await startEmbedded({ dataDir });
  expect(findEmbeddedUrl(dataDir)).toBe(embedded.ownerUrl);
  const [listening] = await query(embedded, 'show listen_addresses');
  expect(listening).toEqual({ listen_addresses: '' });
  const [sockets] = await query(embedded, 'show unix_socket_directories');
  expect(statSync(String(sockets?.unix_socket_directories)).mode & 0o777).toBe(0o700);
  const wrong = new pg.Client({ connectionString: embedded.ownerUrl.replace(/:[^:@]*@/, ':wrong@') });
  await expect(wrong.connect()).rejects.toThrow('password authentication failed');
  await query(embedded, 'create table kept (n integer)');
  await embedded.stop();
});

test('rows survive a kill -9 of PostgreSQL, which is started again by itself', async () => {
  const exits: string[] = [];
  const embedded = await startEmbedded({ dataDir, onExit: (reason) => exits.push(reason) });
  const before = embedded.pid;
  await query(embedded, 'insert into kept values (1)');
  process.kill(before, 'SIGKILL');
  for (let waitedMs = 0; embedded.pid === before && waitedMs < 15_000; waitedMs += 50) await sleep(50);
  expect(await query(embedded, 'select n from kept')).toEqual([{ n: 1 }]);
  expect(exits.length).toBeGreaterThan(0);
  await embedded.stop();
});

test('rows survive a kill -9 of the process that keeps PostgreSQL, and the next start is not in the way of the old', async () => {
  for (const n of [2, 3, 4]) {
    await killedAfter(`insert into kept values (${n})`);
    const embedded = await startEmbedded({ dataDir });
    expect(await query(embedded, 'select max(n) from kept')).toEqual([{ max: n }]);
    await embedded.stop();
  }
});

test('a postmaster.pid whose number belongs to another program of the same account is no obstacle', async () => {
  const embedded = await startEmbedded({ dataDir });
  const [place] = await query(embedded, 'show data_directory');
  const cluster = String(place?.data_directory);
  const path = join(cluster, 'postmaster.pid');
  const written = readFileSync(path, 'utf8');
  await embedded.stop();
  const { uid, gid } = statSync(cluster);
  const other = spawn('/bin/sleep', ['60'], { uid, gid, cwd: '/', stdio: 'ignore' });
  writeFileSync(path, written.replace(/^\d+/, String(other.pid)));
  const again = await startEmbedded({ dataDir });
  expect(await query(again, 'select max(n) from kept')).toEqual([{ max: 4 }]);
  await again.stop();
  expect(other.exitCode).toBe(null);
  other.kill();
});

test('an owner without superuser rights migrates and opens the roles', async () => {
  const embedded = await startEmbedded({ dataDir });
  await query(embedded, "create role plain login createrole password 'plain-password'");
  await query(embedded, 'create database plain owner plain');
  const ownerUrl = embedded.ownerUrl.replace(/\/\/.*@/, '//plain:plain-password@').replace(/\/guichet$/, '/plain');
  await migrate(ownerUrl);
  const first = await openRoles({ ownerUrl, dataDir: mkdtempSync(join(dataDir, 'first-')) });
  const second = await openRoles({ ownerUrl, dataDir: mkdtempSync(join(dataDir, 'second-')) });
  expect(second).toEqual(first);
  await refuseStrongLogin(first.appUrl);
  await refuseStrongLogin(first.jobUrl);
  await embedded.stop();
});

test('a data directory is held by one process, and the second is told which', async () => {
  const lock = await lockDataDirectory(dataDir);
  if (!lock.isHeld) throw new Error('the lock is free');
  lock.announce('http://localhost:3000');
  expect(await lockDataDirectory(dataDir)).toEqual({ isHeld: false, holder: { pid: process.pid, url: 'http://localhost:3000' } });
  await lock.release();
  const again = await lockDataDirectory(dataDir);
  expect(again.isHeld).toBe(true);
  if (again.isHeld) await again.release();
});

async function query(embedded: Embedded, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: embedded.ownerUrl });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

/** Runs a statement in a process of its own that keeps PostgreSQL, and kills that process when it has answered. */
async function killedAfter(statement: string): Promise<void> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(join(packageRoot, 'server/db/embedded/supervisor.ts'))};
    import pg from 'pg';
    const embedded = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)} });
    const client = new pg.Client({ connectionString: embedded.ownerUrl });
    await client.connect();
    await client.query(${JSON.stringify(statement)});
    console.log('done');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}
