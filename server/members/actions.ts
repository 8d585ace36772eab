import { z } from 'zod';
import type { Member } from '../../contract/auth.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { listMemberRows, type MemberRow } from './queries.ts';

const cursor = cursorOf('members', z.object({ name: z.string().max(120), id: z.uuid() }));

/** The people of an account, by name. */
export async function listMembers(
  tx: Tx,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Member[]; nextCursor: string | null }> {
  const rows = await listMemberRows(tx, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items: items.map(describeMember),
    nextCursor: rows.length > query.limit && last ? cursor.encode({ name: last.name, id: last.user_id }) : null,
  };
}

function describeMember(row: MemberRow): Member {
  return { id: row.user_id, name: row.name, email: row.email, role: row.role, status: row.status, createdAt: row.created_at.toISOString() };
}
