/** Roles that every account has, and `custom`: one of the account's own, made of permissions. */
export const builtinRoles = ['admin', 'agent', 'viewer'] as const;
export type BuiltinRole = (typeof builtinRoles)[number];

/** The one table that routes, sockets, jobs and the interface read. The superadmin belongs to the installation. */
export const permissions = {
  'account.read': ['admin', 'agent', 'viewer'],
  'account.manage': ['admin'],
  'member.read': ['admin', 'agent', 'viewer'],
  'member.manage': ['admin'],
  'role.read': ['admin', 'agent', 'viewer'],
  'role.manage': ['admin'],
  'team.read': ['admin', 'agent', 'viewer'],
  'team.manage': ['admin'],
  'inbox.read': ['admin', 'agent', 'viewer'],
  'inbox.manage': ['admin'],
  'conversation.read': ['admin', 'agent', 'viewer'],
  'conversation.write': ['admin', 'agent'],
  'contact.read': ['admin', 'agent', 'viewer'],
  'contact.write': ['admin', 'agent'],
  'ledger.read': ['admin'],
  'ingest.write': ['admin'],
  'api_key.manage': ['admin'],
  'audit.read': ['admin'],
  'audit.export': ['admin'],
  'installation.manage': [],
} as const satisfies Record<string, readonly BuiltinRole[]>;

export type Permission = keyof typeof permissions;
/** A route's declaration: a permission, `public`, or `session` (any signed-in member, no more). */
export type Access = Permission | 'public' | 'session';

export const allPermissions = Object.keys(permissions) as Permission[];
export const isPermission = (name: string): name is Permission => Object.hasOwn(permissions, name);
/** What a custom role or a key can be made of; `installation.manage` comes with being superadmin, or by a superadmin's own key. */
export const grantablePermissions = allPermissions.filter((name) => name !== 'installation.manage');

/** What a built-in role may do. */
export function permissionsOf(role: BuiltinRole): Permission[] {
  return allPermissions.filter((name) => (permissions[name] as readonly BuiltinRole[]).includes(role));
}

/** What a member may do: by a built-in role or by the permissions of a custom one, and more as superadmin. */
export function permissionsOfMember(member: {
  role: BuiltinRole | 'custom';
  rolePermissions: readonly string[] | null;
  isSuperadmin: boolean;
}): Permission[] {
  const { role, rolePermissions } = member;
  const held = role === 'custom' ? grantablePermissions.filter((name) => rolePermissions?.includes(name)) : permissionsOf(role);
  return member.isSuperadmin ? [...held, 'installation.manage'] : held;
}
