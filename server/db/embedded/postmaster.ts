import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What PostgreSQL wrote about itself into its cluster. */
export interface Postmaster {
  pid: number;
  /** Seconds since 1970, as PostgreSQL wrote them: tells a new server from an old one's left-over file. */
  startedAt: string;
  isReady: boolean;
}

/** Reads postmaster.pid: who serves (or served) this cluster. */
export function findPostmaster(cluster: string): Postmaster | undefined {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, startedAt: lines[2] ?? '', isReady: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Stops a server that outlived its parent. The caller holds the lock of the data directory, so whoever
 * still serves it is an orphan. The left-over postmaster.pid stays: through it PostgreSQL finds the shared memory
 * of children that are not gone yet.
 */
export async function clearOrphan(cluster: string): Promise<void> {
  const found = findPostmaster(cluster);
  if (!found) return;
  if (servesCluster(found.pid, cluster)) await stopPostmaster(found.pid, () => servesCluster(found.pid, cluster));
  else if (isAlive(found.pid)) nameDeadProcess(cluster);
}

/** The number in postmaster.pid now belongs to another program, and PostgreSQL would refuse to start beside it. */
function nameDeadProcess(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  const dead = spawnSync('/bin/sh', ['-c', ':']).pid;
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^\d+/, String(dead)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Fast shutdown, then immediate (recovery follows at the next start), then by force. */
export async function stopPostmaster(pid: number, isRunning: () => boolean): Promise<void> {
  const steps: [NodeJS.Signals, number][] = [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ];
  for (const [signal, patienceMs] of steps) {
    signalProcess(pid, signal);
    signalProcess(pid, 'SIGCONT');
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 20) {
      if (!isRunning()) return;
      await sleep(20);
    }
  }
  throw new Error(`PostgreSQL (pid ${pid}) does not stop`);
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** True when this process is a PostgreSQL server of this very cluster: process numbers are used again. */
function servesCluster(pid: number, cluster: string): boolean {
  const command = commandLineOf(pid);
  return /postgres/.test(command) && [cluster, realpathSync(cluster)].some((dir) => command.includes(`-D ${dir} `));
}

function commandLineOf(pid: number): string {
  try {
    if (process.platform === 'linux') return `${readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')} `;
    return `${execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()} `;
  } catch {
    // No such process any more.
    return '';
  }
}
