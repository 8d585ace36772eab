import { z } from 'zod';
import type { AuditEntryView, AuditQuery } from '../../contract/audit.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { type ListedRow, listEntries } from './queries.ts';

const cursor = cursorOf('audit', z.int().positive());

/** What was done in the account, the newest first. */
export async function listAudit(tx: Tx, query: AuditQuery): Promise<{ items: AuditEntryView[]; nextCursor: string | null }> {
  const rows = await listEntries(tx, query, cursor.decode(query.cursor));
  const items = rows.slice(0, query.limit).map(presentEntry);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > query.limit && last ? cursor.encode(last.seq) : null };
}

/** What is in a record that this program wrote. */
interface RecordContent {
  at: string;
  actor: Omit<AuditEntryView['actor'], 'name'>;
  action: string;
  subject: { type: string; id: string } | null;
  details: Record<string, unknown>;
  requestId: string | null;
}

/** An entry is shown from the text that was hashed, not from the columns beside it. */
function presentEntry(row: ListedRow): AuditEntryView {
  const record = JSON.parse(row.record) as RecordContent;
  return {
    seq: Number(row.seq),
    at: record.at,
    actor: { ...record.actor, name: row.actor_name },
    action: record.action,
    subject: record.subject && { ...record.subject, name: row.subject_name },
    details: record.details,
    requestId: record.requestId,
    hash: row.hash.toString('hex'),
  };
}
