-- What happened once in the life of this installation.

create table milestones (
  name text primary key,
  reached_at timestamptz not null default now()
);
comment on table milestones is 'What happened once to this installation; not a tenant table. A demo that was made and removed is not made again by itself.';
grant select, insert on milestones to guichet_app;
