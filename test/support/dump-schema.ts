import type pg from 'pg';

/** The schema as the database has it, as text that changes only when the schema does. (The embedded PostgreSQL brings no pg_dump.) */
export async function dumpSchema(client: pg.Pool): Promise<string> {
  const sections = await Promise.all(
    [types, tables, functions].map(async (sql) => (await client.query<{ line: string }>(sql)).rows.map((row) => row.line)),
  );
  return `-- What the migrations add up to. Written by \`npm run schema\`, compared by \`npm run ci\`; edit the migrations instead.\n\n${sections.flat().join('\n\n')}\n`;
}

const grants = (acl: string, object: string) => `(
  select string_agg(format('-- grant %s to %s', privileges, grantee), E'\\n' order by grantee) from (
    select case g.grantee when 0 then 'public' else g.grantee::regrole::text end as grantee, string_agg(lower(g.privilege_type), ', ' order by g.privilege_type) as privileges
    from aclexplode(${acl}) g where g.grantee <> ${object} group by g.grantee) as granted)`;

const types = `
  select format('create type %I as (%s);', t.typname, string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)) as line
  from pg_type t join pg_class c on c.oid = t.typrelid and c.relkind = 'c' join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
  where t.typnamespace = 'public'::regnamespace group by t.typname order by t.typname`;

const tables = `
  select concat_ws(E'\\n',
    format(E'create table %I (\\n%s\\n);', c.relname, concat_ws(E',\\n', columns.list, constraints.list)),
    indexes.list, triggers.list,
    case when c.relrowsecurity then format('-- row level security%s', case when c.relforcerowsecurity then ', forced' end) end,
    policies.list, ${grants('c.relacl', 'c.relowner')},
    format('comment on table %I is %L;', c.relname, obj_description(c.oid, 'pg_class'))) as line
  from pg_class c,
  lateral (select string_agg(format('  %I %s', a.attname, format_type(a.atttypid, a.atttypmod)) || case when a.attnotnull then ' not null' else '' end
      || case when a.attidentity <> '' then ' generated as identity' when a.atthasdef then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end, E',\\n' order by a.attnum) as list
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) columns,
  lateral (select string_agg(format('  constraint %I %s', conname, pg_get_constraintdef(oid)), E',\\n' order by contype, conname) as list
    from pg_constraint where conrelid = c.oid and contype <> 'n') constraints,
  lateral (select string_agg(pg_get_indexdef(i.indexrelid) || ';', E'\\n' order by i.indexrelid::regclass::text) as list
    from pg_index i where i.indrelid = c.oid and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))) indexes,
  lateral (select string_agg(pg_get_triggerdef(oid) || ';', E'\\n' order by tgname) as list from pg_trigger where tgrelid = c.oid and not tgisinternal) triggers,
  lateral (select string_agg(format('-- policy %s for %s to %s using %s with check %s', policyname, lower(cmd), array_to_string(roles, ', '), coalesce(qual, '-'), coalesce(with_check, '-')), E'\\n' order by policyname) as list
    from pg_policies where schemaname = 'public' and tablename = c.relname) policies
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`;

const functions = `
  select concat_ws(E'\\n', pg_get_functiondef(p.oid) || ';', format('-- owner %s', case when o.rolname like 'guichet\\_%' and o.rolname <> 'guichet_owner' then o.rolname else 'the migrations' end), ${grants("coalesce(p.proacl, acldefault('f', p.proowner))", 'p.proowner')}) as line
  from pg_proc p join pg_roles o on o.oid = p.proowner where p.pronamespace = 'public'::regnamespace and p.prokind <> 'a' order by p.proname, pg_get_function_identity_arguments(p.oid)`;
