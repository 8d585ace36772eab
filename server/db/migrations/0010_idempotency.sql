-- Answers to POSTs that carried an Idempotency-Key, for a day.

create table idempotency_keys (
  account_id uuid not null references accounts (id) on delete cascade,
  principal_id uuid not null,
  route text not null,
  key text not null check (length(key) between 1 and 255),
  body_hash bytea not null,
  status integer not null,
  answer text,
  created_at timestamptz not null default now(),
  primary key (account_id, principal_id, route, key)
);
create index idempotency_keys_created on idempotency_keys (account_id, created_at);
comment on table idempotency_keys is 'What a POST with an Idempotency-Key answered, written in its own transaction; answer is null where it held a secret.';

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy tenant on idempotency_keys to guichet_app
  using (account_id = nullif(current_setting('app.account_id', true), '')::uuid)
  with check (account_id = nullif(current_setting('app.account_id', true), '')::uuid);
grant select, insert, update, delete on idempotency_keys to guichet_app;
