import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../server/package.ts';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  child: ChildProcess;
  base: string;
  /** Standard output and errors so far. */
  said(): string;
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Runs one command of the command line, from the sources, to its end. */
export async function guichet(words: string[], env: Record<string, string>): Promise<Ended> {
  const child = spawnCommand(words, env);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      said[name] += chunk.toString();
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, ...said };
}

/** Starts a serving command and waits until it is ready. */
export async function startGuichet(words: string[], env: Record<string, string>): Promise<Started> {
  const port = env.PORT ?? String(await freePort());
  const child = spawnCommand(words, { PORT: port, ...env });
  const base = `http://127.0.0.1:${port}`;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  }
  for (let waitedMs = 0; !(await isReady(base)); waitedMs += 50) {
    if (child.exitCode !== null || waitedMs > 60_000) throw new Error(`guichet ${words.join(' ')} is not ready: ${said}`);
    await sleep(50);
  }
  return {
    child,
    base,
    said: () => said,
    async stop(signal) {
      const closed = once(child, 'close');
      child.kill(signal);
      await closed;
      return child.exitCode;
    },
  };
}

/** Starts a command and leaves it to the caller. */
export function spawnCommand(words: string[], env: Record<string, string>): ChildProcess {
  const script = `import { main } from './cli/main.ts'; process.exitCode = await main(${JSON.stringify(words)});`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: packageRoot,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', GUICHET_DEMO: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/health/ready`).then(
    (response) => response.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
