-- Keys that seal secrets, themselves sealed by the master key, which is not in the database.

create table data_keys (
  id uuid primary key,
  kind text not null check (kind in ('secrets', 'audit')),
  wrapped bytea not null,
  master bytea not null check (length(master) = 8),
  created_at timestamptz not null default now(),
  retired_at timestamptz,
  rotation_started_at timestamptz,
  rotation_finished_at timestamptz,
  -- Marks of the audit chain from before a change of the master key are only checked, never made.
  check (kind <> 'audit' or retired_at is not null)
);
create unique index data_keys_current on data_keys (kind) where kind = 'secrets' and retired_at is null;
comment on table data_keys is 'Keys under which columns named *_sealed are sealed, wrapped by the master key that master names. Not a tenant table: they belong to the installation.';
comment on column data_keys.retired_at is 'Nothing is sealed under it any more; what was still opens.';
comment on column data_keys.rotation_started_at is 'Everything is being sealed anew under this key, until rotation_finished_at.';

grant select, insert, update on data_keys to guichet_app;
