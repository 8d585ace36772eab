import { z } from 'zod';
import { apiKey, newApiKey } from '../../contract/auth.ts';
import { id, page, pageQuery } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { createKey, listKeys, revokeKey } from './actions.ts';

const tags = ['api-keys'];
const createdKey = z.object({
  id,
  key: z.string().describe('gk_<prefix>_<secret>; shown this once'),
  prefix: z.string(),
  signingSecret: z.string().describe('Signs what this key sends where a signature is asked for; shown this once'),
});

/** Keys of programs. */
export function registerApiKeys(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/api-keys',
    config: { access: 'api_key.manage' },
    schema: {
      operationId: 'listApiKeys',
      summary: 'List API keys, the newest first',
      tags,
      querystring: pageQuery,
      response: { 200: page(apiKey) },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listKeys(tx, request.query)),
  });

  api.route({
    method: 'POST',
    url: '/api-keys',
    config: { access: 'api_key.manage' },
    schema: {
      operationId: 'createApiKey',
      summary: 'Create an API key; both secrets are shown this once',
      tags,
      body: newApiKey.meta({ examples: [{ name: 'Website', permissions: ['ingest.write'] }] }),
      response: { 201: createdKey },
    },
    async handler(request, reply) {
      const create = (tx: Parameters<typeof createKey>[0]) =>
        createKey(tx, context.sealer, { maker: request.principal, actor: context.actors.of(request) }, request.body);
      const answer = await idempotent(request, database, async (tx) => ({ status: 201, body: await create(tx) }), { isSecret: true });
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'DELETE',
    url: '/api-keys/:id',
    config: { access: 'api_key.manage' },
    schema: {
      operationId: 'revokeApiKey',
      summary: 'Revoke an API key; it stops working at once',
      tags,
      params: z.object({ id }),
      response: { 204: nothing },
    },
    async handler(request, reply) {
      const prefix = await database.withAccount(request.principal.accountId, (tx) =>
        revokeKey(tx, context.actors.of(request), request.params.id),
      );
      context.auth.forgetKey(prefix);
      return reply.code(204).send(null);
    },
  });
}
