import type { Channel } from '../contract/common.ts';
import type { Database, Tx } from '../server/db/pool.ts';

/** One seeding at a time, over every process of the installation. */
const seedLock = 8_147_201;

/** Waits for its turn; ends with the transaction. */
export async function lockSeed(tx: Tx): Promise<void> {
  await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [seedLock] });
}

export interface DemoHistory {
  accounts: number;
  demoAccountIds: string[];
  /** A demo was made here once, and maybe removed since. */
  wasMade: boolean;
}

export async function readDemoHistory(tx: Pick<Tx, 'query'>): Promise<DemoHistory> {
  const [row] = await tx.query<DemoHistory>({
    text: `select count_accounts()::int as accounts, array(select id from list_demo_accounts())::text[] as "demoAccountIds",
             exists (select from milestones where name = 'demo made') as "wasMade"`,
  });
  return row ?? { accounts: 0, demoAccountIds: [], wasMade: false };
}

export async function rememberDemo(tx: Tx): Promise<void> {
  await tx.query({ text: "insert into milestones (name) values ('demo made') on conflict do nothing" });
}

/** Rows of one table in one statement; the names come from our code, the values as one JSON document. */
export async function insertRows(tx: Tx, table: string, rows: Record<string, unknown>[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  if (columns === '') return;
  await tx.query({
    text: `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    values: [JSON.stringify(rows)],
  });
}

/** Makes users whose address nobody has; returns the ids of all of them by address. */
export async function insertUsers(
  tx: Tx,
  users: { id: string; email: string; name: string; password_hash: string | null; created_at: Date }[],
): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; email: string }>({
    text: `with given as (select u.* from jsonb_to_recordset($1::jsonb) as u (id uuid, email text, name text, password_hash text, created_at timestamptz)),
           made as (insert into users (id, email, name, password_hash, created_at) select id, email, name, password_hash, created_at from given
             on conflict (lower(email)) do nothing returning id, email)
           select id, email from made union all select u.id, g.email from users u join given g on lower(u.email) = lower(g.email)`,
    values: [JSON.stringify(users)],
  });
  return new Map(rows.map((row) => [row.email, row.id]));
}

export interface DemoInbox {
  accountId: string;
  id: string;
  channel: Channel;
  key: string;
  settings: Record<string, unknown>;
  secretsSealed: Buffer | null;
}

/** The inboxes of the demo account, oldest first; none when there is no demo. */
export async function findDemoInboxes(database: Database): Promise<DemoInbox[]> {
  const [demo] = await database.query<{ id: string }>({ text: 'select id from list_demo_accounts() limit 1' });
  if (!demo) return [];
  return database.withAccount(demo.id, (tx) =>
    tx.query<DemoInbox>({
      text: `select i.account_id as "accountId", i.id, i.channel, e.key, i.settings, i.secrets_sealed as "secretsSealed"
             from inboxes i join endpoints e on e.id = i.endpoint_id where i.account_id = $1 and i.status = 'active' order by i.created_at, i.id`,
      values: [tx.accountId],
    }),
  );
}

/** Points the inbox at another stand-in; false when somebody else did so meanwhile. */
export async function moveStandIn(database: Database, inbox: DemoInbox, url: string): Promise<boolean> {
  const rows = await database.withAccount(inbox.accountId, (tx) =>
    tx.query({
      text: `update inboxes set settings = jsonb_set(settings, '{apiUrl}', to_jsonb($4::text))
             where account_id = $1 and id = $2 and settings->>'apiUrl' = $3 returning id`,
      values: [tx.accountId, inbox.id, inbox.settings.apiUrl, url],
    }),
  );
  return rows.length > 0;
}

/** Real credentials were entered: the stand-in is not meant any more. */
export async function forgetStandIn(database: Database, inbox: DemoInbox): Promise<void> {
  await database.withAccount(inbox.accountId, (tx) =>
    tx.query({
      text: "update inboxes set settings = settings - 'apiUrl' where account_id = $1 and id = $2",
      values: [tx.accountId, inbox.id],
    }),
  );
}

export interface Removed {
  storageKeys: string[];
  conversations: number;
  messages: number;
  users: number;
}

/** Removes the account of the transaction when it is a demo, with everything that is only its own; undefined when it is none. */
export async function deleteDemo(tx: Tx): Promise<Removed | undefined> {
  const [account] = await tx.query({ text: 'select from accounts where id = $1 and is_demo for update', values: [tx.accountId] });
  if (!account) return undefined;
  const [kept] = await tx.query<Omit<Removed, 'users'> & { userIds: string[]; endpointIds: string[] }>({
    text: `select array(select distinct storage_key from attachments where account_id = $1) as "storageKeys",
             (select count(*)::int from conversations where account_id = $1) as conversations, (select count(*)::int from messages where account_id = $1) as messages,
             array(select user_id from members where account_id = $1)::text[] as "userIds", array(select endpoint_id from inboxes where account_id = $1)::text[] as "endpointIds"`,
    values: [tx.accountId],
  });
  if (!kept) return undefined;
  await tx.query({ text: 'delete from accounts where id = $1', values: [tx.accountId] });
  // What others share stays: a person with another account, an endpoint that serves another inbox.
  await tx.query({
    text: 'delete from endpoints e where e.id = any($1) and not exists (select from find_endpoint(e.key))',
    values: [kept.endpointIds],
  });
  const users = await tx.query({
    text: 'delete from users u where u.id = any($1) and not exists (select from find_memberships(u.id)) returning u.id',
    values: [kept.userIds],
  });
  return { storageKeys: kept.storageKeys, conversations: kept.conversations, messages: kept.messages, users: users.length };
}

/** The stored password hashes of the demo's known sign-ins. */
export async function findPasswords(tx: Tx, emails: string[]): Promise<{ email: string; hash: string | null }[]> {
  return tx.query({
    text: `select u.email, u.password_hash as hash from users u join members m on m.user_id = u.id
           where m.account_id = $1 and lower(u.email) = any($2)`,
    values: [tx.accountId, emails],
  });
}

/** Sets a password in place of the one that was read. */
export async function replacePassword(tx: Tx, email: string, from: string, to: string): Promise<void> {
  await tx.query({ text: 'update users set password_hash = $3 where lower(email) = $1 and password_hash = $2', values: [email, from, to] });
}
