import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { id, safeText } from '../contract/common.ts';
import type { Context } from '../server/context.ts';
import { type Api, speakJson } from '../server/http/api.ts';
import { ApiError, notFound } from '../server/http/errors.ts';
import { requireOwnOrigin } from '../server/http/origin.ts';
import { limitedAddress } from '../server/limits/address.ts';
import { registerCustomerPage } from './customer/routes.ts';
import { clientOf, isStoodIn } from './keeper.ts';
import { isLocal } from './password.ts';
import type { ProviderClient } from './provider/client.ts';
import { providerModes } from './provider/protocol.ts';
import { findDemoInboxes } from './queries.ts';
import { removeDemo } from './remove.ts';

/** Numbers that no operator gives to anybody. */
const from = z.string().regex(/^(336399[0-9]{5}|447700900[0-9]{3})$/, 'must be a number that is reserved for fiction');

const written = z.object({ id: z.string(), hookStatus: z.number().int(), durationMs: z.number().int() });
const received = z.object({ n: z.number().int(), id: z.string(), to: z.string(), text: z.string(), at: z.string() });
const state = z.object({ mode: z.enum(providerModes), boot: z.string(), pending: z.number().int() });

/** The page "Be a customer" and what it calls; there only while there is a demo. */
export function registerDemo(app: FastifyInstance, context: Context): void {
  registerCustomerPage(app, context);
  void app.register(
    async (scope) => {
      const api = speakJson(scope);
      const config = { access: 'public' as const };

      api.route({
        method: 'POST',
        url: '/whatsapp/messages',
        config,
        schema: { hide: true, body: z.strictObject({ from, name: safeText(1, 80), text: safeText(1, 4_096) }), response: { 202: written } },
        async handler(request, reply) {
          await limit(context, request);
          const answer = await (await getProvider(context)).write(request.body);
          if (!answer) throw unavailable();
          return reply.code(202).send(answer);
        },
      });

      api.route({
        method: 'GET',
        url: '/whatsapp/messages',
        config,
        schema: {
          hide: true,
          querystring: z.strictObject({ to: from, after: z.coerce.number().int().min(0).default(0) }),
          response: { 200: z.object({ boot: z.string(), items: z.array(received) }) },
        },
        async handler(request) {
          const answer = await (await getProvider(context)).listReceived(request.query.to, request.query.after);
          if (!answer) throw unavailable();
          return answer;
        },
      });

      api.route({
        method: 'GET',
        url: '/provider',
        config,
        schema: { hide: true, response: { 200: state } },
        async handler() {
          const answer = await (await getProvider(context)).readState();
          if (!answer) throw unavailable();
          return answer;
        },
      });

      api.route({
        method: 'PUT',
        url: '/provider',
        config,
        schema: { hide: true, body: z.strictObject({ mode: z.enum(providerModes) }), response: { 200: state } },
        async handler(request) {
          requireOwnOrigin(request, context.config.publicUrl);
          if (!isLocal(context.config)) throw new ApiError('forbidden', 'The stand-in is told what to do only on the machine itself.');
          const answer = await (await getProvider(context)).setMode(request.body.mode);
          if (!answer) throw unavailable();
          return answer;
        },
      });
    },
    { prefix: '/demo' },
  );
}

/** What the desk itself can do with its demo. */
export function registerDemoApi(api: Api, context: Context): void {
  api.route({
    method: 'DELETE',
    url: '/demo',
    config: { access: 'account.manage' },
    schema: {
      operationId: 'removeDemo',
      summary: 'Remove the demo desk with its people, conversations and files; every session of it ends',
      tags: ['setup'],
      response: {
        200: z.object({
          accountId: id,
          conversations: z.number().int(),
          messages: z.number().int(),
          users: z.number().int(),
          files: z.number().int(),
        }),
      },
    },
    async handler(request) {
      const { accountId } = request.principal;
      const removed = await removeDemo(context.database, context.files, context.actors.of(request), accountId);
      if (!removed) throw new ApiError('conflict', 'This desk is no demo: it cannot be removed like this.');
      void context.standIn?.check();
      return { accountId, ...removed };
    },
  });
}

async function getProvider(context: Context): Promise<ProviderClient> {
  const inbox = context.config.demo === false ? undefined : (await findDemoInboxes(context.database)).find(isStoodIn);
  const client = inbox && (await clientOf(context, inbox));
  if (!client) throw notFound('stand-in provider');
  return client;
}

const limit = ({ limits }: Context, request: FastifyRequest) => limits.take('demo', limitedAddress(request.ip));

const unavailable = () =>
  new ApiError('unavailable', 'The stand-in provider is being started again. Try once more in a moment.', {
    headers: { 'retry-after': '1' },
  });
