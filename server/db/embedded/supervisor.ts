import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { keepSecret, readSecret } from '../../secret-file.ts';
import { type Binaries, prepareBinaries } from './binaries.ts';
import { createCluster, ownerName } from './cluster.ts';
import { launch, type Running } from './launch.ts';
import { choosePlace, type Place, preparePlace } from './place.ts';
import { clearOrphan, stopPostmaster } from './postmaster.ts';

export interface EmbeddedOptions {
  /** The data directory of the installation; the caller holds its lock. */
  dataDir: string;
  onProgress?: (line: string) => void;
  /** PostgreSQL died under us; it is being started again. */
  onExit?: (reason: string) => void;
  /** Overrides of PostgreSQL's settings, for tests. */
  settings?: Record<string, string>;
}

export interface Embedded {
  /** A login that owns everything; for migrations, not for serving. */
  ownerUrl: string;
  /** Process number of the postmaster; changes when it had to be started again. */
  readonly pid: number;
  stop(): Promise<void>;
}

const databaseName = 'guichet';
const passwordFile = 'postgres-owner.password';

/** Starts the PostgreSQL of a data directory, creating it when it is new, and keeps it running until `stop`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const progress = options.onProgress ?? (() => {});
  const place = choosePlace(options.dataDir);
  if (place.movedFrom) progress(`PostgreSQL's account cannot reach ${place.movedFrom}: the database lives in ${place.root}`);
  preparePlace(place);
  const binaries = prepareBinaries(place);
  const password = keepSecret(join(options.dataDir, passwordFile), () => randomBytes(24).toString('base64url'));
  if (!existsSync(place.cluster)) progress('Creating the database');
  await createCluster(place, binaries, password);
  const supervised = await supervise(() => launchPatiently(place, binaries, options.settings ?? {}), options.onExit ?? (() => {}));
  await createDatabaseOnce(place, password);
  return {
    ownerUrl: urlOf(place, password, databaseName),
    get pid() {
      return supervised.pid();
    },
    stop: supervised.stop,
  };
}

/** How to reach the embedded database that another process may be running; undefined when there is none yet. */
export function findEmbeddedUrl(dataDir: string): string | undefined {
  const password = readSecret(join(resolve(dataDir), passwordFile));
  return password === undefined ? undefined : urlOf(choosePlace(dataDir), password, databaseName);
}

/** Keeps one server running: when it dies it is started again, a little later each time it dies early. */
async function supervise(start: () => Promise<Running>, onExit: (reason: string) => void) {
  let isStopping = false;
  let running = await start();
  const watch = async () => {
    for (let failures = 0; !isStopping; ) {
      const startedAt = Date.now();
      const reason = await running.gone;
      if (isStopping) return;
      onExit(reason);
      failures = Date.now() - startedAt > 60_000 ? 0 : failures;
      for (let isUp = false; !isUp && !isStopping; failures += 1) {
        await sleep(Math.min(10_000, 100 * 2 ** failures));
        isUp = await start().then(
          (next) => {
            running = next;
            return true;
          },
          (error: Error) => {
            onExit(error.message);
            return false;
          },
        );
      }
    }
  };
  const watched = watch();
  return {
    pid: () => running.pid,
    async stop() {
      if (isStopping) return;
      isStopping = true;
      await stopRunning(running);
      await watched;
      // A restart may have been under way.
      await stopRunning(running);
    },
  };
}

async function stopRunning(running: Running): Promise<void> {
  let isGone = false;
  void running.gone.then(() => {
    isGone = true;
  });
  if (running.guard.exitCode === null && running.guard.signalCode === null) await stopPostmaster(running.pid, () => !isGone);
}

/** After a kill -9 of the postmaster its children need a moment to let go of the shared memory. */
async function launchPatiently(place: Place, binaries: Binaries, settings: Record<string, string>): Promise<Running> {
  for (let waitedMs = 0; ; waitedMs += 100) {
    try {
      await clearOrphan(place.cluster);
      return await launch(place, binaries, settings);
    } catch (error) {
      if (waitedMs >= 30_000 || !/shared memory block|lock file/.test((error as Error).message)) throw error;
      await sleep(100);
    }
  }
}

async function createDatabaseOnce(place: Place, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(place, password, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

function urlOf(place: Place, password: string, database: string): string {
  return `postgresql://${ownerName}:${password}@${encodeURIComponent(place.socketDir)}/${database}`;
}
