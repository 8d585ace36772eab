import type { Tx } from '../db/pool.ts';

export interface RoleRow {
  id: string;
  name: string;
  description: string;
  permissions: string[];
  member_count: number;
  created_at: Date;
  updated_at: Date;
}

const columns = `r.id, r.name, r.description, r.permissions, r.created_at, r.updated_at,
  (select count(*)::int from members m where m.account_id = r.account_id and m.role_id = r.id) as member_count`;

/** A page of the account's roles, the oldest first; one more than asked for when there are more. */
export function listRoleRows(tx: Tx, after: string | undefined, limit: number): Promise<RoleRow[]> {
  return tx.query<RoleRow>({
    name: 'role_list',
    text: `select ${columns} from roles r where r.account_id = $1 and ($2::uuid is null or r.id > $2) order by r.id limit $3`,
    values: [tx.accountId, after ?? null, limit + 1],
  });
}

export async function findRole(tx: Tx, id: string): Promise<RoleRow | undefined> {
  const [row] = await tx.query<RoleRow>({
    name: 'role_find',
    text: `select ${columns} from roles r where r.account_id = $1 and r.id = $2`,
    values: [tx.accountId, id],
  });
  return row;
}

export async function findRoleNamed(tx: Tx, name: string): Promise<RoleRow | undefined> {
  const [row] = await tx.query<RoleRow>({
    text: `select ${columns} from roles r where r.account_id = $1 and lower(r.name) = lower($2)`,
    values: [tx.accountId, name],
  });
  return row;
}

export async function insertRole(tx: Tx, role: { id: string; name: string; description: string; permissions: string[] }): Promise<void> {
  await tx.query({
    text: 'insert into roles (account_id, id, name, description, permissions) values ($1, $2, $3, $4, $5)',
    values: [tx.accountId, role.id, role.name, role.description, role.permissions],
  });
}

export async function updateRole(
  tx: Tx,
  id: string,
  set: { name: string | undefined; description: string | undefined; permissions: string[] | undefined },
): Promise<void> {
  await tx.query({
    text: `update roles set name = coalesce($3, name), description = coalesce($4, description), permissions = coalesce($5, permissions), updated_at = now()
           where account_id = $1 and id = $2`,
    values: [tx.accountId, id, set.name ?? null, set.description ?? null, set.permissions ?? null],
  });
}

/** True while an invitation that can still be accepted gives this role. */
export async function isInvitedTo(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.query({
    text: `select from invitations where account_id = $1 and role_id = $2 and accepted_at is null and revoked_at is null and expires_at > now() limit 1`,
    values: [tx.accountId, id],
  });
  return rows.length > 0;
}

/** Deletes a role that nobody has, and with it the invitations to it that are over. */
export async function deleteRoleRow(tx: Tx, id: string): Promise<void> {
  await tx.query({ text: 'delete from invitations where account_id = $1 and role_id = $2', values: [tx.accountId, id] });
  await tx.query({ text: 'delete from roles where account_id = $1 and id = $2', values: [tx.accountId, id] });
}
