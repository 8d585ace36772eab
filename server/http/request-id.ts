import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

const idPattern = /^[A-Za-z0-9._:-]{1,64}$/;

/** The caller's X-Request-Id when it is short and harmless, else one of ours. */
export function readRequestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && idPattern.test(given) ? given : randomUUID();
}

/** Every answer names its request. */
export function echoRequestId(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    done();
  });
}
