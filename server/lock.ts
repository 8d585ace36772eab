import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who serves a data directory. */
export interface Holder {
  pid: number;
  url?: string;
}

export type Lock = { isHeld: true; announce(url: string): void; release(): Promise<void> } | { isHeld: false; holder: Holder | undefined };

/**
 * Takes a data directory for this process. The lock is a listening socket, so the system lets go of it
 * however the process ends, and whoever comes second can ask it who serves there.
 */
export async function lockDataDirectory(dataDir: string): Promise<Lock> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const address = addressOf(dataDir);
  const holder: Holder = { pid: process.pid };
  for (let attempt = 1; ; attempt += 1) {
    const server = await listen(address, holder);
    // Two that found the same stale socket file may both have listened: the one that can be reached has the lock.
    if (server && (isAbstract || (await isReached(address)))) {
      return {
        isHeld: true,
        announce(url) {
          holder.url = url;
        },
        release: () => new Promise((resolve) => server.close(() => resolve())),
      };
    }
    server?.close();
    const other = await ask(address);
    if (other !== 'nobody' || attempt >= 5) return { isHeld: false, holder: other === 'nobody' || other === 'silent' ? undefined : other };
    if (!isAbstract) rmSync(address, { force: true });
  }
}

/** One line that says who is there. */
export function describeHolder(dataDir: string, holder: Holder | undefined): string {
  const who = holder ? `pid ${holder.pid}${holder.url ? `, ${holder.url}` : ', still starting'}` : 'another process';
  return `Guichet already runs on the data directory ${dataDir} (${who}): stop it first, or set GUICHET_DATA_DIR to another directory.`;
}

/** Linux has socket names outside the file system, which never go stale. */
const isAbstract = process.platform === 'linux';

function addressOf(dataDir: string): string {
  const key = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 24);
  return isAbstract ? `\0guichet-${key}` : join('/tmp', `guichet-${process.getuid?.() ?? 0}-${key}.lock`);
}

function listen(address: string, holder: Holder): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(JSON.stringify(holder));
    });
    server.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function isReached(address: string): Promise<boolean> {
  await sleep(100);
  const answer = await ask(address);
  return typeof answer === 'object' && answer.pid === process.pid;
}

function ask(address: string): Promise<Holder | 'nobody' | 'silent'> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let said = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      said += chunk.toString();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '') ? 'nobody' : 'silent'),
    );
    socket.on('close', () => resolve(said === '' ? 'silent' : (JSON.parse(said) as Holder)));
  });
}
