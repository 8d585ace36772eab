import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Context } from './context.ts';
import { registerHooks } from './message/inbound/routes.ts';
import { watchRequests } from './probes/requests.ts';
import { registerProbes } from './probes/routes.ts';

/** The HTTP side: hooks first, then the list of every routes.ts. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    trustProxy: context.config.trustedProxies.length > 0 ? context.config.trustedProxies : false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
  });
  watchRequests(app, context);
  registerProbes(app, context);
  registerHooks(app, context.line.hooks);
  await app.ready();
  return app;
}
