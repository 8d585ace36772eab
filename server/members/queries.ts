import type { Role } from '../../contract/auth.ts';
import type { Tx } from '../db/pool.ts';

export interface MemberRow {
  user_id: string;
  name: string;
  email: string;
  role: Role;
  status: 'active' | 'suspended';
  created_at: Date;
}

/** A page of the account's members by name; one more than asked for when there are more. */
export function listMemberRows(tx: Tx, after: { name: string; id: string } | undefined, limit: number): Promise<MemberRow[]> {
  return tx.query<MemberRow>({
    name: 'member_list',
    text: `select m.user_id, u.name, u.email, m.role, m.status, m.created_at from members m join users u on u.id = m.user_id
           where m.account_id = $1 and ($2::text is null or (u.name, m.user_id) > ($2, $3::uuid)) order by u.name, m.user_id limit $4`,
    values: [tx.accountId, after?.name ?? null, after?.id ?? null, limit + 1],
  });
}
