import type { z } from 'zod';
import type { Tx } from '../db/pool.ts';
import { insertJobs } from './queries.ts';

export const lanes = ['inbound', 'outbound', 'default', 'slow', 'mail'] as const;
export type Lane = (typeof lanes)[number];

/** Stands for the installation itself where a job concerns no account, or nobody must learn which. */
export const installationId = '00000000-0000-7000-8000-000000000001';

export interface JobInput {
  kind: string;
  lane: Lane;
  accountId: string;
  /** Ids only: the job loads what it needs when it runs. */
  payload: Record<string, unknown>;
  runAt?: Date;
  attemptsMax?: number;
  /** While a job with this key waits for its first claim, another is not added. */
  uniqueKey?: string;
}

/** Adds jobs inside the caller's transaction: they exist if and only if it commits. */
export async function enqueue(tx: Tx, jobs: JobInput[]): Promise<void> {
  if (jobs.length > 0) await insertJobs(tx, jobs);
}

export interface Job<Payload> {
  accountId: string;
  payload: Payload;
  /** Grows with every claim: what the job writes can be fenced with it. */
  attempt: number;
  /** Aborted when the lease is lost, the time is up, or the process stops. */
  signal: AbortSignal;
}

export interface JobHandler<Payload = unknown> {
  kind: string;
  payload: z.ZodType<Payload>;
  timeoutMs: number;
  /** Must be safe to repeat. Throwing means: again, later. */
  run(job: Job<Payload>): Promise<void>;
  /** Called before the job becomes a dead letter: whoever waits for it is told. Must be safe to repeat. */
  gaveUp?(job: Pick<Job<Payload>, 'accountId' | 'payload'>): Promise<void>;
}

/** Ties a handler to the type of its payload. */
export function defineJob<Payload>(handler: JobHandler<Payload>): JobHandler {
  const { gaveUp } = handler;
  return {
    ...handler,
    run: (job) => handler.run({ ...job, payload: handler.payload.parse(job.payload) }),
    ...(gaveUp ? { gaveUp: async (job) => gaveUp({ ...job, payload: handler.payload.parse(job.payload) }) } : {}),
  };
}

/** Thrown by a handler that wants to run again after a while; a spared run does not count as a try. */
export class RunAgain extends Error {
  readonly afterMs: number | null;
  readonly isSpared: boolean;
  constructor(afterMs: number | null, isSpared: boolean) {
    super('run again');
    this.afterMs = afterMs;
    this.isSpared = isSpared;
  }
}
