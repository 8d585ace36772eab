import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createActors } from '../server/audit/actor.ts';
import { createChannels } from '../server/channels/index.ts';
import { createDataKeys } from '../server/credentials/data-keys.ts';
import { createMasters } from '../server/credentials/masters.ts';
import { createSealer, type Sealer } from '../server/credentials/seal.ts';
import { newId } from '../server/db/id.ts';
import { createFileStore } from '../server/files/store.ts';
import { type TestDatabase, testDatabase } from '../test/support/postgres.ts';
import { removeDemos } from './remove.ts';
import { seedDemo } from './seed.ts';

const filesDir = mkdtempSync(join(tmpdir(), 'guichet-demo-'));
const files = createFileStore(filesDir);
const channels = createChannels({ whatsappApiUrl: 'http://127.0.0.1:9' });
const masters = createMasters('a secret key of this test, long enough');
const actors = createActors('a secret key of this test, long enough');
let db: TestDatabase;
let sealer: Sealer;
beforeAll(async () => {
  db = await testDatabase();
  sealer = createSealer(masters, createDataKeys(db.database, masters));
});
afterEach(async () => {
  await removeDemos(db.database, files, actors.operator);
  await db.sql('delete from milestones');
});
afterAll(async () => {
  await db.drop();
  rmSync(filesDir, { recursive: true, force: true });
});

const seed = (wanted?: boolean) =>
  seedDemo({ database: db.database, sealer, actor: actors.system, channels, wanted, password: () => 'guichet-demo' });
const count = async (table: string) => (await db.sql<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n;

test('a new database gets one demo account, in less than a second', async () => {
  const startedAt = performance.now();
  expect(await seed()).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(await count('accounts where is_demo')).toBe(1);
  expect(await count('conversations')).toBeGreaterThanOrEqual(25);
  expect(await count('messages')).toBeGreaterThan(250);
});

test('every cached number of the demo is what a recount gives', async () => {
  await seed();
  const drift = await db.sql(
    `select c.id, c.seq, c.last_message_seq, c.last_inbound_seq from conversations c
     join lateral (select count(*) as n, max(seq) as last, max(change_seq) as changed, max(sent_at) as sent_at, coalesce(max(seq) filter (where direction = 'in'), 0) as last_in,
       max(sent_at) filter (where direction = 'in') as in_at, bool_or(seq > 1 and sent_at < (select p.sent_at from messages p where p.conversation_id = m.conversation_id and p.seq = m.seq - 1)) as is_mixed
       from messages m where m.account_id = c.account_id and m.conversation_id = c.id) m on true
     left join messages l on l.account_id = c.account_id and l.id = c.last_message_id
     left join identities k on k.account_id = c.account_id and k.id = c.identity_id
     where (c.seq, c.last_message_seq, c.last_inbound_seq, l.seq) is distinct from (m.n, m.last, m.last_in, m.last) or m.changed > c.seq or m.is_mixed
       or c.last_activity_at <> m.sent_at or c.last_inbound_at <> m.in_at or k.contact_id is distinct from c.contact_id or (c.status = 'closed') <> (c.closed_at is not null)
       or c.last_activity_at > now()`,
  );
  expect(drift).toEqual([]);
});

test('each inbound message has its dedup key and its ledger row, each reply its attempt and provider id', async () => {
  await seed();
  expect(
    await count(
      `messages m where direction = 'in' and not exists (select from ledger l join dedup d on d.message_id = l.message_id where l.message_id = m.id and l.outcome = 'stored')`,
    ),
  ).toBe(0);
  expect(
    await count(
      `messages m where direction = 'out' and kind = 'message' and not exists (select from deliveries d where d.message_id = m.id and d.attempt = m.attempt and d.finished_at is not null)`,
    ),
  ).toBe(0);
  expect(
    await count(
      `messages m where external_id is not null and direction = 'out' and not exists (select from provider_messages p where p.message_id = m.id and p.external_id = m.external_id)`,
    ),
  ).toBe(0);
  expect(await count('jobs')).toBe(0);
});

test('it shows every state: ticks, failures, doubt, notes, unread, closed, nobody assigned', async () => {
  await seed();
  const statuses = await db.sql<{ status: string }>(`select distinct status from messages where kind = 'message' order by status`);
  expect(statuses.map((row) => row.status)).toEqual(['delivered', 'failed', 'read', 'received', 'sent', 'uncertain']);
  expect(await count("messages where kind = 'note'")).toBeGreaterThan(5);
  expect(await count("conversations where status = 'closed'")).toBeGreaterThan(2);
  expect(await count('conversations where assignee_id is null')).toBeGreaterThan(3);
  expect(await count('(select from messages group by conversation_id having count(*) > 100) long')).toBe(1);
});

test('its people cannot be real: reserved numbers and addresses only', async () => {
  await seed();
  const values = (await db.sql<{ value: string }>("select value from identities where kind <> 'webchat'")).map((row) => row.value);
  expect(
    values.filter((value) => !/^(\+336399800\d\d|\+336399801\d\d|\+336399802\d\d|\+447700900\d{3}|[\w.-]+@example\.org)$/.test(value)),
  ).toEqual([]);
});

test('two processes that start at once make one', async () => {
  const made = await Promise.all([seed(), seed(), seed(true)]);
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await count('accounts where is_demo')).toBe(1);
});

test('it is not made where it is not wanted, where somebody works already, or again after it was removed', async () => {
  expect(await seed(false)).toBe(false);
  const accountId = newId();
  await db.sql('insert into accounts (id, name) values ($1, $2)', [accountId, 'Own']);
  expect(await seed()).toBe(false);
  expect(await seed(true)).toBe(true);
  await db.sql('delete from accounts where id = $1', [accountId]);
  await removeDemos(db.database, files, actors.operator);
  expect(await seed()).toBe(false);
  expect(await seed(true)).toBe(true);
});

test('removing it leaves nothing of the account in any table, and nobody who was only there', async () => {
  await seed();
  const [demo] = await db.sql<{ id: string }>('select id from accounts where is_demo');
  const file = await files.put(Buffer.from('a file of the demo'));
  await db.sql(
    `insert into attachments (account_id, id, message_id, filename, content_type, size, sha256, storage_key)
     select account_id, $1, id, 'note.txt', 'text/plain', $2, $3, $4 from messages limit 1`,
    [newId(), file.size, file.sha256, file.storageKey],
  );
  await db.sql("insert into jobs (account_id, kind, lane, payload) values ($1, 'deliver', 'outbound', '{}')", [demo?.id]);
  const [guest] = await db.sql<{ id: string }>("select id from users where email = 'tom.whitfield@example.org'");
  const otherId = newId();
  await db.sql('insert into accounts (id, name) values ($1, $2)', [otherId, 'Other']);
  await db.sql("insert into members (account_id, user_id, role) values ($1, $2, 'agent')", [otherId, guest?.id]);

  expect(await removeDemos(db.database, files, actors.operator)).toMatchObject([{ users: 4, files: 1 }]);

  const tables = await db.sql<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'account_id'",
  );
  expect(tables.length).toBeGreaterThan(12);
  for (const { name } of tables) expect({ name, n: await count(`${name} where account_id = '${demo?.id}'`) }).toEqual({ name, n: 0 });
  expect(await count('accounts where is_demo')).toBe(0);
  expect(await count('endpoints')).toBe(0);
  expect(await db.sql('select email from users')).toEqual([{ email: 'tom.whitfield@example.org' }]);
  await db.sql('delete from accounts where id = $1', [otherId]);
  await db.sql('delete from users');
});
