import type { Role } from './auth.ts';

/** The one table that routes, sockets, jobs and the interface read. */
export const permissions = {
  'account.read': ['admin', 'agent', 'viewer'],
  'account.manage': ['admin'],
  'member.read': ['admin', 'agent', 'viewer'],
  'inbox.read': ['admin', 'agent', 'viewer'],
  'inbox.manage': ['admin'],
  'conversation.read': ['admin', 'agent', 'viewer'],
  'conversation.write': ['admin', 'agent'],
  'contact.read': ['admin', 'agent', 'viewer'],
  'contact.write': ['admin', 'agent'],
  'ledger.read': ['admin'],
  'ingest.write': ['admin'],
  'api_key.manage': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;
/** A route's declaration: a permission, `public`, or `session` (any signed-in member, no more). */
export type Access = Permission | 'public' | 'session';

export function permissionsOf(role: Role): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter((name) => (permissions[name] as readonly Role[]).includes(role));
}
