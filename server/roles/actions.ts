import { z } from 'zod';
import type { CustomRole, NewRole, RoleList, RolePatch } from '../../contract/roles.ts';
import { builtinRoles, permissionsOf } from '../../contract/permissions.ts';
import { recordAudit } from '../audit/record.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError } from '../http/errors.ts';
import { lockPeople, permissionsHeldBy, refuseMoreThanHeld } from '../members/access.ts';
import type { Granter } from '../members/access.ts';
import { getRole, keepKnown } from './access.ts';
import { deleteRoleRow, insertRole, isInvitedTo, listRoleRows, type RoleRow, updateRole } from './queries.ts';

const cursor = cursorOf('roles', z.uuid());

/** The account's own roles, the oldest first, and those that every account has. */
export async function listRoles(tx: Tx, query: { limit: number; cursor?: string | undefined }): Promise<RoleList> {
  const rows = await listRoleRows(tx, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items: items.map(describeRole),
    nextCursor: rows.length > query.limit && last ? cursor.encode(last.id) : null,
    builtIn: builtinRoles.map((role) => ({ role, permissions: keepKnown(permissionsOf(role)) })),
  };
}

/** Makes a role of permissions that its maker holds. */
export async function createRole(tx: Tx, granter: Granter, given: NewRole): Promise<CustomRole> {
  await lockPeople(tx);
  const permissions = keepKnown(given.permissions);
  refuseMoreThanHeld(await permissionsHeldBy(tx, granter), permissions, 'permissions');
  refuseNameOfBuiltIn(given.name);
  const id = newId();
  await insertRole(tx, { id, name: given.name.trim(), description: given.description, permissions });
  await recordAudit(tx, granter.actor, {
    action: 'role.created',
    subject: { type: 'role', id },
    details: { name: given.name.trim(), permissions },
  });
  return describeRole(await getRole(tx, id));
}

/** Changes a role for everybody who has it: they may neither hold nor get more than whoever changes it. */
export async function patchRole(tx: Tx, granter: Granter, id: string, patch: RolePatch): Promise<CustomRole> {
  await lockPeople(tx);
  const before = await getRole(tx, id);
  const held = await permissionsHeldBy(tx, granter);
  const permissions = patch.permissions && keepKnown(patch.permissions);
  if (patch.name !== undefined) refuseNameOfBuiltIn(patch.name);
  if (permissions) refuseMoreThanHeld(held, permissions, 'permissions');
  refuseMoreThanHeld(held, keepKnown(before.permissions), 'id');
  await updateRole(tx, id, { name: patch.name?.trim(), description: patch.description, permissions });
  const after = await getRole(tx, id);
  const granted = after.permissions.filter((name) => !before.permissions.includes(name));
  const taken = before.permissions.filter((name) => !after.permissions.includes(name));
  await recordAudit(tx, granter.actor, {
    action: 'role.changed',
    subject: { type: 'role', id },
    details: { name: after.name, granted, taken },
  });
  return describeRole(after);
}

/** Roles are given by name on the command line, where nobody could tell the two apart. */
function refuseNameOfBuiltIn(name: string): void {
  if (builtinRoles.some((role) => role === name.trim().toLowerCase()))
    throw new ApiError('conflict', 'name is taken.', { errors: [{ path: 'name', message: 'is taken' }] });
}

/** Deletes a role that nobody has and nobody is invited to. */
export async function deleteRole(tx: Tx, granter: Granter, id: string): Promise<void> {
  await lockPeople(tx);
  const role = await getRole(tx, id);
  refuseMoreThanHeld(await permissionsHeldBy(tx, granter), keepKnown(role.permissions), 'id');
  if (role.member_count > 0) throw new ApiError('conflict', `${role.member_count} member(s) have this role: give them another one first.`);
  if (await isInvitedTo(tx, id)) throw new ApiError('conflict', 'Somebody is invited to this role: revoke the invitation first.');
  await deleteRoleRow(tx, id);
  await recordAudit(tx, granter.actor, { action: 'role.deleted', subject: { type: 'role', id }, details: { name: role.name } });
}

export function describeRole(row: RoleRow): CustomRole {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    permissions: keepKnown(row.permissions),
    memberCount: row.member_count,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
