import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { findPostmaster } from './postmaster.ts';

/** A running postmaster and the small shell that ends it when we are gone. */
export interface Running {
  pid: number;
  guard: ChildProcess;
  /** Resolves with the reason once the server is gone. */
  gone: Promise<string>;
}

/**
 * The guard's standard input is a pipe that we never write to: it ends when this process dies, even by kill -9,
 * and the guard then shuts PostgreSQL down. Its own session keeps a Ctrl-C in the terminal away from PostgreSQL.
 */
const guardScript = `
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -INT $server; } 2>/dev/null &
watcher=$!
wait $server; code=$?
kill $watcher 2>/dev/null
exit $code`;

const startPatienceMs = 120_000;

/** Starts the server and waits until it takes connections; throws with what it said when it does not. */
export async function launch(place: Place, binaries: Binaries, settings: Record<string, string>): Promise<Running> {
  const old = findPostmaster(place.cluster);
  const args = Object.entries({ ...settingsFor(place), ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const guard = spawn('/bin/sh', ['-c', guardScript, 'guichet-postgres', binaries.postgres, '-D', place.cluster, ...args], {
    ...place.account,
    cwd: place.root,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  guard.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  guard.stdin?.on('error', () => {});
  const gone = once(guard, 'exit').then(
    ([code, signal]) => `ended with ${code ?? signal}: ${said.trim()}`,
    (error: Error) => `could not be started: ${error.message}`,
  );
  let end: string | undefined;
  void gone.then((reason) => {
    end = reason;
  });
  for (let waitedMs = 0; waitedMs < startPatienceMs; waitedMs += 10) {
    const found = findPostmaster(place.cluster);
    if (end !== undefined) throw new Error(`PostgreSQL ${end}`);
    if (found?.isReady && (found.pid !== old?.pid || found.startedAt !== old.startedAt)) return { pid: found.pid, guard, gone };
    await sleep(10);
  }
  guard.stdin?.end();
  throw new Error(`PostgreSQL is not ready after ${startPatienceMs / 1000} s: ${said.trim()}`);
}

/** Durable, small, silent about people: DETAIL and statements in its log would hold addresses. */
function settingsFor(place: Place): Record<string, string> {
  return {
    listen_addresses: '',
    unix_socket_directories: place.socketDir,
    unix_socket_permissions: '0700',
    shared_buffers: '64MB',
    max_connections: '60',
    fsync: 'on',
    synchronous_commit: 'on',
    jit: 'off',
    // A new desk under load is planned for with the statistics of its first seconds, not of its first minute:
    // without any, an account's whole history is read where one key was meant.
    autovacuum_naptime: '3s',
    timezone: 'UTC',
    max_wal_size: '512MB',
    logging_collector: 'on',
    log_directory: place.logDir,
    log_filename: 'postgres-%a.log',
    log_truncate_on_rotation: 'on',
    log_rotation_age: '1d',
    log_rotation_size: '0',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_timezone: 'UTC',
  };
}
