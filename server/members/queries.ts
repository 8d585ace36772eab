import type { Role } from '../../contract/auth.ts';
import type { MemberStatus } from '../../contract/members.ts';
import type { Tx } from '../db/pool.ts';

export interface MemberRow {
  user_id: string;
  name: string;
  email: string;
  role: Role;
  role_id: string | null;
  role_name: string | null;
  role_permissions: string[] | null;
  is_superadmin: boolean;
  status: MemberStatus;
  teams: { id: string; name: string }[];
  created_at: Date;
  last_seen_at: Date | null;
}

const columns = `m.user_id, u.name, u.email, u.is_superadmin, m.role, m.role_id, r.name as role_name, r.permissions as role_permissions, m.status, m.created_at,
  (select max(s.last_used_at) from sessions s where s.user_id = m.user_id and s.account_id = m.account_id) as last_seen_at,
  (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name_key), '[]') from team_members tm
    join teams t on t.account_id = tm.account_id and t.id = tm.team_id where tm.account_id = m.account_id and tm.user_id = m.user_id) as teams`;

const joins = `members m join users u on u.id = m.user_id left join roles r on r.account_id = m.account_id and r.id = m.role_id`;

/** A page of the account's members by name; one more than asked for when there are more. Without a status: all who were not removed. */
export function listMemberRows(
  tx: Tx,
  status: MemberStatus | undefined,
  after: { name: string; id: string } | undefined,
  limit: number,
): Promise<MemberRow[]> {
  return tx.query<MemberRow>({
    name: 'member_list',
    text: `select ${columns} from ${joins}
           where m.account_id = $1 and case when $2::text is null then m.status <> 'removed' else m.status = $2 end
             and ($3::text is null or (u.name, m.user_id) > ($3, $4::uuid)) order by u.name, m.user_id limit $5`,
    values: [tx.accountId, status ?? null, after?.name ?? null, after?.id ?? null, limit + 1],
  });
}

export async function findMember(tx: Tx, userId: string): Promise<MemberRow | undefined> {
  const [row] = await tx.query<MemberRow>({
    name: 'member_find',
    text: `select ${columns} from ${joins} where m.account_id = $1 and m.user_id = $2`,
    values: [tx.accountId, userId],
  });
  return row;
}

/** The member with this address, in its canonical spelling. */
export async function findMemberByEmail(tx: Tx, email: string): Promise<MemberRow | undefined> {
  const [row] = await tx.query<MemberRow>({
    text: `select ${columns} from ${joins} where m.account_id = $1 and lower(u.email) = $2`,
    values: [tx.accountId, email],
  });
  return row;
}

/**
 * The one lock under which people, roles and what they may do change in an account. It is the account's own row, and weak
 * enough to let everything else refer to the account meanwhile.
 */
export async function lockAccountRow(tx: Tx): Promise<void> {
  await tx.query({ text: 'select from accounts where id = $1 for no key update', values: [tx.accountId] });
}

/** True when somebody else is an active admin. */
export async function hasOtherAdmin(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx.query({
    text: `select from members where account_id = $1 and user_id <> $2 and role = 'admin' and status = 'active' limit 1`,
    values: [tx.accountId, userId],
  });
  return rows.length > 0;
}

export async function updateMember(
  tx: Tx,
  userId: string,
  set: { role: Role; roleId: string | null; status: 'active' | 'suspended' },
): Promise<void> {
  await tx.query({
    text: 'update members set role = $3, role_id = $4, status = $5 where account_id = $1 and user_id = $2',
    values: [tx.accountId, userId, set.role, set.roleId, set.status],
  });
}

/** Takes somebody out of the account and its teams. A custom role is let go of, so that it can be deleted. */
export async function removeMemberRow(tx: Tx, userId: string): Promise<void> {
  await tx.query({
    text: `update members set status = 'removed', role = case role when 'custom' then 'viewer' else role end, role_id = null
           where account_id = $1 and user_id = $2`,
    values: [tx.accountId, userId],
  });
  await tx.query({ text: 'delete from team_members where account_id = $1 and user_id = $2', values: [tx.accountId, userId] });
}

/** Takes somebody in, or back in; false when they are a member already. */
export async function joinMember(tx: Tx, userId: string, grant: { role: Role; roleId: string | null }): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into members as m (account_id, user_id, role, role_id) values ($1, $2, $3, $4)
           on conflict (account_id, user_id) do update set role = excluded.role, role_id = excluded.role_id, status = 'active', created_at = now()
             where m.status = 'removed' returning m.user_id`,
    values: [tx.accountId, userId, grant.role, grant.roleId],
  });
  return rows.length > 0;
}
