import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';

/** Counts and logs every answer by its route pattern: the path itself can hold keys. */
export function watchRequests(app: FastifyInstance, context: Context): void {
  const { log, metrics } = context;
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpAnswered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    if (reply.statusCode >= 500 && reply.statusCode !== 503) metrics.error();
    if (log.isLevelEnabled('info')) {
      log.info(
        { requestId: request.id, method: request.method, route, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) },
        'answered',
      );
    }
    done();
  });
}
