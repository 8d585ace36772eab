import { newDesk, setupState, signedIn } from '../../contract/auth.ts';
import { deliver } from '../auth/routes.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { requireOwnOrigin } from '../http/origin.ts';
import { createFirstDesk, readSetupState } from './actions.ts';

const tags = ['setup'];

/** From a fresh installation to the first desk. */
export function registerSetup(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/setup/state',
    config: { access: 'public' },
    schema: {
      operationId: 'getSetupState',
      summary: 'Whether there is a demo, and whether the first desk is still to be made',
      tags,
      response: { 200: setupState },
    },
    handler: () => readSetupState(context),
  });

  api.route({
    method: 'POST',
    url: '/setup/account',
    config: { access: 'public' },
    schema: {
      operationId: 'createFirstDesk',
      summary: 'Make the first desk with the one-time code that the console shows',
      tags,
      body: newDesk,
      response: { 201: signedIn },
    },
    async handler(request, reply) {
      requireOwnOrigin(request, context.config.publicUrl);
      const opened = await createFirstDesk(context, {
        ...request.body,
        ip: request.ip,
        device: request.headers['user-agent'] ?? '',
        requestId: request.id,
      });
      return reply.code(201).send(deliver(context, reply, opened, 'cookie'));
    },
  });
}
