import type { Config } from './config.ts';
import type { Database } from './db/pool.ts';
import type { FileStore } from './files/store.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './probes/metrics.ts';

/** What every part of the server is given; made once by main. */
export interface Context {
  config: Config;
  log: Logger;
  database: Database;
  files: FileStore;
  metrics: Metrics;
  /** True from SIGTERM on: not ready any more, still answering. */
  life: { isDraining: boolean };
}
