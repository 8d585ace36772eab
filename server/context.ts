import type { Config } from './config.ts';
import type { Database } from './db/pool.ts';
import type { FileStore } from './files/store.ts';
import type { Lane } from './jobs/job.ts';
import type { Logger } from './log.ts';
import type { Line } from './message/line.ts';
import type { Channels } from './channels/index.ts';
import type { Sealer } from './credentials/seal.ts';
import type { Metrics } from './probes/metrics.ts';

/** What every part of the server is given; made once by main. */
export interface Context {
  config: Config;
  log: Logger;
  database: Database;
  files: FileStore;
  metrics: Metrics;
  sealer: Sealer;
  channels: Channels;
  line: Line;
  /** To be told after the commit of whatever enqueued. */
  jobs: { wake(lane: Lane): void };
  /** To be told after the commit of whatever announced. */
  announcer: { wake(): void };
  /** True from SIGTERM on: not ready any more, still answering. */
  life: { isDraining: boolean };
}
