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
  /** How long a job that was told to stop may still take before its slot is given to others. */
  graceMs?: number;
  /** A job failed, or the queue could not be reached. */
  onError: (error: unknown, about: { kind?: string; lane: Lane; isDead?: boolean }) => void;
}

export interface Worker {
  /** Looks for due jobs now; call it after the commit that enqueued some. */
  wake(lane: Lane): void;
  /** Claims nothing more, gives back what has not begun, waits for what runs, gives the rest back. */
  stop(drainMs?: number): Promise<void>;
}

interface Held {
  row: ClaimedRow;
  claim: ClaimRef;
  abort: AbortController;
  leasedUntil: number;
  isReleased: boolean;
}

interface LaneState {
  lane: Lane;
  slots: number;
  waiting: Held[];
  running: Set<Held>;
  /** The account that was served last: the next claim begins after it. */
  servedAccount: string;
  isClaiming: boolean;
  isWoken: boolean;
  failures: number;
  meanMs: number;
}

const defaultConcurrency: Record<Lane, number> = { inbound: 4, outbound: 16, default: 4, slow: 2, mail: 4 };
/** A claim takes along what will probably begin within this time: quick jobs go in batches, slow ones stay free for others. */
const aheadMs = 50;
const aheadMax = 100;

/** What the inbound lane does is the same when done twice, and it is where the load is. Elsewhere a claim is on disk before its work begins. */
const claimCommit: Record<Lane, CommitMode> = {
  inbound: 'relaxed',
  outbound: 'durable',
  default: 'durable',
  slow: 'durable',
  mail: 'durable',
};

/** Runs jobs until stopped. At least once: a job whose end could not be noted runs again. */
export function startWorker(options: WorkerOptions): Worker {
  const { database, leaseMs = 15_000, pollMs = 1_000, graceMs = 5_000, onError } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.kind, handler]));
  const finished: ClaimRef[] = [];
  let isStopping = false;
  let flushing: Promise<void> | undefined;
  const states = lanes.map((lane) => openLane(lane, options.concurrency?.[lane] ?? defaultConcurrency[lane]));

  function wake(state: LaneState): void {
    state.isWoken = true;
    void pump(state);
  }

  async function pump(state: LaneState): Promise<void> {
    startWaiting(state);
    if (state.isClaiming) return;
    state.isClaiming = true;
    for (let room = roomOf(state); state.isWoken && !isStopping && room > 0; room = roomOf(state)) {
      state.isWoken = false;
      await claimSome(state, room);
    }
    state.isClaiming = false;
  }

  async function claimSome(state: LaneState, room: number): Promise<void> {
    const leasedUntil = Date.now() + leaseMs;
    try {
      const rows = await database.asJob((tx) => claimJobs(tx, state.lane, room, leaseMs, state.servedAccount), claimCommit[state.lane]);
      state.failures = 0;
      state.servedAccount = lastServed(rows, state.servedAccount);
      state.waiting.push(...rows.map((row) => hold(row, leasedUntil)));
      // Only a claim that found nothing says that nothing is due.
      if (rows.length > 0) state.isWoken = true;
      startWaiting(state);
    } catch (error) {
      onError(error, { lane: state.lane });
      await sleep(Math.min(1_000, 50 * 2 ** state.failures++));
    }
  }

  function startWaiting(state: LaneState): void {
    while (!isStopping && state.running.size < state.slots) {
      const held = state.waiting.shift();
      if (!held) return;
      if (Date.now() < held.leasedUntil) void runOne(state, held);
    }
  }

  async function runOne(state: LaneState, held: Held): Promise<void> {
    const { row, claim, abort } = held;
    const handler = handlers.get(row.kind);
    const started = performance.now();
    state.running.add(held);
    const timer = setTimeout(() => abort.abort(new Error('the job took too long')), handler?.timeoutMs ?? 0);
    try {
      if (!handler) throw new Error(`no handler for jobs of kind ${row.kind}`);
      // Every claim counts, also those that ended with the death of their process.
      if (row.attempt - row.spared > row.attempts_max) throw new Error('every attempt ended without a word');
      const job = { accountId: row.account_id, payload: row.payload, attempt: row.attempt, signal: abort.signal };
      await Promise.race([handler.run(job), outlived(abort.signal, graceMs)]);
      finished.push(claim);
      flush();
    } catch (error) {
      await giveBack(state, held, error);
    } finally {
      clearTimeout(timer);
      state.running.delete(held);
      state.meanMs += (performance.now() - started - state.meanMs) / 10;
      void pump(state);
    }
  }

  async function giveBack(state: LaneState, held: Held, error: unknown): Promise<void> {
    if (held.isReleased) return;
    const { row, claim } = held;
    const tries = row.attempt - row.spared;
    const again = error instanceof RunAgain ? error : undefined;
    const isSpared = again?.isSpared ?? false;
    const isDead = !isSpared && tries >= row.attempts_max;
    if (!again) onError(error, { kind: row.kind, lane: state.lane, isDead });
    const delayMs = again?.afterMs ?? backoffMs(tries);
    const end = { delayMs, isSpared, isDead, error: again ? null : nameOf(error) };
    if (isDead) {
      const lost = { accountId: row.account_id, payload: row.payload };
      await handlers
        .get(row.kind)
        ?.gaveUp?.(lost)
        .catch((failure: unknown) => onError(failure, { kind: row.kind, lane: state.lane }));
    }
    // If this cannot be noted either, the lease runs out and the job comes back.
    await database.asJob((tx) => returnJob(tx, claim, end)).catch((failure: unknown) => onError(failure, { lane: state.lane }));
    if (delayMs < pollMs) setTimeout(() => wake(state), delayMs + 1).unref();
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
    try {
      // Taken back by a crash, an end only means that the job runs again.
      await database.asJob((tx) => deleteJobs(tx, claims), 'relaxed');
    } catch (error) {
      onError(error, { lane: 'default' });
      finished.push(...claims);
      await sleep(500);
    }
  }

  async function beat(): Promise<void> {
    const held = states.flatMap((state) => [...state.running]);
    const leasedUntil = Date.now() + leaseMs;
    // What was taken along and still has not begun is free for others again.
    const idle = states.flatMap((state) => state.waiting.splice(0, state.waiting.findLastIndex((one) => isOld(one)) + 1));
    await release(idle);
    if (held.length === 0) return;
    try {
      const kept = await database.asJob((tx) => extendLeases(tx, claimsOf(held), leaseMs));
      for (const one of held) one.leasedUntil = kept.has(one.claim.id) ? leasedUntil : 0;
    } catch (error) {
      onError(error, { lane: 'default' });
    }
    abortExpired();
  }

  const isOld = (held: Held) => held.leasedUntil - Date.now() < (leaseMs * 2) / 3;

  /** Also while the database is away: after its lease a job may run elsewhere. */
  function abortExpired(): void {
    for (const state of states)
      for (const { abort, leasedUntil } of state.running) if (leasedUntil <= Date.now()) abort.abort(new Error('the lease was lost'));
  }

  async function release(held: Held[]): Promise<void> {
    if (held.length === 0) return;
    for (const one of held) one.isReleased = true;
    await database.asJob((tx) => releaseJobs(tx, claimsOf(held))).catch((error: unknown) => onError(error, { lane: 'default' }));
  }

  const poll = setInterval(() => {
    abortExpired();
    states.forEach(wake);
  }, pollMs);
  const heart = setInterval(() => void beat(), leaseMs / 3);
  states.forEach(wake);

  return {
    wake(lane) {
      states.filter((state) => state.lane === lane).forEach(wake);
    },
    async stop(drainMs = 20_000) {
      isStopping = true;
      clearInterval(poll);
      const deadline = Date.now() + drainMs;
      const isBusy = (check: (state: LaneState) => boolean) => states.some(check) && Date.now() < deadline;
      while (isBusy((state) => state.isClaiming)) await sleep(5);
      await release(states.flatMap((state) => state.waiting.splice(0)));
      while (isBusy((state) => state.running.size > 0)) await sleep(5);
      clearInterval(heart);
      const unfinished = states.flatMap((state) => [...state.running]);
      for (const { abort } of unfinished) abort.abort(new Error('the process stops'));
      await release(unfinished);
      // What cannot be noted for want of a database runs again.
      while (flushing && Date.now() < deadline + 1_000) await Promise.race([flushing, sleep(100)]);
    },
  };
}

function openLane(lane: Lane, slots: number): LaneState {
  const zero = '00000000-0000-0000-0000-000000000000';
  return {
    lane,
    slots,
    waiting: [],
    running: new Set(),
    servedAccount: zero,
    isClaiming: false,
    isWoken: false,
    failures: 0,
    meanMs: 1_000,
  };
}

/** How many jobs to claim now: none before half of what is taken along has begun. */
function roomOf({ slots, waiting, running, meanMs }: LaneState): number {
  const ahead = Math.min(aheadMax, Math.floor((slots * aheadMs) / meanMs));
  const room = slots + ahead - waiting.length - running.size;
  return room > ahead / 2 ? room : 0;
}

function hold(row: ClaimedRow, leasedUntil: number): Held {
  const claim = { accountId: row.account_id, id: row.id, attempt: row.attempt };
  return { row, claim, abort: new AbortController(), leasedUntil, isReleased: false };
}

function claimsOf(held: Held[]): ClaimRef[] {
  return held.map(({ claim }) => claim);
}

/** Where the walk around the accounts ended: it passes `before` only after it has come round. */
function lastServed(rows: ClaimedRow[], before: string): string {
  const served = rows.map((row) => row.account_id).sort();
  return served.findLast((id) => id <= before) ?? served.at(-1) ?? before;
}

/** Rejects a while after the signal: a job that does not heed it must not keep its slot. */
function outlived(signal: AbortSignal, graceMs: number): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => setTimeout(() => reject(signal.reason), graceMs).unref(), { once: true });
  });
}

/** Exponential with full jitter: up to two seconds after the first try, doubling, an hour at most. */
function backoffMs(tries: number): number {
  return Math.random() * Math.min(3_600_000, 1_000 * 2 ** tries);
}

/** What is kept of an error: its kind. Messages may quote what a customer wrote. */
function nameOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return error instanceof Error ? `${error.name}${code}` : 'unknown';
}
