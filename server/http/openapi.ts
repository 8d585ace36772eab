import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problem } from '../../contract/common.ts';
import { modulesFor } from '../../contract/modules.ts';
import type { Access } from '../../contract/permissions.ts';
import type { Context } from '../context.ts';
import { packageVersion } from '../package.ts';

const { $schema: _, ...problemSchema }: Record<string, unknown> = z.toJSONSchema(problem, {
  target: 'draft-2020-12',
  unrepresentable: 'any',
});
const transformSchemas = createJsonSchemaTransform({});
const description =
  'Every customer message of an organisation in one place. Errors are `application/problem+json` with a code of a closed list; lists are `{items, nextCursor}`; `Idempotency-Key` is accepted on every POST that creates or sends.';

/** Collects every route of the API into one OpenAPI 3.1 document. */
export async function describeApi(app: FastifyInstance, context: Context): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Guichet', version: packageVersion, description },
      servers: [{ url: context.config.publicUrl }],
      components: {
        schemas: { Problem: problemSchema },
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'An access token, or an API key: gk_<prefix>_<secret>' },
        },
      },
    },
    transform(document) {
      const { schema, url } = transformSchemas(document);
      const access = document.route.config?.access;
      return { url, schema: schema && access && !schema.hide ? withAccess(schema, access) : { hide: true } };
    },
  });
}

/** What the registration line says, for those who read the document; and what every route answers when it does not. */
function withAccess<Schema extends { response?: unknown }>(schema: Schema, access: Access) {
  const response = typeof schema.response === 'object' ? schema.response : {};
  return {
    ...schema,
    'x-permission': access,
    ...(modulesFor(access).length > 0 ? { 'x-modules': modulesFor(access) } : {}),
    security: access === 'public' ? [] : [{ bearer: [] }],
    response: { ...response, default: problemResponse },
  };
}

const problemResponse = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
