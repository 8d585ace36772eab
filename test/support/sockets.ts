import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { createContext } from '../../server/context.ts';
import { createDatabase } from '../../server/db/pool.ts';
import { startLive } from '../../server/live.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/probes/metrics.ts';
import type { TestApp } from './app.ts';

export interface Heard {
  name: string;
  body: Record<string, unknown>;
}

/** A client that remembers what it hears. */
export interface TestSocket {
  socket: Socket;
  heard: Heard[];
  /** The next event of this name that fits, also when it came already; each is returned once. */
  next(name: string, fits?: (body: Record<string, never>) => boolean): Promise<Record<string, never>>;
  ask(name: string, body?: unknown): Promise<{ ok: boolean; code?: string; message?: string }>;
  join(conversationId: string): Promise<void>;
}

const waitMs = 5_000;
const open = new Set<Socket>();

export function testSocket(base: string, auth: Record<string, unknown>, options: Partial<ManagerOptions & SocketOptions> = {}): TestSocket {
  const socket = io(`${base}/ws`, { auth, transports: ['websocket'], reconnection: false, forceNew: true, ...options });
  open.add(socket);
  const heard: Heard[] = [];
  let waiting: (() => void)[] = [];
  const note = (name: string, body: unknown) => {
    heard.push({ name, body: body as Record<string, unknown> });
    for (const look of waiting.splice(0)) look();
  };
  socket.onAny((name: string, body: unknown) => note(name, body));
  socket.on('disconnect', (reason) => note('disconnect', { reason }));
  socket.on('connect_error', (error) =>
    note('connect_error', { message: error.message, ...('data' in error ? (error.data as object) : {}) }),
  );
  const taken = new Set<Heard>();
  return {
    socket,
    heard,
    next(name, fits = () => true) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting = waiting.filter((one) => one !== look);
          reject(new Error(`${name} was not heard; heard: ${heard.map((one) => one.name).join(', ')}`));
        }, waitMs);
        const look = () => {
          const found = heard.find((one) => one.name === name && !taken.has(one) && fits(one.body as Record<string, never>));
          if (!found) return void waiting.push(look);
          clearTimeout(timer);
          taken.add(found);
          resolve(found.body as Record<string, never>);
        };
        look();
      });
    },
    ask: (name, body) => socket.timeout(waitMs).emitWithAck(name, ...(body === undefined ? [] : [body])),
    async join(conversationId) {
      const answer = await this.ask('join_conversation', { conversationId });
      if (!answer.ok) throw new Error(`not joined: ${answer.code}`);
    },
  };
}

/** To be called after each test: a socket that stays open would hear the next one. */
export function closeSockets(): void {
  for (const socket of open) socket.disconnect();
  open.clear();
}

/** A further server process, as far as sockets and HTTP can tell: it shares the database and the key, nothing else. */
export async function secondServer(app: TestApp): Promise<{ base: string; close(): Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-app-'));
  const database = createDatabase({ appUrl: app.db.appUrl, jobUrl: app.db.jobUrl });
  const config = readConfig({
    GUICHET_DATA_DIR: dataDir,
    PORT: '0',
    LOG_LEVEL: 'silent',
    GUICHET_SECRET_KEY: app.context.config.secretKey,
  });
  const context = createContext(config, createLog(config.logLevel), database, createMetrics());
  const server = await buildApp(context);
  await server.listen({ host: '127.0.0.1', port: 0 });
  const live = startLive(context, server.server);
  return {
    base: `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    async close() {
      await Promise.all([server.close(), live.closeSockets()]);
      await live.close();
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
