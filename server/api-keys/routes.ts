import { z } from 'zod';
import { apiKey, apiKeyChange, apiKeyRotation, createdApiKey, newApiKey, rotatedApiKey } from '../../contract/api-key.ts';
import { id, page, pageQuery } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { type Api, nothing } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { changeKey, createKey, listKeys, revokeKey } from './actions.ts';
import { rotateKey } from './rotation.ts';

const tags = ['api-keys'];
const config = { access: 'api_key.manage' } as const;
const params = z.object({ id });

/** Keys of programs. */
export function registerApiKeys(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/api-keys',
    config,
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
    config,
    schema: {
      operationId: 'createApiKey',
      summary: 'Create an API key; both secrets are shown this once',
      description: 'A key that ends or has limits of its own makes no others.',
      tags,
      body: newApiKey.meta({ examples: [{ name: 'Website', permissions: ['ingest.write'] }] }),
      response: { 201: createdApiKey },
    },
    async handler(request, reply) {
      const doer = { principal: request.principal, actor: context.actors.of(request) };
      const create = async (tx: Tx) => ({ status: 201, body: await createKey(tx, context.sealer, doer, request.body) });
      const answer = await idempotent(request, database, create, { isSecret: true });
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'PATCH',
    url: '/api-keys/:id',
    config,
    schema: {
      operationId: 'changeApiKey',
      summary: 'Rename an API key or change its own limits; what is left out stays',
      tags,
      params,
      body: apiKeyChange.meta({ examples: [{ limits: { perMinute: 60 } }] }),
      response: { 200: apiKey },
    },
    async handler(request) {
      const changed = await database.withAccount(request.principal.accountId, (tx) =>
        changeKey(tx, { principal: request.principal, actor: context.actors.of(request) }, request.params.id, request.body),
      );
      context.auth.forgetKey(changed.prefix);
      return changed;
    },
  });

  api.route({
    method: 'POST',
    url: '/api-keys/:id/rotation',
    config,
    schema: {
      operationId: 'rotateApiKey',
      summary: 'Give an API key new secrets, shown this once; the old ones work on for the overlap',
      description: 'Needs every permission of the key. Id and prefix stay. Of older rotations nothing works any more.',
      tags,
      params,
      body: apiKeyRotation.prefault({}),
      response: { 200: rotatedApiKey },
    },
    async handler(request) {
      const doer = { principal: request.principal, actor: context.actors.of(request) };
      const rotate = async (tx: Tx) => ({
        status: 200,
        body: await rotateKey(tx, context.sealer, doer, request.params.id, request.body.overlapMinutes),
      });
      const answer = await idempotent(request, database, rotate, { isSecret: true });
      context.auth.forgetKey(answer.body.prefix);
      return answer.body;
    },
  });

  api.route({
    method: 'DELETE',
    url: '/api-keys/:id',
    config: { ...config, isWithdrawal: true },
    schema: {
      operationId: 'revokeApiKey',
      summary: 'Revoke an API key; it stops working at once',
      tags,
      params,
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
