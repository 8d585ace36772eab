-- The roles that serve. They belong to the whole PostgreSQL cluster, so they may exist already;
-- their passwords are set outside of migrations.
do $$
declare wanted record;
begin
  for wanted in select * from (values ('guichet_app', 'login'), ('guichet_job', 'login'), ('guichet_lookup', 'nologin')) as w (name, kind) loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      begin
        execute format('create role %I %s', wanted.name, wanted.kind);
      exception when duplicate_object or unique_violation then
        -- Another database of this cluster is being migrated at the same time.
        null;
      end;
    end if;
  end loop;

  -- Giving the look-up functions to guichet_lookup needs SET ROLE on it, which since PostgreSQL 16 its maker must take first.
  if not pg_has_role(current_user, 'guichet_lookup', case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end) then
    execute format('grant guichet_lookup to %I', current_user);
  end if;

  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to guichet_app, guichet_job', current_database());
end $$;

revoke all on schema public from public;
grant usage on schema public to guichet_app, guichet_job, guichet_lookup;

-- Nothing is granted by default: every migration says who may do what with what it makes.
alter default privileges in schema public revoke all on tables from public;
alter default privileges in schema public revoke all on sequences from public;
