import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

/** Not of one account: what is needed before an account is known, and what concerns the installation. */
const nonTenant = [
  'data_keys',
  'endpoints',
  'external_identities',
  'limit_windows',
  'mails',
  'milestones',
  'one_time_tokens',
  'passkeys',
  'recovery_codes',
  'schedules',
  'schema_migrations',
  'sessions',
  'users',
];

/** The functions that see past row level security. Each was argued for; adding one is a decision. */
const listedFunctions = [
  'count_accepted_not_shown',
  'count_accounts',
  'find_accounts_named',
  'find_api_key',
  'find_endpoint',
  'find_invitation',
  'find_invitation_for',
  'find_memberships',
  'forget_jobs',
  'keep_unstored',
  'known_storage_keys',
  // The superadmin's list: ids only, each account is then read under its own row level security.
  'list_account_ids',
  'list_demo_accounts',
  'read_announcements',
  'receive_messages',
  'receive_statuses',
  'settle_statuses',
  // Housekeeping of keys that ended, over all accounts; says how many.
  'sweep_api_keys',
  'sweep_line',
  'sweep_presence',
];

const context = "NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid";
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const tenantTables = `select c.oid, c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all ($1)`;

test('every table has a comment', async () => {
  expect(
    await db.sql(
      "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and obj_description(oid, 'pg_class') is null",
    ),
  ).toEqual([]);
});

test('every tenant table has account_id, not null, and row level security that is forced', async () => {
  const rows = await db.sql(
    `select c.relname from (${tenantTables}) t join pg_class c on c.oid = t.oid
    where not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_attribute a where a.attrelid = c.oid and a.attnotnull
      and a.attname = case c.relname when 'accounts' then 'id' else 'account_id' end and a.atttypid = 'uuid'::regtype))`,
    [nonTenant],
  );
  expect(rows).toEqual([]);
});

test('the application sees a tenant table through one policy, and it is the account of the transaction', async () => {
  const rows = await db.sql<{ relname: string; policies: unknown[] }>(
    `select t.relname, coalesce(jsonb_agg(jsonb_build_object('cmd', p.cmd, 'permissive', p.permissive, 'using', p.qual, 'check', p.with_check)) filter (where p.policyname is not null), '[]') as policies
    from (${tenantTables}) t left join pg_policies p on p.schemaname = 'public' and p.tablename = t.relname and p.roles && array['guichet_app', 'public']::name[]
    group by t.relname order by t.relname`,
    [nonTenant],
  );
  expect(rows.length).toBeGreaterThan(10);
  for (const { relname, policies } of rows) {
    const condition = `(${relname === 'accounts' ? 'id' : 'account_id'} = (${context})`;
    expect({ relname, policies }).toEqual({
      relname,
      policies: [{ cmd: 'ALL', permissive: 'PERMISSIVE', using: condition, check: condition }],
    });
  }
});

test('other roles pass row level security only where it is listed: the look-up functions and the queue', async () => {
  const rows = await db.sql<{ roles: string }>(
    "select distinct array_to_string(roles, ',') as roles from pg_policies where not roles && array['guichet_app']::name[]",
  );
  expect(rows.map((row) => row.roles).filter((roles) => !['guichet_lookup', 'guichet_job'].includes(roles))).toEqual([]);
});

test('primary keys, uniques and foreign keys between tenant tables start with account_id', async () => {
  const rows = await db.sql(
    `with tenant as (${tenantTables}),
    keys as (
      select k.conrelid as table_id, k.conname as name, k.contype::text as kind, k.conkey[1] as first, k.confrelid as target from pg_constraint k where k.contype in ('p', 'u', 'f')
      union all
      select i.indrelid, c.relname, 'i', i.indkey[0], 0 from pg_index i join pg_class c on c.oid = i.indexrelid where i.indisunique and not exists (select from pg_constraint k where k.conindid = c.oid))
    select t.relname || ': ' || k.name as key from keys k join tenant t on t.oid = k.table_id
    join pg_attribute a on a.attrelid = k.table_id and a.attnum = k.first
    where a.attname <> case t.relname when 'accounts' then 'id' else 'account_id' end
      and (k.kind <> 'f' or k.target in (select oid from tenant where relname <> 'accounts'))
    order by 1`,
    [nonTenant],
  );
  expect(rows.map((row) => row.key)).toEqual([
    // Found before the account is known, or decided beyond one account: a route of a shared endpoint belongs to one inbox in the world.
    'api_keys: api_keys_prefix_key',
    'inboxes: inboxes_route',
  ]);
});

test('functions that see past row level security are listed, belong to guichet_lookup and fix their search_path', async () => {
  const rows = await db.sql<{
    name: string;
    owner: string;
    config: string[] | null;
    isOpen: boolean;
  }>(`select p.proname as name, o.rolname as owner, p.proconfig as config,
      exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g where g.grantee = 0) as "isOpen"
    from pg_proc p join pg_roles o on o.oid = p.proowner where p.pronamespace = 'public'::regnamespace and p.prosecdef order by p.proname`);
  expect(rows.map((row) => row.name)).toEqual(listedFunctions);
  for (const row of rows)
    expect(row).toEqual({ name: row.name, owner: 'guichet_lookup', config: ['search_path=public, pg_temp'], isOpen: false });
});

test('the roles that serve are neither superuser nor owner nor able to pass row level security', async () => {
  const rows = await db.sql(
    "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin from pg_roles where rolname in ('guichet_app', 'guichet_job', 'guichet_lookup') order by rolname",
  );
  const weak = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
  expect(rows).toEqual([
    { rolname: 'guichet_app', ...weak, rolcanlogin: true },
    { rolname: 'guichet_job', ...weak, rolcanlogin: true },
    { rolname: 'guichet_lookup', ...weak, rolcanlogin: false },
  ]);
});

test('without an account the application sees no row of any tenant table', async () => {
  const tables = await db.sql<{ relname: string }>(tenantTables, [nonTenant]);
  for (const { relname } of tables) {
    const isReadable = await db.sql<{ ok: boolean }>("select has_table_privilege('guichet_app', $1, 'select') as ok", [relname]);
    if (!isReadable[0]?.ok) continue;
    expect(await db.database.query({ text: `select count(*)::int as n from ${relname}` })).toEqual([{ n: 0 }]);
  }
});
