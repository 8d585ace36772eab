import type { FastifyInstance } from 'fastify';
import type { Api } from './api.ts';
import { type ApiDocument, docsPage, docsPolicy } from './docs-page.ts';

/** The API described by itself, for programs. */
export function registerOpenApi(api: Api): void {
  let document: string | undefined;
  api.route({
    method: 'GET',
    url: '/openapi.json',
    config: { access: 'public' },
    schema: { hide: true },
    handler(_request, reply) {
      document ??= JSON.stringify(api.swagger());
      return reply.type('application/json; charset=utf-8').send(document);
    },
  });
}

/** The same for people. */
export function registerDocs(app: FastifyInstance): void {
  let page: string | undefined;
  app.route({
    method: 'GET',
    url: '/api/docs',
    config: { access: 'public' },
    schema: { hide: true },
    handler(_request, reply) {
      page ??= docsPage(app.swagger() as ApiDocument);
      return reply
        .headers({
          'content-security-policy': docsPolicy,
          'cache-control': 'no-cache',
        })
        .type('text/html; charset=utf-8')
        .send(page);
    },
  });
}
