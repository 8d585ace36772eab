import type { FastifyRequest } from 'fastify';
import { ApiError } from './errors.ts';

/**
 * Refuses what another site made a browser send with our cookie. Browsers always name the origin of a POST;
 * programs that name none hold no cookie of somebody else.
 */
export function requireOwnOrigin(request: FastifyRequest, publicUrl: string): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isForeign =
    origin === undefined ? site !== undefined && site !== 'same-origin' && site !== 'none' : !isOwn(origin, request, publicUrl);
  if (isForeign) throw new ApiError('forbidden', 'This request comes from another site.');
}

function isOwn(origin: string, request: FastifyRequest, publicUrl: string): boolean {
  if (origin === new URL(publicUrl).origin) return true;
  // Without https, the same page under another name of this machine, such as 127.0.0.1 for localhost.
  if (publicUrl.startsWith('https:')) return false;
  return URL.canParse(origin) && new URL(origin).host === request.headers.host;
}
