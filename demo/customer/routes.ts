import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../../server/context.ts';
import { notFound } from '../../server/http/errors.ts';
import { packageRoot } from '../../server/package.ts';
import { languageOf } from '../../server/public/language.ts';
import { publicStyleHash } from '../../server/public/style.ts';
import { isStoodIn } from '../keeper.ts';
import { isLocal } from '../password.ts';
import { findDemoInboxes } from '../queries.ts';
import { customerPage, customerStyleHash } from './page.ts';

/** Serves the page and its one script; 404 where there is no demo. */
export function registerCustomerPage(app: FastifyInstance, context: Context): void {
  const script = readFileSync(join(packageRoot, 'demo', 'customer', 'script.mjs'), 'utf8');
  const etag = `"${createHash('sha256').update(script).digest('base64url').slice(0, 22)}"`;
  const route = { method: 'GET' as const, config: { access: 'public' as const }, schema: { hide: true } };

  app.route<{ Querystring: Record<string, unknown> }>({
    ...route,
    url: '/demo/customer',
    async handler(request, reply) {
      const inboxes = context.config.demo === false ? [] : await findDemoInboxes(context.database);
      if (inboxes.length === 0) throw notFound('demo');
      const keyOf = (channel: string) => inboxes.find((inbox) => inbox.channel === channel)?.key;
      return reply
        .type('text/html; charset=utf-8')
        .headers({
          'content-security-policy': `default-src 'none'; script-src 'self'; style-src ${publicStyleHash} ${customerStyleHash}; connect-src 'self'; frame-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'same-origin',
          'cache-control': 'no-store',
          vary: 'accept-language',
        })
        .send(
          customerPage({
            language: languageOf(request.headers['accept-language'], request.query.lang),
            hasWhatsapp: inboxes.some(isStoodIn),
            formKey: keyOf('form'),
            chatKey: keyOf('webchat'),
            canSteer: isLocal(context.config),
          }),
        );
    },
  });

  app.route({
    ...route,
    url: '/demo/customer.js',
    async handler(request, reply) {
      reply.headers({ etag, 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type('text/javascript; charset=utf-8').send(script);
    },
  });
}
