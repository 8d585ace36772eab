import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommitMode, Database } from '../db/pool.ts';
import { type JobHandler, type Lane, lanes, RunAgain } from './job.ts';
import { type ClaimedRow, type ClaimRef, claimJobs, deleteJobs, extendLeases, releaseJobs, returnJob } from './queries.ts';

export interface WorkerOptions {
  database: Database;
  handlers: JobHandler[];
  /** Jobs that run at once, by lane: what waits in one lane never holds up another. */
  concurrency?: Partial<Record<Lane, number>>;
  leaseMs?: number;
  pollMs?: number;
  /** A job failed, or the queue could not be reached. */
  onError: (error: unknown, about: { kind?: string; lane: Lane; isDead?: boolean }) => void;
}

export interface Worker {
  /** Looks for due jobs now; call it after the commit that enqueued some. */
  wake(lane: Lane): void;
  /** Claims nothing more, waits for what runs, gives the rest back. */
  stop(drainMs?: number): Promise<void>;
}

interface Running {
  claim: ClaimRef;
  abort: AbortController;
}

interface LaneState {
  lane: Lane;
  slots: number;
  running: Map<string, Running>;
  isClaiming: boolean;
  isWoken: boolean;
  failures: number;
}

const defaultConcurrency: Record<Lane, number> = { inbound: 4, outbound: 16, default: 4, slow: 2 };

/** What the inbound lane does is the same when done twice, and it is where the load is. Elsewhere a claim is on disk before its work begins. */
const claimCommit: Record<Lane, CommitMode> = { inbound: 'relaxed', outbound: 'durable', default: 'durable', slow: 'durable' };

/** Runs jobs until stopped. At least once: a job whose end could not be noted runs again. */
export function startWorker(options: WorkerOptions): Worker {
  const { database } = options;
  const leaseMs = options.leaseMs ?? 30_000;
  const handlers = new Map(options.handlers.map((handler) => [handler.kind, handler]));
  const finished: ClaimRef[] = [];
  let isStopping = false;
  let flushing: Promise<void> | undefined;

  const states = lanes.map(
    (lane): LaneState => ({
      lane,
      slots: options.concurrency?.[lane] ?? defaultConcurrency[lane],
      running: new Map(),
      isClaiming: false,
      isWoken: false,
      failures: 0,
    }),
  );

  async function pump(state: LaneState): Promise<void> {
    state.isWoken = true;
    if (state.isClaiming) return;
    state.isClaiming = true;
    while (state.isWoken && !isStopping && state.running.size < state.slots) {
      state.isWoken = false;
      await claimSome(state);
    }
    state.isClaiming = false;
  }

  async function claimSome(state: LaneState): Promise<void> {
    const free = state.slots - state.running.size;
    try {
      const rows = await database.asJob((tx) => claimJobs(tx, state.lane, free, leaseMs, randomUUID()), claimCommit[state.lane]);
      state.failures = 0;
      for (const row of rows) void runOne(state, row);
      if (rows.length > 0) state.isWoken = true;
    } catch (error) {
      options.onError(error, { lane: state.lane });
      await sleep(Math.min(1_000, 50 * 2 ** state.failures++));
    }
  }

  async function runOne(state: LaneState, row: ClaimedRow): Promise<void> {
    const claim = { accountId: row.account_id, id: row.id, attempt: row.attempt };
    const running: Running = { claim, abort: new AbortController() };
    const handler = handlers.get(row.kind);
    state.running.set(row.id, running);
    const timer = setTimeout(() => running.abort.abort(new Error('the job took too long')), handler?.timeoutMs ?? 0);
    try {
      if (!handler) throw new Error(`no handler for jobs of kind ${row.kind}`);
      // Every claim counts, also those that ended with the death of their process.
      if (row.attempt - row.spared > row.attempts_max) throw new Error('every attempt ended without a word');
      await handler.run({ accountId: row.account_id, payload: row.payload, attempt: row.attempt, signal: running.abort.signal });
      finished.push(claim);
      flush();
    } catch (error) {
      await giveBack(state, row, claim, error);
    } finally {
      clearTimeout(timer);
      state.running.delete(row.id);
      void pump(state);
    }
  }

  async function giveBack(state: LaneState, row: ClaimedRow, claim: ClaimRef, error: unknown): Promise<void> {
    const tries = row.attempt - row.spared;
    const again = error instanceof RunAgain ? error : undefined;
    const isDead = !again?.isSpared && tries >= row.attempts_max;
    if (!again) options.onError(error, { kind: row.kind, lane: state.lane, isDead });
    const end = {
      delayMs: again?.afterMs ?? backoffMs(tries),
      isSpared: again?.isSpared ?? false,
      isDead,
      error: again ? null : nameOf(error),
    };
    // If this cannot be noted either, the lease runs out and the job comes back.
    await database.asJob((tx) => returnJob(tx, claim, end)).catch((failure: unknown) => options.onError(failure, { lane: state.lane }));
  }

  /** Ends of jobs are noted together: one statement for all that finished meanwhile. */
  function flush(): void {
    flushing ??= noteFinished().finally(() => {
      flushing = undefined;
      if (finished.length > 0) flush();
    });
  }

  async function noteFinished(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    const claims = finished.splice(0);
    // Taken back by a crash, an end only means that the job runs again.
    await database.asJob((tx) => deleteJobs(tx, claims), 'relaxed').catch((error: unknown) => options.onError(error, { lane: 'default' }));
  }

  async function beat(): Promise<void> {
    const held = states.flatMap((state) => [...state.running.values()]);
    if (held.length === 0) return;
    try {
      const kept = await database.asJob((tx) =>
        extendLeases(
          tx,
          held.map(({ claim }) => claim),
          leaseMs,
        ),
      );
      for (const { claim, abort } of held) if (!kept.has(claim.id)) abort.abort(new Error('the lease was lost'));
    } catch (error) {
      options.onError(error, { lane: 'default' });
    }
  }

  const poll = setInterval(() => states.forEach((state) => void pump(state)), options.pollMs ?? 1_000);
  const heart = setInterval(() => void beat(), leaseMs / 3);
  for (const state of states) void pump(state);

  return {
    wake(lane) {
      const state = states.find((candidate) => candidate.lane === lane);
      if (state) void pump(state);
    },
    async stop(drainMs = 20_000) {
      isStopping = true;
      clearInterval(poll);
      const deadline = Date.now() + drainMs;
      const left = () => states.flatMap((state) => [...state.running.values()]);
      while ((left().length > 0 || states.some((state) => state.isClaiming)) && Date.now() < deadline) await sleep(20);
      clearInterval(heart);
      const unfinished = left();
      for (const { abort } of unfinished) abort.abort(new Error('the process stops'));
      if (unfinished.length > 0)
        await database.asJob((tx) =>
          releaseJobs(
            tx,
            unfinished.map(({ claim }) => claim),
          ),
        );
      while (flushing) await flushing;
    },
  };
}

/** Exponential with full jitter: half a second, doubling, an hour at most. */
function backoffMs(tries: number): number {
  return Math.random() * Math.min(3_600_000, 1_000 * 2 ** tries);
}

/** What is kept of an error: its kind. Messages may quote what a customer wrote. */
function nameOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return error instanceof Error ? `${error.name}${code}` : 'unknown';
}
