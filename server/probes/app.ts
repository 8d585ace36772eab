import Fastify, { type FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { requireDeclaredAccess } from '../http/access.ts';
import { wearArmour } from '../http/armour.ts';
import { answerUnknownPaths } from '../http/not-found.ts';
import { answerProblems } from '../http/problems.ts';
import { watchRequests } from './requests.ts';
import { registerProbes } from './routes.ts';

/** What a worker answers: how it is, and nothing else. */
export async function buildProbes(context: Context): Promise<FastifyInstance> {
  const app = Fastify({ logger: false, return503OnClosing: false });
  wearArmour(app, context.config);
  requireDeclaredAccess(app);
  answerProblems(app, context.log);
  watchRequests(app, context);
  answerUnknownPaths(app);
  registerProbes(app, context);
  await app.ready();
  return app;
}
