-- The nouns: accounts and people, inboxes, contacts, conversations, messages.
-- Every tenant table carries account_id first in every key, and row level security that is forced.

create table accounts (
  id uuid primary key,
  name text not null check (length(name) between 1 and 120),
  status text not null default 'active' check (status in ('trial', 'active', 'suspended', 'cancelled')),
  tier text not null default 'enterprise' check (tier in ('free', 'pro', 'enterprise')),
  is_demo boolean not null default false,
  language text not null default 'fr',
  time_zone text not null default 'Europe/Paris',
  created_at timestamptz not null default now()
);
comment on table accounts is 'A tenant. Its own id is its account id.';

create table users (
  id uuid primary key,
  email text not null,
  name text not null check (length(name) between 1 and 120),
  password_hash text,
  language text,
  time_zone text,
  created_at timestamptz not null default now()
);
create unique index users_email on users (lower(email));
comment on table users is 'A person who signs in; not a tenant table, a person may belong to several accounts.';

create table members (
  account_id uuid not null references accounts (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('admin', 'agent', 'viewer')),
  status text not null default 'active' check (status in ('active', 'suspended')),
  created_at timestamptz not null default now(),
  primary key (account_id, user_id)
);
create index members_user on members (user_id);
comment on table members is 'A user in an account, with a role.';

create table sessions (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  account_id uuid not null references accounts (id) on delete cascade,
  refresh_hash bytea not null,
  previous_hash bytea,
  successor_sealed bytea,
  rotated_at timestamptz not null default now(),
  device text not null default '',
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create unique index sessions_refresh on sessions (refresh_hash);
create unique index sessions_previous on sessions (previous_hash) where previous_hash is not null;
create index sessions_user on sessions (user_id);
comment on table sessions is 'A signed-in device and its rotating refresh token; not a tenant table, found before the account is known.';

create table api_keys (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  prefix text not null unique,
  secret_hash bytea not null,
  signing_secret_sealed bytea not null,
  permissions text[] not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, created_by) references members (account_id, user_id) on delete set null (created_by)
);
comment on table api_keys is 'A key of the account for programs; only the hash of its secret is kept.';

create table endpoints (
  id uuid primary key,
  key text not null unique check (length(key) >= 16),
  channel text not null,
  created_at timestamptz not null default now()
);
comment on table endpoints is 'The public address that a provider calls; not a tenant table, one provider app may serve several inboxes.';

create table inboxes (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  endpoint_id uuid not null references endpoints (id),
  channel text not null check (channel in ('whatsapp', 'email', 'sms', 'form', 'webchat', 'instagram', 'messenger', 'telegram', 'api')),
  name text not null check (length(name) between 1 and 120),
  route_key text,
  settings jsonb not null default '{}',
  secrets_sealed bytea,
  limits jsonb not null default '{}',
  status text not null default 'active' check (status in ('active', 'paused', 'error')),
  status_reason text,
  reopen_days integer not null default 7 check (reopen_days between 0 and 365),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id)
);
create unique index inboxes_route on inboxes (endpoint_id, route_key) where route_key is not null;
create index inboxes_endpoint on inboxes (endpoint_id);
create index inboxes_id on inboxes (id);
comment on table inboxes is 'One endpoint of a channel, such as one WhatsApp number. route_key names it among the items of a shared endpoint.';

create table contacts (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  name text,
  company text,
  language text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id)
);
comment on table contacts is 'A person who writes to the account.';

create table identities (
  account_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  kind text not null check (kind in ('whatsapp', 'phone', 'email', 'webchat', 'instagram', 'messenger', 'telegram', 'api')),
  value text not null check (length(value) between 1 and 320),
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, kind, value),
  -- Deferred: the identity is the row that decides a race, so it is written before its contact.
  foreign key (account_id, contact_id) references contacts (account_id, id) on delete cascade deferrable initially deferred
);
create index identities_contact on identities (account_id, contact_id);
comment on table identities is 'One address of a contact on a channel; unique in the account, so concurrent first messages make one contact.';

create table conversations (
  account_id uuid not null,
  id uuid not null,
  inbox_id uuid not null,
  contact_id uuid not null,
  identity_id uuid,
  channel text not null,
  thread_key text not null default '',
  status text not null default 'open' check (status in ('open', 'pending', 'snoozed', 'closed')),
  subject text,
  priority text not null default 'normal' check (priority in ('low', 'normal', 'high')),
  assignee_id uuid,
  snoozed_until timestamptz,
  seq bigint not null default 0,
  last_message_id uuid,
  last_message_seq bigint not null default 0,
  last_inbound_seq bigint not null default 0,
  last_inbound_at timestamptz,
  last_activity_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, contact_id) references contacts (account_id, id) on delete cascade,
  foreign key (account_id, identity_id) references identities (account_id, id) on delete set null (identity_id),
  foreign key (account_id, assignee_id) references members (account_id, user_id) on delete set null (assignee_id)
);
create unique index conversations_open_thread on conversations (account_id, inbox_id, contact_id, thread_key) where status <> 'closed';
create index conversations_thread on conversations (account_id, inbox_id, contact_id, thread_key, last_activity_at desc);
create index conversations_activity on conversations (account_id, last_activity_at desc, id desc);
create index conversations_inbox on conversations (account_id, inbox_id, last_activity_at desc, id desc);
create index conversations_assignee on conversations (account_id, assignee_id, last_activity_at desc, id desc) where status <> 'closed';
create index conversations_contact on conversations (account_id, contact_id, last_activity_at desc);
comment on table conversations is 'A thread with one contact in one inbox. seq grows with every change, under the row lock; identity_id is the address that last wrote, where replies go.';

create table messages (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  change_seq bigint not null,
  direction text not null check (direction in ('in', 'out')),
  kind text not null default 'message' check (kind in ('message', 'note')),
  type text not null default 'text',
  text text,
  subject text,
  language text,
  priority text,
  status text not null check (status in ('received', 'scheduled', 'queued', 'sending', 'sent', 'delivered', 'read', 'played', 'failed', 'uncertain', 'cancelled')),
  author_id uuid,
  external_id text,
  reply_to_id uuid,
  error jsonb,
  meta jsonb,
  attempt integer not null default 0,
  sent_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, conversation_id, seq),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, author_id) references members (account_id, user_id) on delete set null (author_id)
);
create index messages_changes on messages (account_id, conversation_id, change_seq);
create index messages_leaving on messages (account_id, conversation_id, seq) where status in ('queued', 'sending');
create index messages_inbound on messages (account_id, conversation_id, seq) where direction = 'in';
comment on table messages is 'One message or private note. seq orders it in its conversation, change_seq is the conversation''s seq at its last change.';

create table attachments (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  message_id uuid,
  filename text not null,
  content_type text not null,
  size bigint not null,
  sha256 bytea not null,
  storage_key text not null,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, message_id) references messages (account_id, id) on delete cascade
);
create index attachments_message on attachments (account_id, message_id);
comment on table attachments is 'A file of a message; its bytes lie in the file store under storage_key.';

create table participants (
  account_id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  read_seq bigint not null default 0,
  read_at timestamptz,
  muted_until timestamptz,
  primary key (account_id, conversation_id, user_id),
  foreign key (account_id, conversation_id) references conversations (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references members (account_id, user_id) on delete cascade
);
comment on table participants is 'A member''s read state in a conversation: unread are the inbound messages above read_seq.';

do $$
declare tenant text;
begin
  foreach tenant in array array['members', 'api_keys', 'inboxes', 'contacts', 'identities', 'conversations', 'messages', 'attachments', 'participants'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy tenant on %I to guichet_app using (account_id = nullif(current_setting(''app.account_id'', true), '''')::uuid) with check (account_id = nullif(current_setting(''app.account_id'', true), '''')::uuid)', tenant);
    execute format('grant select, insert, update, delete on %I to guichet_app', tenant);
  end loop;
end $$;

alter table accounts enable row level security;
alter table accounts force row level security;
create policy tenant on accounts to guichet_app
  using (id = nullif(current_setting('app.account_id', true), '')::uuid)
  with check (id = nullif(current_setting('app.account_id', true), '')::uuid);
grant select, insert, update, delete on accounts to guichet_app;
grant select, insert, update, delete on users, sessions, endpoints to guichet_app;
