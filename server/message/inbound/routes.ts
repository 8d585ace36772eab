import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type {} from '../../http/access.ts';
import { ApiError } from '../../http/errors.ts';
import { answerChallenge, type HookOptions, receiveHook } from './hook.ts';

/** The providers' endpoints. Nothing but the line stands here: no global hooks, no parsing before the signature. */
export function registerHooks(app: FastifyInstance, options: HookOptions): void {
  void app.register(async (scope) => {
    // The body stays an unread stream: the line counts and verifies raw bytes itself.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));

    scope.route<{ Params: { inboxKey: string }; Querystring: Record<string, unknown> }>({
      method: 'GET',
      url: '/hooks/:inboxKey',
      config: { access: 'public' },
      schema: { hide: true },
      async handler(request, reply) {
        const challenge = await answerChallenge(options, request.params.inboxKey, request.query);
        if (challenge === null) throw new ApiError('forbidden', 'The verify token does not fit.');
        return reply.type('text/plain; charset=utf-8').send(challenge);
      },
    });

    scope.route<{ Params: { inboxKey: string } }>({
      method: 'POST',
      url: '/hooks/:inboxKey',
      config: { access: 'public' },
      schema: { hide: true },
      async handler(request, reply) {
        await receiveHook(options, request.params.inboxKey, request.raw, request.id);
        return reply.code(200).type('text/plain; charset=utf-8').send('');
      },
    });
  });
}
