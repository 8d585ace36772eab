import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { signed, whatsappMessages } from '../test/support/whatsapp.ts';
import { benchDesk } from './support/desks.ts';
import type { FanoutOrder, FanoutReply } from './support/listeners.ts';
import type { Report } from './support/report.ts';

const sockets = 1_000;
/** Each burst is one webhook of this many messages, so that the broadcast and not the webhook is measured. */
const burst = 50;

/** One message to 1,000 joined sockets, against a bare `ws` server that sends the same bytes to as many. Listeners live in a process of their own. */
export async function run(seconds: number): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guichet-bench-'));
  const { desk, makeInbox } = await benchDesk(dataDir);
  try {
    const inbox = await makeInbox();
    let sent = 0;
    const send = async (count: number) => {
      const messages = Array.from({ length: count }, () => ({
        id: `wamid.fan.${sent}`,
        from: '33600000001',
        text: `Message ${sent++} à tous`,
      }));
      const body = whatsappMessages(inbox.phoneNumberId, messages);
      await fetch(desk.base + inbox.hookPath, { method: 'POST', headers: signed(body), body });
    };
    await send(1);
    const conversationId = (await desk.call('GET', '/api/v1/conversations', { token: inbox.accountToken })).json.items[0].id;
    const ours = await measure({ kind: 'desk', url: `${desk.base}/ws`, token: inbox.accountToken, conversationId, sockets }, seconds, () =>
      send(burst),
    );
    const payload = JSON.stringify([
      'message:new',
      { conversationId, seq: 1, message: { id: conversationId, text: 'x'.repeat(ours.payloadBytes) } },
    ]).slice(0, ours.payloadBytes);
    const bare = await measureBare(payload, seconds);
    return {
      ours: [{ name: `message:new to ${sockets} joined sockets`, value: ours.perSecond, unit: 'deliveries/s' }],
      denominators: [{ name: `bare ws, ${payload.length} bytes to ${sockets}`, value: bare, unit: 'deliveries/s' }],
      ratios: [{ name: 'to bare ws', value: ours.perSecond / bare, unit: '×' }],
    };
  } finally {
    await desk.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureBare(payload: string, seconds: number): Promise<number> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  const url = `ws://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const result = await measure({ kind: 'bare', url, token: '', conversationId: '', sockets }, seconds, async () => {
    for (let n = 0; n < burst; n += 1) for (const client of server.clients) client.send(payload);
  });
  for (const client of server.clients) client.terminate();
  server.close();
  http.close();
  return result.perSecond;
}

/** Sends bursts, each after the one before has arrived everywhere. */
async function measure(
  order: FanoutOrder,
  seconds: number,
  send: () => Promise<void>,
): Promise<{ perSecond: number; payloadBytes: number }> {
  const listeners = fork(fileURLToPath(new URL(`./support/listeners${extname(import.meta.url)}`, import.meta.url)), {
    execArgv: process.execArgv,
  });
  let arrived = 0;
  let payloadBytes = 0;
  let heard: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    listeners.on('message', (reply: FanoutReply) => {
      if (reply.ready) resolve();
      arrived += reply.arrived;
      payloadBytes = reply.payloadBytes || payloadBytes;
      heard();
    });
  });
  listeners.send(order);
  await ready;
  const startedAt = performance.now();
  let expected = 0;
  while (performance.now() - startedAt < seconds * 1_000) {
    expected += burst * order.sockets;
    await send();
    while (arrived < expected) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${expected - arrived} deliveries are missing`)), 10_000);
        heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
  const perSecond = arrived / ((performance.now() - startedAt) / 1_000);
  listeners.kill();
  return { perSecond, payloadBytes };
}
