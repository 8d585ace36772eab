import { join } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type {} from '../http/access.ts';
import { ApiError } from '../http/errors.ts';
import { packageRoot } from '../package.ts';
import { newNonce } from '../public/nonce.ts';
import { type PageFile, readPageFiles } from './files.ts';

/** Addresses that the pages themselves make sense of; all are the same document. */
const pages = ['/', '/sign-in', '/sign-in/*', '/invitation', '/setup', '/inbox', '/inbox/*', '/settings', '/settings/*'];

/** Stands in the built document wherever an answer's nonce belongs; vite.config.ts puts it there. */
const nonceMark = 'NONCE-OF-THE-ANSWER';

/**
 * No script but those of this very answer and what they load, no frame around us, nothing from elsewhere. Old browsers that
 * do not know 'strict-dynamic' go by 'self'.
 */
const policyWith = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic' 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
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
  const parts = document?.bodies.get('identity')?.toString().split(nonceMark);
  for (const url of parts ? pages : []) app.get(url, { config, schema }, (_request, reply) => sendDocument(reply, parts ?? []));
  for (const [url, file] of files) {
    if (url !== '/index.html' && !url.startsWith('/assets/'))
      app.get(url, { config, schema }, (request, reply) => send(request, reply, file));
  }
  app.get('/assets/*', { config, schema }, (request, reply) => send(request, reply, files.get(request.url.split('?', 1)[0] ?? '')));
}

/** Never the same twice, so without a tag: "not modified" would bring a new policy to an old document. */
function sendDocument(reply: FastifyReply, parts: string[]): FastifyReply {
  const nonce = newNonce();
  return reply
    .headers({ 'content-security-policy': policyWith(nonce), 'referrer-policy': 'same-origin', 'cache-control': 'no-cache' })
    .type('text/html; charset=utf-8')
    .send(parts.join(nonce));
}

function send(request: FastifyRequest, reply: FastifyReply, file: PageFile | undefined): FastifyReply {
  if (!file) throw new ApiError('not_found', 'There is nothing at this address.');
  reply.headers({
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
