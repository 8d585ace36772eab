import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import type { Tx } from '../db/pool.ts';
import { newId } from '../db/id.ts';
import { findMessages, listChangedMessages, listMessages } from '../message/queries.ts';
import { listConversations } from './list-queries.ts';
import { findConversation, findSharedConversations } from './queries.ts';

let db: TestDatabase;
let asApp: pg.Client;
const [accountId, inboxId, contactId, userId] = [newId(), newId(), newId(), newId()];
let conversationId: string;

/** 50,000 conversations of one account, a long thread, and another account beside it. */
beforeAll(async () => {
  db = await testDatabase();
  for (const [account, inbox, contact, conversations] of [
    [accountId, inboxId, contactId, 50_000],
    [newId(), newId(), newId(), 5_000],
  ] as const) {
    const endpoint = newId();
    await db.sql('insert into accounts (id, name) values ($1, $2)', [account, 'Large']);
    await db.sql("insert into endpoints (id, key, channel) values ($1, $2, 'whatsapp')", [endpoint, `key-${endpoint}`]);
    await db.sql("insert into inboxes (account_id, id, endpoint_id, channel, name) values ($1, $2, $3, 'whatsapp', 'Large')", [
      account,
      inbox,
      endpoint,
    ]);
    await db.sql("insert into contacts (account_id, id, name) select $1, $2, 'Somebody'", [account, contact]);
    await db.sql(
      `insert into conversations (account_id, id, inbox_id, contact_id, channel, thread_key, status, seq, last_inbound_seq, last_activity_at)
       select $1, gen_random_uuid(), $2, $3, 'whatsapp', n::text, case when n % 3 = 0 then 'open' else 'closed' end, 1, 1, now() - n * interval '1 minute' from generate_series(1, $4) n`,
      [account, inbox, contact, conversations],
    );
    await db.sql(
      `insert into messages (account_id, id, conversation_id, seq, change_seq, direction, text, status, sent_at)
       select account_id, gen_random_uuid(), id, 1, 1, 'in', 'text', 'received', last_activity_at from conversations where account_id = $1`,
      [account],
    );
  }
  const [longest] = await db.sql<{ id: string }>('select id from conversations where account_id = $1 order by last_activity_at limit 1', [
    accountId,
  ]);
  conversationId = longest?.id ?? '';
  await db.sql(
    `insert into messages (account_id, id, conversation_id, seq, change_seq, direction, text, status, sent_at)
     select $1, gen_random_uuid(), $2, n, n, 'in', 'text', 'received', now() from generate_series(2, 5000) n`,
    [accountId, conversationId],
  );
  await db.sql('update conversations c set last_message_id = m.id from messages m where m.conversation_id = c.id and m.seq = 1');
  await db.sql('analyze');
  asApp = new pg.Client({ connectionString: db.appUrl });
  await asApp.connect();
}, 120_000);
afterAll(async () => {
  await asApp.end();
  await db.drop();
});

/** The plan of the statement that a query function sends, made by the application role under row level security. */
async function planOf(send: (tx: Tx) => Promise<unknown>): Promise<string> {
  let plan = '';
  await asApp.query('begin');
  try {
    await asApp.query("select set_config('app.account_id', $1, true)", [accountId]);
    await send({
      accountId,
      async query<Row>(sql: { text: string; values?: unknown[] }) {
        const explained = await asApp.query({
          text: `explain (analyze, costs off, timing off, summary on) ${sql.text}`,
          values: sql.values ?? [],
        });
        plan = explained.rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
        return [] as Row[];
      },
    });
  } finally {
    await asApp.query('rollback');
  }
  return plan;
}

const position = { at: new Date(Date.now() - 3_600_000).toISOString(), id: newId() };

test.each<[name: string, index: string, send: (tx: Tx) => Promise<unknown>]>([
  ['the list', 'conversations_activity', (tx) => listConversations(tx, userId, {}, 51)],
  ['a later page', 'conversations_activity', (tx) => listConversations(tx, userId, { view: 'all' }, 51, position)],
  ['what is not read', 'conversations_activity', (tx) => listConversations(tx, userId, { view: 'all', unread: true }, 51)],
  ['one inbox', 'conversations_(inbox|activity)', (tx) => listConversations(tx, userId, { inboxId }, 51)],
  ['what nobody has', 'conversations_(assignee|activity)', (tx) => listConversations(tx, userId, { view: 'unassigned' }, 51)],
  ['what is mine', 'conversations_assignee', (tx) => listConversations(tx, userId, { view: 'mine' }, 51)],
  ['of one contact', 'conversations_(contact|activity)', (tx) => listConversations(tx, userId, { contactId }, 51)],
  ['one conversation', 'conversations_pkey', (tx) => findConversation(tx, userId, conversationId)],
  ['conversations for sockets', 'conversations_pkey', (tx) => findSharedConversations(tx, [conversationId])],
  ['messages', 'messages_account_id_conversation_id_seq_key', (tx) => listMessages(tx, conversationId, 51, null)],
  ['older messages', 'messages_account_id_conversation_id_seq_key', (tx) => listMessages(tx, conversationId, 51, 2_000)],
  ['changes', 'messages_changes', (tx) => listChangedMessages(tx, conversationId, 4_900, 201)],
  ['messages for sockets', 'messages_pkey', (tx) => findMessages(tx, [newId(), newId()])],
])('%s is read through %s', async (_name, index, send) => {
  const plan = await planOf(send);
  expect(plan).toMatch(new RegExp(index));
  expect(plan).not.toMatch(/Seq Scan on (conversations|messages)/);
  const [, ms] = /Execution Time: ([\d.]+) ms/.exec(plan) ?? [];
  expect(Number(ms)).toBeLessThan(100);
});
