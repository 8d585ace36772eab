import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type {} from '../http/access.ts';
import { ApiError } from '../http/errors.ts';
import { packageRoot } from '../package.ts';
import { type PageFile, readPageFiles } from './files.ts';

/** Addresses that the pages themselves make sense of; all are the same document. */
const pages = ['/', '/sign-in', '/sign-in/*', '/invitation', '/setup', '/inbox', '/inbox/*', '/settings', '/settings/*'];

/** No script but ours, no frame around us, nothing loaded from elsewhere. Styles: the parts of the interface place themselves with them. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** The desk in the browser: the built files, and the one document for every page of it. */
export function registerPages(app: FastifyInstance): void {
  const files = readPageFiles(join(packageRoot, 'dist', 'web'));
  const document = files.get('/index.html');
  const config = { access: 'public' as const };
  const schema = { hide: true };
  for (const url of document ? pages : []) {
    app.get(url, { config, schema }, (request, reply) => send(request, reply, document));
  }
  for (const [url, file] of files) {
    if (url !== '/index.html' && !url.startsWith('/assets/'))
      app.get(url, { config, schema }, (request, reply) => send(request, reply, file));
  }
  app.get('/assets/*', { config, schema }, (request, reply) => send(request, reply, files.get(request.url.split('?', 1)[0] ?? '')));
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile | undefined): FastifyReply {
  if (!file) throw new ApiError('not_found', 'There is nothing at this address.');
  reply.headers({
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), payment=()',
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const accepted = request.headers['accept-encoding'] ?? '';
  const [coding, body] = [...file.bodies].findLast(([name]) => name !== 'identity' && accepted.includes(name)) ?? [
    'identity',
    file.bodies.get('identity'),
  ];
  if (coding !== 'identity') reply.header('content-encoding', coding);
  return reply.type(file.type).send(body);
}
