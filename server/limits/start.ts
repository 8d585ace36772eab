import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/pool.ts';
import { readOldestSeconds } from '../jobs/age.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../probes/metrics.ts';
import { createLimits, type Limits } from './limits.ts';
import { watchLoad } from './load.ts';
import { createRedisSlots } from './redis-slots.ts';
import { createDatabaseSlots } from './sliding.ts';

const tellEveryMs = 60_000;

/** The limits of this process: counted in Redis where there is one, else in the database. */
export function openLimits(config: Pick<Config, 'redisUrl'>, database: Database, metrics: Metrics, log: Logger): Limits {
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = (error: unknown) => {
    if (performance.now() - toldAt < tellEveryMs) return;
    toldAt = performance.now();
    log.warn({ err: error }, 'limits cannot be counted: calls are let through');
  };
  return createLimits({
    slots: config.redisUrl === undefined ? createDatabaseSlots(database) : createRedisSlots(config.redisUrl, tell),
    onRefused: metrics.limited,
    onUncounted(error) {
      metrics.uncounted();
      tell(error);
    },
  });
}

/** Makes the API's limits give way while this process or the queue is late, until the app closes. */
export function adaptLimits(app: FastifyInstance, { limits, metrics, database, log }: Context): void {
  const stop = watchLoad({
    readQueueSeconds: () => readOldestSeconds(database),
    onShare(share) {
      limits.setShare(share);
      metrics.limitShare(share);
      log.warn({ count: share }, 'the limits of API keys change with the load');
    },
  });
  app.addHook('onClose', () => {
    stop();
    return limits.close();
  });
}
