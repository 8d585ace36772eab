import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../../contract/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from './errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. The start fails where it is missing. */
    access?: Access;
  }
  interface FastifyRequest {
    /** Who calls; reading it on a route that is open to strangers throws 401. */
    principal: Principal;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

/** Makes the start fail when a route does not say who may call it. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined) throw new Error(`${String(route.method)} ${route.url} does not declare its access`);
  });
  app.decorateRequest('principal', {
    getter(this: FastifyRequest) {
      const principal = principals.get(this);
      if (!principal) throw unauthenticated();
      return principal;
    },
  });
}

/**
 * Lets a request in or not, before its body is read. Paths that do not exist ask for a credential too,
 * so that strangers cannot map what there is.
 */
export function guard(scope: FastifyInstance, authenticate: (authorization: string | undefined) => Promise<Principal | undefined>): void {
  scope.addHook('onRequest', async (request: FastifyRequest, _reply: FastifyReply) => {
    const access = request.routeOptions.config?.access;
    if (access === 'public') return;
    const principal = await authenticate(request.headers.authorization);
    if (!principal) throw unauthenticated();
    principals.set(request, principal);
    if (access !== undefined) admit(principal, access, request.method);
  });
}

/** Throws unless this principal may do what the route declares. */
function admit(principal: Principal, access: Exclude<Access, 'public'>, method: string): void {
  if (access === 'session') {
    if (principal.type !== 'member') throw new ApiError('forbidden', 'Only a signed-in member may do this, not an API key.');
    return;
  }
  if (!principal.permissions.has(access)) throw new ApiError('forbidden', `This needs the permission ${access}.`);
  // What customers write is received whatever the state of the account.
  if (principal.isReadOnly && access !== 'ingest.write' && !['GET', 'HEAD'].includes(method)) {
    throw new ApiError('account_read_only', 'The account is read-only: it still receives messages, and nobody can change anything.');
  }
}

export const unauthenticated = () =>
  new ApiError('unauthenticated', 'Sign in, or send an API key: Authorization: Bearer …', { headers: { 'www-authenticate': 'Bearer' } });
