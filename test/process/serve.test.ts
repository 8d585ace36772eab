import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { guichet, type Started, startGuichet } from '../support/command.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'guichet-serve-'));
const env = { GUICHET_DATA_DIR: dataDir };
let started: Started | undefined;

// Whole processes start here, on machines that may have other work.
vi.setConfig({ testTimeout: 90_000 });
afterEach(async () => {
  if (started && started.child.exitCode === null && started.child.signalCode === null) await started.stop('SIGTERM');
  started = undefined;
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test('a new data directory becomes a running server, which says where it is and ends cleanly', async () => {
  started = await startGuichet(['serve'], env);
  expect(started.said()).toContain(`http://localhost:${new URL(started.base).port}`);
  expect(statSync(join(dataDir, 'secret-key')).mode & 0o777).toBe(0o600);
  const postmaster = readPostmaster();
  expect(await started.stop('SIGTERM')).toBe(0);
  expect(isAlive(postmaster)).toBe(false);
});

test('a second start on the same data directory says in one line who is there, and ends with 1', async () => {
  started = await startGuichet(['serve'], env);
  const second = await guichet(['serve'], { ...env, PORT: '0' });
  expect(second.code).toBe(1);
  expect(second.stdout + second.stderr).toMatch(
    new RegExp(`^Guichet already runs on .*\\(pid ${started.child.pid}, http://localhost:\\d+\\).*\\n$`),
  );
});

test('a port that is taken is named, and the process ends with 1', async () => {
  started = await startGuichet(['serve'], env);
  const port = new URL(started.base).port;
  const otherDir = mkdtempSync(join(tmpdir(), 'guichet-other-'));
  const { code, stderr } = await guichet(['serve'], { GUICHET_DATA_DIR: otherDir, PORT: port });
  expect({ code, stderr }).toEqual({ code: 1, stderr: `Port ${port} is taken by another program: stop it, or set PORT to another one.\n` });
  rmSync(otherDir, { recursive: true, force: true });
});

test('after kill -9 the next start works at once', async () => {
  started = await startGuichet(['serve'], env);
  await started.stop('SIGKILL');
  started = await startGuichet(['serve'], env);
  expect(await started.stop('SIGINT')).toBe(0);
});

test('ready is 503 while PostgreSQL does not answer and 200 soon after it does, alive all the time', async () => {
  started = await startGuichet(['serve'], env);
  const postmaster = readPostmaster();
  const backends = await listBackends();
  for (const pid of [postmaster, ...backends]) process.kill(pid, 'SIGSTOP');
  const answer = await fetch(`${started.base}/health/ready`);
  expect({ status: answer.status, body: await answer.json() }).toEqual({
    status: 503,
    body: { status: 'failed', checks: { database: 'failed', migrations: 'failed', draining: 'ok' } },
  });
  expect((await fetch(`${started.base}/health/live`)).status).toBe(200);
  for (const pid of [postmaster, ...backends]) process.kill(pid, 'SIGCONT');
  const status = async () => (await fetch(`${started?.base}/health/ready`)).status;
  for (let waitedMs = 0; waitedMs < 5_000 && (await status()) !== 200; waitedMs += 100) await sleep(100);
  expect(await status()).toBe(200);
});

test('metrics are for this machine, or for whoever has the token', async () => {
  started = await startGuichet(['serve'], env);
  const open = await fetch(`${started.base}/metrics`);
  expect(await open.text()).toMatch(/http_requests_total\{method="GET",route="\/health\/ready",status="200"\} \d+/);
  expect((await fetch(`${started.base}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(403);
  await started.stop('SIGTERM');
  started = await startGuichet(['serve'], { ...env, GUICHET_METRICS_TOKEN: 'a-long-metrics-token' });
  expect((await fetch(`${started.base}/metrics`)).status).toBe(401);
  expect((await fetch(`${started.base}/metrics`, { headers: { authorization: 'Bearer a-long-metrics-token' } })).status).toBe(200);
});

test('a worker beside a web process answers probes and no API', async () => {
  started = await startGuichet(['serve'], env);
  const worker = await startGuichet(['worker'], env);
  expect((await fetch(`${worker.base}/health/live`)).status).toBe(200);
  expect((await fetch(`${worker.base}/api/v1/auth/me`)).status).toBe(404);
  expect(await worker.stop('SIGTERM')).toBe(0);
});

test('two servers share one database and one master key, each with a data directory of its own', async () => {
  started = await startGuichet(['serve'], env);
  const { stdout } = await guichet(['db', 'url'], env);
  const otherDir = mkdtempSync(join(tmpdir(), 'guichet-other-'));
  const GUICHET_SECRET_KEY = readFileSync(join(dataDir, 'secret-key'), 'utf8').trim();
  const other = await startGuichet(['serve'], { GUICHET_DATA_DIR: otherDir, DATABASE_URL: stdout.trim(), GUICHET_SECRET_KEY });
  expect(await other.stop('SIGTERM')).toBe(0);
  expect((await fetch(`${started.base}/health/ready`)).status).toBe(200);
  rmSync(otherDir, { recursive: true, force: true });
});

function readPostmaster(): number {
  return Number(readFileSync(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

async function listBackends(): Promise<number[]> {
  const { stdout } = await guichet(['db', 'url'], env);
  const client = new pg.Client({ connectionString: stdout.trim() });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pid from pg_stat_activity where application_name like 'guichet%'");
  await client.end();
  return rows.map((row) => row.pid);
}

function isAlive(pid: number): boolean {
  // A child that nobody has waited for yet is still listed, but it has ended.
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
