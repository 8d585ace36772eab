import type { Api } from './api.ts';

/** The API described by itself. */
export function registerDocs(api: Api): void {
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
