import { z } from 'zod';
import type { Channels } from '../channels/index.ts';
import type { Database } from '../db/pool.ts';
import type { FileStore } from '../files/store.ts';
import { defineJob, type JobHandler, type Lane, RunAgain } from '../jobs/job.ts';
import type { Metrics } from '../probes/metrics.ts';
import { createEndpoints, type Endpoints, type OpenSecrets } from './inbound/endpoint.ts';
import { enrich } from './inbound/enrich.ts';
import type { HookOptions } from './inbound/hook.ts';
import { createReceiver, type Receiver } from './inbound/receive.ts';
import { deliver, giveUp } from './outbound/deliver.ts';

export interface LineOptions {
  database: Database;
  files: FileStore;
  channels: Channels;
  metrics: Metrics;
  publicUrl: string;
  openSecrets: OpenSecrets;
  /** There are jobs in a lane. */
  wakeJobs: (lane: Lane) => void;
  /** There are announcements. */
  wakeAnnouncer: () => void;
}

/** The line as one thing: what it receives with, and the jobs it leaves behind. */
export interface Line {
  endpoints: Endpoints;
  receiver: Receiver;
  hooks: HookOptions;
  jobs: JobHandler[];
}

/** Claims of arrivals that come close together are made together: at 200 messages a second that is 40 claims instead of 200. */
const enrichAfterMs = 25;

export function createLine(options: LineOptions): Line {
  const { database, metrics } = options;
  const { adapterOf } = options.channels;
  const endpoints = createEndpoints(database, options.openSecrets);
  let enrichSoon: NodeJS.Timeout | undefined;
  const receiver = createReceiver({
    database,
    files: options.files,
    committed() {
      options.wakeAnnouncer();
      enrichSoon ??= setTimeout(() => {
        enrichSoon = undefined;
        options.wakeJobs('inbound');
      }, enrichAfterMs).unref();
    },
    counted: (channel, outcome, durationMs) => metrics.inbound(channel, outcome, durationMs / 1_000),
  });
  const delivering = {
    database,
    endpoints,
    adapterOf,
    committed: options.wakeAnnouncer,
    counted: (channel: string, outcome: string) => metrics.outbound(channel, outcome),
  };
  const refused = (channel: string, reason: string) => metrics.inbound(channel, reason, undefined);

  return {
    endpoints,
    receiver,
    hooks: { endpoints, receiver, adapterOf, publicUrl: options.publicUrl, refused },
    jobs: [
      defineJob({
        kind: 'enrich',
        payload: z.object({ messageIds: z.array(z.uuid()) }),
        timeoutMs: 20_000,
        async run({ accountId, payload }) {
          await enrich(database, accountId, payload.messageIds);
          options.wakeAnnouncer();
        },
      }),
      defineJob({
        kind: 'deliver',
        payload: z.object({ messageId: z.uuid() }),
        timeoutMs: 25_000,
        async run({ accountId, payload, signal }) {
          const delivered = await deliver(delivering, accountId, payload.messageId, signal);
          if (delivered.next === 'again') throw new RunAgain(delivered.afterMs, true);
          if (delivered.next === 'retry') throw new RunAgain(delivered.afterMs, false);
        },
        gaveUp: ({ accountId, payload }) => giveUp(delivering, accountId, payload.messageId),
      }),
    ],
  };
}
