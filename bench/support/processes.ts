import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../test/support/desk.ts';

export interface Started {
  child: ChildProcess;
  port: number;
  /** From the command to the first 200 of /health/ready. */
  readyMs: number;
  stop(): Promise<void>;
}

/** `npm start`, as a person types it. */
export async function npmStart(dataDir: string, env: Record<string, string> = {}): Promise<Started> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    env: { ...process.env, PORT: String(port), GUICHET_DATA_DIR: dataDir, ...env },
    stdio: 'ignore',
  });
  while (
    !(await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}`);
    await sleep(5);
  }
  const readyMs = performance.now() - startedAt;
  return {
    child,
    port,
    readyMs,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

export interface Resident {
  pid: number;
  name: string;
  /** Proportional: pages shared with other processes count once among them. */
  megabytes: number;
  /** Resident: shared pages count in every process that maps them. */
  residentMegabytes: number;
}

/** The process and all it started, with their resident memory. Linux only. */
export function residentTree(root: number): Resident[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = readText(`/proc/${entry}/stat`);
    if (stat) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const tree = new Set([root]);
  for (let grown = -1; grown !== tree.size; ) {
    grown = tree.size;
    for (const [pid, parent] of parents) if (tree.has(parent)) tree.add(pid);
  }
  return [...tree].map((pid) => {
    const rollup = readText(`/proc/${pid}/smaps_rollup`) ?? '';
    const megabytesOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1_024;
    return {
      pid,
      name: (readText(`/proc/${pid}/cmdline`) ?? '').replaceAll('\u0000', ' ').trim(),
      megabytes: megabytesOf('Pss'),
      residentMegabytes: megabytesOf('Rss'),
    };
  });
}

/** A process may end between two looks. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
