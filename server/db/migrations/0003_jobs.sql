-- The queue. A job is due when run_at has passed: a claim pushes run_at ahead by the lease, so a dead worker's jobs come back by themselves.
create table jobs (
  account_id uuid not null references accounts (id) on delete cascade,
  id bigint generated always as identity,
  kind text not null,
  lane text not null check (lane in ('inbound', 'outbound', 'default', 'slow')),
  payload jsonb not null,
  unique_key text,
  run_at timestamptz not null default now(),
  attempt integer not null default 0,
  spared integer not null default 0,
  attempts_max integer not null default 10 check (attempts_max > 0),
  last_error text,
  created_at timestamptz not null default now(),
  dead_at timestamptz,
  primary key (account_id, id)
);
create index jobs_due on jobs (lane, account_id, run_at) where dead_at is null;
create unique index jobs_waiting on jobs (account_id, kind, unique_key) where unique_key is not null and attempt = 0 and dead_at is null;
create index jobs_dead on jobs (account_id, dead_at) where dead_at is not null;
comment on table jobs is 'Work to be done after a commit. attempt counts claims and fences them; spared of them did not count as tries. dead_at marks dead letters.';

alter table jobs enable row level security;
alter table jobs force row level security;
create policy tenant on jobs to guichet_app
  using (account_id = nullif(current_setting('app.account_id', true), '')::uuid)
  with check (account_id = nullif(current_setting('app.account_id', true), '')::uuid);
create policy claims on jobs to guichet_job using (true) with check (true);
create policy lookup on jobs to guichet_lookup using (true) with check (true);
grant select, insert, update on jobs to guichet_app;
grant select, update, delete on jobs to guichet_job;
grant insert on jobs to guichet_lookup;

create table schedules (
  name text primary key,
  last_tick timestamptz not null,
  last_run_ms integer
);
comment on table schedules is 'The last tick of every schedule; not a tenant table. Whoever moves it forward runs the tick.';
grant select, insert, update on schedules to guichet_job;
