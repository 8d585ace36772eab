import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../loopback.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import type {} from '../http/access.ts';
import { packageCommit, packageVersion } from '../package.ts';
import { knownSchema } from '../db/migrate.ts';
import { countAcceptedNotShown, readSchema } from './queries.ts';

type Check = 'ok' | 'failed';
const answerWithinMs = 2_000;

/** Health, version and metrics: for machines that watch this one. */
export function registerProbes(app: FastifyInstance, context: Context): void {
  const startedAt = new Date().toISOString();
  const config = { access: 'public' as const };
  const schema = { hide: true };

  context.metrics.acceptedNotShown(() => countAcceptedNotShown(context.database));
  // Alive means that the event loop turns: no database, so that its absence does not get us killed.
  app.get('/health/live', { config, schema }, async () => ({ status: 'ok', checks: {} }));
  for (const path of ['/health', '/health/ready', '/health/startup']) {
    app.get(path, { config, schema }, async (_request, reply) => answerChecks(reply, await check(context)));
  }
  app.get('/version', { config, schema }, async () => ({
    version: packageVersion,
    commit: packageCommit,
    schema: knownSchema(),
    startedAt,
  }));
  app.get('/metrics', { config, schema }, async (request, reply) => {
    requireMetricsAccess(context, request);
    return reply.type(context.metrics.registry.contentType).send(await context.metrics.registry.metrics());
  });
}

async function check(context: Context): Promise<Record<string, Check>> {
  const schema = await withinTime(readSchema(context.database)).catch(() => undefined);
  return {
    database: schema === undefined ? 'failed' : 'ok',
    migrations: schema === knownSchema() ? 'ok' : 'failed',
    ...(await checkRedis(context)),
    draining: context.life.isDraining ? 'failed' : 'ok',
  };
}

async function checkRedis({ config, limits }: Context): Promise<Record<string, Check>> {
  return config.redisUrl === undefined ? {} : { redis: (await limits.isThere()) ? 'ok' : 'failed' };
}

function answerChecks(reply: FastifyReply, checks: Record<string, Check>) {
  const isOk = Object.values(checks).every((state) => state === 'ok');
  return reply.code(isOk ? 200 : 503).send({ status: isOk ? 'ok' : 'failed', checks });
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the database does not answer')), answerWithinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** With a token: whoever has it. Without: this machine only, judged by the connection and not by a header. */
function requireMetricsAccess(context: Context, request: FastifyRequest): void {
  const token = context.config.metricsToken;
  if (token === undefined) {
    if (!isLoopback(request.socket.remoteAddress ?? '') || request.headers['x-forwarded-for'] !== undefined)
      throw new ApiError('forbidden', 'Metrics are for this machine, or for whoever has GUICHET_METRICS_TOKEN.');
    return;
  }
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    throw new ApiError('unauthenticated', 'Metrics need the bearer token GUICHET_METRICS_TOKEN.');
}
