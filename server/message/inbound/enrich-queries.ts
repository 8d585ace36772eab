import type { Tx } from '../../db/pool.ts';

export interface ToEnrich {
  id: string;
  contact_id: string;
  conversation_id: string;
  /** It is assigned to somebody who is suspended or was removed: a closed conversation keeps its name, and this message opened it. */
  is_deserted: boolean;
  subject: string | null;
  text: string | null;
}

export interface ExtractionRow {
  message_id: string;
  contact_id: string;
  language: string | null;
  priority: string;
  found: { priorityWords: string[]; references: string[] };
}

/** Inbound messages that were not enriched yet. */
export function findToEnrich(tx: Tx, messageIds: string[]): Promise<ToEnrich[]> {
  return tx.query<ToEnrich>({
    name: 'find to enrich',
    text: `select m.id, c.contact_id, c.id as conversation_id, coalesce(a.status <> 'active', false) as is_deserted, m.subject, m.text
           from messages m join conversations c on c.account_id = m.account_id and c.id = m.conversation_id
           left join members a on a.account_id = c.account_id and a.user_id = c.assignee_id
           where m.account_id = $1 and m.id = any($2) and m.direction = 'in' and m.priority is null
           order by m.id`,
    values: [tx.accountId, messageIds],
  });
}

export async function writeExtractions(tx: Tx, rows: ExtractionRow[]): Promise<void> {
  await tx.query({
    name: 'write extractions',
    text: `with found as (
             select f.* from jsonb_to_recordset($2::jsonb) as f (message_id uuid, contact_id uuid, language text, priority text, found jsonb)),
           speaks as (
             update contacts c set language = l.language
             from (select distinct on (contact_id) contact_id, language from found where language is not null order by contact_id, message_id desc) l
             where c.account_id = $1 and c.id = l.contact_id and c.language is distinct from l.language)
           update messages m set language = f.language, priority = f.priority, meta = coalesce(m.meta, '{}') || f.found
           from found f where m.account_id = $1 and m.id = f.message_id`,
    values: [tx.accountId, JSON.stringify(rows)],
  });
}

/** Sets the conversations of these messages to high where they stand at normal; returns those that changed. */
export async function raiseConversations(tx: Tx, messageIds: string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `with due as (
             select c.id from conversations c
             where c.account_id = $1 and c.priority = 'normal'
               and c.id in (select conversation_id from messages where account_id = $1 and id = any($2))
             order by c.id for update)
           update conversations c set priority = 'high', seq = seq + 1 from due where c.account_id = $1 and c.id = due.id returning c.id`,
    values: [tx.accountId, messageIds],
  });
  return rows.map((row) => row.id);
}

export async function announceConversations(tx: Tx, conversationIds: string[]): Promise<void> {
  await tx.query({
    text: `insert into announcements (account_id, changes)
           select $1, jsonb_agg(jsonb_build_object('type', 'conversation:update', 'conversationId', id)) from unnest($2::uuid[]) id`,
    values: [tx.accountId, conversationIds],
  });
}
