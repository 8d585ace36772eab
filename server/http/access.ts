import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ReadOnlyReason } from '../../contract/account-state.ts';
import { isModuleOn, modulesFor } from '../../contract/modules.ts';
import type { Access, Permission } from '../../contract/permissions.ts';
import type { MemberPrincipal, Principal } from '../auth/principal.ts';
import type { Config } from '../config.ts';
import { limitHeaders } from '../limits/headers.ts';
import { type Limits, refusal } from '../limits/limits.ts';
import { ApiError } from './errors.ts';
import { requireOwnOrigin } from './origin.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. The start fails where it is missing. */
    access?: Access;
    /** Takes access away from somebody and gives nobody any: open in an account that is read-only too. */
    isWithdrawal?: true;
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
export function guard(
  scope: FastifyInstance,
  {
    authenticate,
    limits,
    config,
  }: {
    authenticate: (authorization: string | undefined) => Promise<Principal | undefined>;
    limits: Pick<Limits, 'takeCall'>;
    config: Pick<Config, 'publicUrl'>;
  },
): void {
  scope.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { access, isWithdrawal } = request.routeOptions.config ?? {};
    if (access === 'public') {
      // Cookies are set and read on public routes only; everything else needs what no other site can make a browser send.
      if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method)) requireOwnOrigin(request, config.publicUrl);
      return;
    }
    const principal = await authenticate(request.headers.authorization);
    if (!principal) throw unauthenticated();
    principals.set(request, principal);
    const standing = await limits.takeCall(principal);
    if (standing) reply.headers(limitHeaders(standing));
    if (standing && !standing.isAllowed) throw refusal(standing);
    if (access !== undefined) admit(principal, access, isWithdrawal || ['GET', 'HEAD'].includes(request.method) ? 'read' : 'change');
  });
}

/** Throws unless this principal may do what the route declares. */
function admit(principal: Principal, access: Exclude<Access, 'public'>, kind: 'read' | 'change'): void {
  if (access !== 'session') return requireAllowed(principal, access, kind);
  if (principal.type !== 'member') throw membersOnly();
}

/** What customers write is received whatever the state of the account, and the installation is not the account's. */
const neverReadOnly: readonly Permission[] = ['ingest.write', 'installation.manage'];

/** Throws unless this principal may do it now: holds the permission, has the module, and changes nothing in a read-only account. */
export function requireAllowed(
  { permissions, modules, readOnlyReason }: Pick<Principal, 'permissions' | 'modules' | 'readOnlyReason'>,
  permission: Permission,
  kind: 'read' | 'change',
): void {
  if (!permissions.has(permission)) throw new ApiError('forbidden', `This needs the permission ${permission}.`);
  if (!isModuleOn(permission, modules))
    throw new ApiError('module_off', `This account has not switched on the module ${modulesFor(permission).join(' or ')}.`);
  if (kind === 'change' && readOnlyReason && !neverReadOnly.includes(permission))
    throw new ApiError('account_read_only', `${causes[readOnlyReason]} It still receives messages, and nobody can change anything.`);
}

/** Whether this principal may read what the permission names: holds it, in an account that has the module. */
export function mayRead({ permissions, modules }: Pick<Principal, 'permissions' | 'modules'>, permission: Permission): boolean {
  return permissions.has(permission) && isModuleOn(permission, modules);
}

const causes: Record<ReadOnlyReason, string> = {
  trial_ended: 'The trial of this account is over: it is read-only.',
  suspended: 'This account is suspended: it is read-only.',
  cancelled: 'This account is cancelled: it is read-only.',
};

/** The caller of a route with access `session`. */
export function requireMember(request: FastifyRequest): MemberPrincipal {
  if (request.principal.type !== 'member') throw membersOnly();
  return request.principal;
}

const membersOnly = () => new ApiError('forbidden', 'Only a signed-in member may do this, not an API key.');

export const unauthenticated = () =>
  new ApiError('unauthenticated', 'Sign in, or send an API key: Authorization: Bearer …', { headers: { 'www-authenticate': 'Bearer' } });
