import type { Change } from '../db/announcements.ts';
import type { Database, Tx } from '../db/pool.ts';
import type { MessageRow } from './present.ts';

const columns = `m.id, m.conversation_id, m.seq, m.change_seq, m.direction, m.kind, m.type, m.text, m.subject, m.status, m.author_id, u.name as author_name,
  m.reply_to_id, m.error, m.meta, m.language, m.sent_at, m.created_at,
  (select jsonb_agg(jsonb_build_object('id', a.id, 'filename', a.filename, 'contentType', a.content_type, 'size', a.size) order by a.id)
   from attachments a where a.account_id = m.account_id and a.message_id = m.id) as attachments`;

/** A page of a thread, newest first, older than `before`. */
export function listMessages(tx: Tx, conversationId: string, limit: number, before: number | null): Promise<MessageRow[]> {
  return tx.query<MessageRow>({
    name: 'list messages',
    text: `select ${columns} from messages m left join users u on u.id = m.author_id
           where m.account_id = $1 and m.conversation_id = $2 and m.seq < coalesce($3::bigint, 9223372036854775807) order by m.seq desc limit $4`,
    values: [tx.accountId, conversationId, before, limit],
  });
}

/** Messages that are new, edited or ticked since, in the order of their last change. */
export function listChangedMessages(tx: Tx, conversationId: string, since: number, limit: number): Promise<MessageRow[]> {
  return tx.query<MessageRow>({
    name: 'list changed messages',
    text: `select ${columns} from messages m left join users u on u.id = m.author_id
           where m.account_id = $1 and m.conversation_id = $2 and m.change_seq > $3 order by m.change_seq limit $4`,
    values: [tx.accountId, conversationId, since, limit],
  });
}

/** Messages of the account by id, for sockets and answers. */
export function findMessages(tx: Tx, ids: string[]): Promise<MessageRow[]> {
  return tx.query<MessageRow>({
    name: 'find messages',
    text: `select ${columns} from messages m left join users u on u.id = m.author_id where m.account_id = $1 and m.id = any($2)`,
    values: [tx.accountId, ids],
  });
}

export interface AnnouncementRow {
  upto: string;
  id: string | null;
  account_id: string;
  changes: Change[];
}

/** What was committed since a snapshot, at most `rowsMax`; always at least one row, which names the snapshot of this look. */
export function readAnnouncements(database: Database, seen: string, rowsMax: number): Promise<AnnouncementRow[]> {
  return database.query<AnnouncementRow>({
    name: 'read announcements',
    text: `with here as materialized (select pg_current_snapshot() as upto)
           select here.upto::text as upto, a.id, a.account_id, a.changes from here left join lateral read_announcements($1::pg_snapshot, here.upto, 0, $2) a on true`,
    values: [seen, rowsMax],
  });
}

/** A further page between two snapshots. */
export function readBacklog(database: Database, seen: string, upto: string, after: string, rowsMax: number): Promise<AnnouncementRow[]> {
  return database.query<AnnouncementRow>({
    name: 'read backlog',
    text: 'select $2 as upto, a.id, a.account_id, a.changes from read_announcements($1::pg_snapshot, $2::pg_snapshot, $3, $4) a',
    values: [seen, upto, after, rowsMax],
  });
}

export async function readSnapshot(database: Database): Promise<string> {
  const [row] = await database.query<{ upto: string }>({ text: 'select pg_current_snapshot()::text as upto' });
  return row?.upto ?? '1:1:';
}

/** Tells other processes that there are announcements. Outside of every transaction: NOTIFY makes commits wait for each other. */
export async function notifyProcesses(database: Database, channel: string, sender: string): Promise<void> {
  await database.query({ name: 'notify processes', text: 'select pg_notify($1, $2)', values: [channel, sender] });
}
