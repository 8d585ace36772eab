import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './desk.ts';

export interface TestRedis {
  url: string;
  /** Ends it at once; what it counted is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** A Redis of its own on a free loopback port, which keeps nothing on disk. */
export async function testRedis(): Promise<TestRedis> {
  const port = await freePort();
  const dir = await mkdtemp(join(tmpdir(), 'guichet-redis-'));
  let child: ChildProcess;
  const launch = async () => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', dir];
    child = spawn(process.env['GUICHET_TEST_REDIS'] ?? 'redis-server', options, { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    for (let tries = 0; !(await Promise.race([isOpen(port), failed])); tries += 1) {
      if (tries > 200) throw new Error('redis-server does not start');
      await sleep(25);
    }
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: launch,
    async remove() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
