import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

/**
 * Lets the server end once its last answer is out. A connection whose answer is on its way when closing begins was promised
 * to be kept alive, and nobody looks at it again: without this it holds up the end until its time is over.
 */
export function closeIdleConnections(app: FastifyInstance): void {
  app.addHook('preClose', (done) => {
    const timer = setInterval(() => app.server.closeIdleConnections(), lookEveryMs).unref();
    app.server.once('close', () => clearInterval(timer));
    done();
  });
}
