import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { signed, whatsappMessages } from '../test/support/whatsapp.ts';
import { benchDesk } from './support/desks.ts';
import { percentile, type Report } from './support/report.ts';

const perSecond = 200;
const contacts = 20;

/** From the first byte of a webhook to the message on another member's socket, at a steady rate; against the bare HTTP answer of the same server. */
export async function run(seconds: number): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guichet-bench-'));
  const { desk, makeInbox } = await benchDesk(dataDir);
  try {
    const inbox = await makeInbox();
    const sentAt = new Map<string, number>();
    const arrivals: number[] = [];
    const answers: number[] = [];
    const send = async (label: string, n: number) => {
      const text = `${label} ${n}`;
      const body = whatsappMessages(inbox.phoneNumberId, [{ id: `wamid.${label}.${n}`, from: `336000000${n % contacts}`, text }]);
      const startedAt = performance.now();
      sentAt.set(text, startedAt);
      const answer = await fetch(desk.base + inbox.hookPath, { method: 'POST', headers: signed(body), body });
      if (answer.ok) answers.push(performance.now() - startedAt);
    };
    for (let n = 0; n < contacts; n += 1) await send('first', n);
    const socket = await joinAll(
      desk.base,
      inbox.accountToken,
      async () => (await desk.call('GET', '/api/v1/conversations?limit=100', { token: inbox.accountToken })).json.items,
    );
    socket.on('message:new', ({ message }: { message: { text: string } }) => {
      const startedAt = sentAt.get(message.text);
      if (startedAt !== undefined && message.text.startsWith('timed')) arrivals.push(performance.now() - startedAt);
    });
    await steadily(100, (n) => send('warm', n));
    answers.length = 0;
    const total = perSecond * seconds;
    await steadily(total, (n) => send('timed', n));
    for (let waited = 0; arrivals.length < total && waited < 5_000; waited += 50) await sleep(50);
    socket.disconnect();
    const health: number[] = [];
    await steadily(perSecond * 5, async () => {
      const startedAt = performance.now();
      await fetch(`${desk.base}/health/live`);
      health.push(performance.now() - startedAt);
    });
    const [shown, answered, bare] = [arrivals, answers, health].map((list) => list.sort((a, b) => a - b)) as [number[], number[], number[]];
    return {
      ours: [
        { name: `webhook to another member's socket at ${perSecond}/s, p50`, value: percentile(shown, 0.5), unit: 'ms' },
        { name: 'the same, p99', value: percentile(shown, 0.99), unit: 'ms' },
        { name: 'webhook answer, p99', value: percentile(answered, 0.99), unit: 'ms' },
      ],
      denominators: [{ name: `GET /health/live at ${perSecond}/s, p99`, value: percentile(bare, 0.99), unit: 'ms' }],
      ratios: [{ name: 'socket p99 to bare answer p99', value: percentile(shown, 0.99) / percentile(bare, 0.99), unit: '×' }],
      notes: [`sent ${total}, arrived ${shown.length}`],
    };
  } finally {
    await desk.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Starts `perSecond` calls a second whatever the answers do: a slow server does not slow its own test. */
async function steadily(total: number, call: (n: number) => Promise<void>): Promise<void> {
  const startedAt = performance.now();
  const calls: Promise<void>[] = [];
  for (let n = 0; n < total; n += 1) {
    const due = startedAt + (n * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 1) await sleep(wait);
    calls.push(call(n));
  }
  await Promise.all(calls);
}

async function joinAll(base: string, token: string, list: () => Promise<{ id: string }[]>): Promise<Socket> {
  const socket = io(`${base}/ws`, { auth: { token }, transports: ['websocket'] });
  await new Promise<void>((resolve, reject) => {
    socket.once('authenticated', () => resolve());
    socket.once('connect_error', reject);
  });
  for (const { id } of await list()) await socket.emitWithAck('join_conversation', { conversationId: id });
  return socket;
}
