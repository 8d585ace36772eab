-- What is live: who is there, what they look at, and how committed announcements are read exactly once.

create unlogged table presence (
  account_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  status text not null check (status in ('online', 'away', 'busy', 'offline')),
  viewing uuid[] not null default '{}',
  seen_at timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, user_id) references members (account_id, user_id) on delete cascade
);
create index presence_seen on presence (seen_at);
comment on table presence is 'One open connection of a member: its status, the conversations it shows, when it was last heard. Two minutes of silence and it counts no more. Unlogged: every process writes its connections anew twice a minute.';

alter table presence enable row level security;
alter table presence force row level security;
create policy tenant on presence to guichet_app
  using (account_id = nullif(current_setting('app.account_id', true), '')::uuid)
  with check (account_id = nullif(current_setting('app.account_id', true), '')::uuid);
create policy lookup on presence to guichet_lookup using (true) with check (true);
grant select, insert, update, delete on presence to guichet_app;
grant select, delete on presence to guichet_lookup;

-- Announcements that `upto` sees and `seen` did not: each committed row comes exactly once, however late its transaction ended,
-- and a backlog can be read in pages between two fixed snapshots.
create function read_announcements(seen pg_snapshot, upto pg_snapshot, after bigint, rows_max integer)
returns table (id bigint, account_id uuid, changes jsonb) language sql stable as $$
  select a.id, a.account_id, a.changes from announcements a
  where a.xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(a.xid, seen) and pg_visible_in_snapshot(a.xid, upto) and a.id > after
  order by a.id limit rows_max
$$;
drop function announcements_since(xid8);
drop function announcement_horizon();

-- Removes connections that went silent (their process died) and announces who is gone.
create function sweep_presence() returns bigint language sql as $$
  with gone as (delete from presence where seen_at < now() - interval '2 minutes' returning account_id, user_id, viewing),
  told as (
    insert into announcements (account_id, changes)
      select g.account_id, jsonb_build_array(jsonb_build_object('type', 'presence:update', 'userId', g.user_id)) from gone g
      union all
      select g.account_id, jsonb_agg(jsonb_build_object('type', 'viewing', 'conversationId', v.id)) from gone g, unnest(g.viewing) as v (id) group by g.account_id
    returning 1)
  select count(*) from gone
$$;

grant create on schema public to guichet_lookup;
do $$
declare listed text;
begin
  foreach listed in array array['read_announcements(pg_snapshot, pg_snapshot, bigint, integer)', 'sweep_presence()'] loop
    execute format('alter function %s security definer set search_path = public, pg_temp', listed);
    execute format('revoke all on function %s from public', listed);
    execute format('grant execute on function %s to guichet_app', listed);
    execute format('alter function %s owner to guichet_lookup', listed);
  end loop;
end $$;
revoke create on schema public from guichet_lookup;
