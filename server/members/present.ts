import type { Member } from '../../contract/members.ts';
import { permissionsHeld } from '../auth/authenticate.ts';
import type { MemberRow } from './queries.ts';

export function presentMember(row: MemberRow): Member {
  return {
    id: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    roleId: row.role_id,
    roleName: row.role_name,
    permissions: row.status === 'removed' ? [] : [...permissionsHeld(row)],
    status: row.status,
    teams: row.teams,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}
