import type { Role } from '../../contract/auth.ts';
import { builtinRoles, grantablePermissions, type Permission, permissionsOfMember } from '../../contract/permissions.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { findRole, findRoleNamed, type RoleRow } from './queries.ts';

/** A role of the transaction's account; missing and foreign ones are the same 404. */
export async function getRole(tx: Tx, id: string): Promise<RoleRow> {
  const row = await findRole(tx, id);
  if (!row) throw notFound('role');
  return row;
}

/** A role to be given to somebody, and what they may do with it. */
export interface Grant {
  role: Role;
  roleId: string | null;
  roleName: string | null;
  permissions: Permission[];
}

/** What `role` and `roleId` of a body mean together; either alone will do, but for `custom`. */
export async function getGrant(tx: Tx, given: { role?: Role | undefined; roleId?: string | undefined }): Promise<Grant> {
  const { role = 'custom', roleId } = given;
  if (role !== 'custom') {
    if (roleId !== undefined) throw refuseRoleId('goes with the role custom only');
    return { role, roleId: null, roleName: null, permissions: permissionsOfMember({ role, rolePermissions: null, isSuperadmin: false }) };
  }
  if (roleId === undefined) throw refuseRoleId('is needed for a custom role');
  const row = await findRole(tx, roleId);
  if (!row) throw refuseRoleId('is not a role of this account');
  return { role, roleId, roleName: row.name, permissions: keepKnown(row.permissions) };
}

/** A role by the word that a person has for it: a built-in one, or the name of one of the account's own. */
export async function getRoleNamed(tx: Tx, name: string): Promise<{ role: Role } | { roleId: string }> {
  const builtIn = builtinRoles.find((one) => one === name.toLowerCase());
  if (builtIn) return { role: builtIn };
  const row = await findRoleNamed(tx, name);
  if (row) return { roleId: row.id };
  const message = `is neither ${builtinRoles.join(', ')} nor the name of a role of this account`;
  throw new ApiError('validation_error', `role: ${message}.`, { errors: [{ path: 'role', message }] });
}

/** Permissions that this version knows: one that was taken out of the table counts no more. */
export const keepKnown = (names: readonly string[]) => grantablePermissions.filter((name) => names.includes(name));

const refuseRoleId = (message: string) =>
  new ApiError('validation_error', `roleId: ${message}.`, { errors: [{ path: 'roleId', message }] });
