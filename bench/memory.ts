import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signed, whatsappMessages, whatsappSecrets } from '../test/support/whatsapp.ts';
import { httpLoad } from './support/http-load.ts';
import { npmStart, type Resident, residentTree } from './support/processes.ts';
import type { Report } from './support/report.ts';

const settleMs = 10_000;

/** Memory of everything that `npm start` runs but PostgreSQL: idle with the demo, under load, and after it; against an empty Node process. */
export async function run(seconds: number): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guichet-bench-'));
  const started = await npmStart(dataDir, { GUICHET_DEMO: 'true' });
  try {
    await sleep(settleMs);
    const idle = measure(started.child.pid ?? 0);
    const hookPath = await createInbox(started.port);
    let sent = 0;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, sum(measure(started.child.pid ?? 0)));
    }, 500);
    const result = await httpLoad({
      port: started.port,
      connections: 64,
      seconds,
      next() {
        const body = whatsappMessages('770000000001', [
          { id: `wamid.memory.${sent}`, from: `3360${sent % 500}`, text: `Bonjour ${sent++}` },
        ]);
        return { path: hookPath, headers: signed(body), body };
      },
    });
    clearInterval(watch);
    await sleep(settleMs);
    const after = measure(started.child.pid ?? 0);
    const empty = await emptyNode();
    return {
      ours: [
        { name: 'idle with the demo', value: sum(idle), unit: 'MB' },
        {
          name: 'the same, pages that processes share counted in each',
          value: idle.reduce((all, one) => all + one.residentMegabytes, 0),
          unit: 'MB',
        },
        { name: `highest under load (${Math.round(result.perSecond)} messages/s)`, value: peak, unit: 'MB' },
        { name: `${settleMs / 1_000} s after`, value: sum(after), unit: 'MB' },
      ],
      denominators: [{ name: 'an empty Node process', value: empty, unit: 'MB' }],
      ratios: [{ name: 'idle to an empty Node process', value: sum(idle) / empty, unit: '×' }],
      notes: idle.map((process) => `${process.megabytes.toFixed(0).padStart(4)} MB  ${process.name.slice(0, 90)}`),
    };
  } finally {
    await started.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const measure = (root: number) => residentTree(root).filter((process) => !/postgres/.test(process.name));
const sum = (processes: Resident[]) => processes.reduce((total, process) => total + process.megabytes, 0);

async function createInbox(port: number): Promise<string> {
  const call = async (path: string, body: unknown, token = '') => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, string>;
  };
  const { accessToken } = await call('/auth/login', { email: 'demo@guichet.local', password: 'guichet-demo' });
  const inbox = await call(
    '/inboxes',
    { channel: 'whatsapp', name: 'Memory', settings: { phoneNumberId: '770000000001', ...whatsappSecrets } },
    accessToken,
  );
  return new URL(inbox.hookUrl ?? '').pathname;
}

async function emptyNode(): Promise<number> {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await sleep(1_000);
  const megabytes = sum(residentTree(child.pid ?? 0));
  child.kill();
  return megabytes;
}
