-- What the migrations add up to. Written by `npm run schema`, compared by `npm run ci`; edit the migrations instead.

create type inbound_item as (n integer, inbox_id uuid, ledger_id uuid, kind text, external_id text, request_id text, raw_type text, received_at timestamp with time zone, verified_at timestamp with time zone, key text, moving boolean, checksum text, identity_kind text, identity_value text, identity_id uuid, contact_id uuid, name text, conversation_id uuid, thread_key text, subject text, reopen_days integer, message_id uuid, type text, text text, meta jsonb, sent_at timestamp with time zone, others jsonb, files jsonb, raw_start integer, raw_bytes integer, account_id uuid, channel text, place integer);

create type status_item as (n integer, inbox_id uuid, ledger_id uuid, external_id text, message_ref uuid, status text, status_at timestamp with time zone, error jsonb, request_id text, raw_type text, raw_start integer, raw_bytes integer, received_at timestamp with time zone, verified_at timestamp with time zone);

create table accounts (
  id uuid not null,
  name text not null,
  status text not null default 'active'::text,
  tier text not null default 'enterprise'::text,
  is_demo boolean not null default false,
  language text not null default 'fr'::text,
  time_zone text not null default 'Europe/Paris'::text,
  created_at timestamp with time zone not null default now(),
  trial_ends_at timestamp with time zone,
  modules text[] not null default ARRAY['inbox'::text, 'crm'::text, 'automation'::text, 'analytics'::text, 'alerts'::text, 'calendar'::text, 'integrations'::text],
  constraint accounts_modules CHECK ((modules <@ ARRAY['inbox'::text, 'crm'::text, 'automation'::text, 'analytics'::text, 'alerts'::text, 'calendar'::text, 'integrations'::text])),
  constraint accounts_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint accounts_status_check CHECK ((status = ANY (ARRAY['trial'::text, 'active'::text, 'suspended'::text, 'cancelled'::text]))),
  constraint accounts_tier_check CHECK ((tier = ANY (ARRAY['free'::text, 'pro'::text, 'enterprise'::text]))),
  constraint accounts_trial_ends CHECK (((status <> 'trial'::text) OR (trial_ends_at IS NOT NULL))),
  constraint accounts_pkey PRIMARY KEY (id)
);
CREATE TRIGGER forget_jobs AFTER DELETE ON public.accounts FOR EACH ROW EXECUTE FUNCTION forget_jobs();
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table accounts is 'A tenant. Its own id is its account id.';

create table announcements (
  account_id uuid not null,
  id bigint not null generated as identity,
  xid xid8 not null default pg_current_xact_id(),
  changes jsonb not null,
  created_at timestamp with time zone not null default now(),
  constraint announcements_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint announcements_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX announcements_created ON public.announcements USING btree (created_at);
CREATE INDEX announcements_xid ON public.announcements USING btree (xid);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant delete, insert, select to guichet_lookup
comment on table announcements is 'What sockets are to be told: ids and seq of committed changes, kept for ten minutes.';

create table api_keys (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  prefix text not null,
  secret_hash bytea not null,
  signing_secret_sealed bytea not null,
  permissions text[] not null,
  created_by uuid,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  previous_secret_hash bytea,
  previous_signing_secret_sealed bytea,
  previous_expires_at timestamp with time zone,
  rotated_at timestamp with time zone,
  per_hour integer,
  per_minute integer,
  is_superadmin boolean not null default false,
  constraint api_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint api_keys_per_hour_check CHECK (((per_hour >= 1) AND (per_hour <= 1000000))),
  constraint api_keys_per_minute_check CHECK (((per_minute >= 1) AND (per_minute <= 100000))),
  constraint api_keys_account_id_created_by_fkey FOREIGN KEY (account_id, created_by) REFERENCES members(account_id, user_id) ON DELETE SET NULL (created_by),
  constraint api_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint api_keys_pkey PRIMARY KEY (account_id, id),
  constraint api_keys_prefix_key UNIQUE (prefix)
);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant delete, select to guichet_lookup
comment on table api_keys is 'A key of the account for programs; only the hash of its secret is kept.';

create table attachments (
  account_id uuid not null,
  id uuid not null,
  message_id uuid,
  filename text not null,
  content_type text not null,
  size bigint not null,
  sha256 bytea not null,
  storage_key text not null,
  created_at timestamp with time zone not null default now(),
  constraint attachments_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint attachments_account_id_message_id_fkey FOREIGN KEY (account_id, message_id) REFERENCES messages(account_id, id) ON DELETE CASCADE,
  constraint attachments_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX attachments_message ON public.attachments USING btree (account_id, message_id);
CREATE INDEX attachments_storage ON public.attachments USING btree (storage_key);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant insert, select to guichet_lookup
comment on table attachments is 'A file of a message; its bytes lie in the file store under storage_key.';

create table audit_entries (
  account_id uuid not null,
  seq bigint not null,
  at timestamp with time zone not null,
  actor_type text not null,
  actor_id uuid,
  action text not null,
  subject_type text,
  subject_id uuid,
  record text not null,
  hash bytea not null,
  mac bytea not null,
  constraint audit_entries_action_check CHECK (((length(action) >= 1) AND (length(action) <= 80))),
  constraint audit_entries_actor_type_check CHECK ((actor_type = ANY (ARRAY['member'::text, 'api_key'::text, 'system'::text, 'operator'::text, 'stranger'::text]))),
  constraint audit_entries_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint audit_entries_pkey PRIMARY KEY (account_id, seq)
);
CREATE INDEX audit_entries_action ON public.audit_entries USING btree (account_id, action, seq DESC);
CREATE INDEX audit_entries_actor ON public.audit_entries USING btree (account_id, actor_id, seq DESC);
CREATE INDEX audit_entries_at ON public.audit_entries USING btree (account_id, at);
CREATE INDEX audit_entries_subject ON public.audit_entries USING btree (account_id, subject_type, subject_id, seq DESC);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant insert, select to guichet_app
comment on table audit_entries is 'What was done to settings, access and data. record is the text that was hashed; the columns beside it are for searching.';

create table audit_heads (
  account_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  mac bytea not null,
  constraint audit_heads_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint audit_heads_pkey PRIMARY KEY (account_id)
);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant insert, select, update to guichet_app
comment on table audit_heads is 'The end of an account''s audit chain; its row lock puts writers in line. mac marks seq and hash with a key that is not in the database.';

create table contacts (
  account_id uuid not null,
  id uuid not null,
  name text,
  company text,
  language text,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint contacts_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint contacts_pkey PRIMARY KEY (account_id, id)
);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant insert, select, update to guichet_lookup
comment on table contacts is 'A person who writes to the account.';

create table conversations (
  account_id uuid not null,
  id uuid not null,
  inbox_id uuid not null,
  contact_id uuid not null,
  identity_id uuid,
  channel text not null,
  thread_key text not null default ''::text,
  status text not null default 'open'::text,
  subject text,
  priority text not null default 'normal'::text,
  assignee_id uuid,
  snoozed_until timestamp with time zone,
  seq bigint not null default 0,
  last_message_id uuid,
  last_message_seq bigint not null default 0,
  last_inbound_seq bigint not null default 0,
  last_inbound_at timestamp with time zone,
  last_activity_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  team_id uuid,
  constraint conversations_priority_check CHECK ((priority = ANY (ARRAY['low'::text, 'normal'::text, 'high'::text]))),
  constraint conversations_status_check CHECK ((status = ANY (ARRAY['open'::text, 'pending'::text, 'snoozed'::text, 'closed'::text]))),
  constraint conversations_account_id_assignee_id_fkey FOREIGN KEY (account_id, assignee_id) REFERENCES members(account_id, user_id) ON DELETE SET NULL (assignee_id),
  constraint conversations_account_id_contact_id_fkey FOREIGN KEY (account_id, contact_id) REFERENCES contacts(account_id, id) ON DELETE CASCADE,
  constraint conversations_account_id_identity_id_fkey FOREIGN KEY (account_id, identity_id) REFERENCES identities(account_id, id) ON DELETE SET NULL (identity_id),
  constraint conversations_account_id_inbox_id_fkey FOREIGN KEY (account_id, inbox_id) REFERENCES inboxes(account_id, id) ON DELETE CASCADE,
  constraint conversations_team FOREIGN KEY (account_id, team_id) REFERENCES teams(account_id, id) ON DELETE SET NULL (team_id),
  constraint conversations_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX conversations_activity ON public.conversations USING btree (account_id, last_activity_at DESC, id DESC);
CREATE INDEX conversations_assignee ON public.conversations USING btree (account_id, assignee_id, last_activity_at DESC, id DESC) WHERE (status <> 'closed'::text);
CREATE INDEX conversations_contact ON public.conversations USING btree (account_id, contact_id, last_activity_at DESC);
CREATE INDEX conversations_inbox ON public.conversations USING btree (account_id, inbox_id, last_activity_at DESC, id DESC);
CREATE UNIQUE INDEX conversations_open_thread ON public.conversations USING btree (account_id, inbox_id, contact_id, thread_key) WHERE (status <> 'closed'::text);
CREATE INDEX conversations_team ON public.conversations USING btree (account_id, team_id, last_activity_at DESC, id DESC) WHERE ((team_id IS NOT NULL) AND (status <> 'closed'::text));
CREATE INDEX conversations_thread ON public.conversations USING btree (account_id, inbox_id, contact_id, thread_key, last_activity_at DESC);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant insert, select, update to guichet_lookup
comment on table conversations is 'A thread with one contact in one inbox. seq grows with every change, under the row lock; identity_id is the address that last wrote, where replies go.';

create table data_keys (
  id uuid not null,
  kind text not null,
  wrapped bytea not null,
  master bytea not null,
  created_at timestamp with time zone not null default now(),
  retired_at timestamp with time zone,
  rotation_started_at timestamp with time zone,
  rotation_finished_at timestamp with time zone,
  constraint data_keys_check CHECK (((kind <> 'audit'::text) OR (retired_at IS NOT NULL))),
  constraint data_keys_kind_check CHECK ((kind = ANY (ARRAY['secrets'::text, 'audit'::text]))),
  constraint data_keys_master_check CHECK ((length(master) = 8)),
  constraint data_keys_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX data_keys_current ON public.data_keys USING btree (kind) WHERE ((kind = 'secrets'::text) AND (retired_at IS NULL));
-- grant insert, select, update to guichet_app
comment on table data_keys is 'Keys under which columns named *_sealed are sealed, wrapped by the master key that master names. Not a tenant table: they belong to the installation.';

create table dedup (
  account_id uuid not null,
  inbox_id uuid not null,
  key text not null,
  moving boolean not null,
  checksum text not null,
  message_id uuid not null,
  seen_at timestamp with time zone not null,
  constraint dedup_account_id_inbox_id_fkey FOREIGN KEY (account_id, inbox_id) REFERENCES inboxes(account_id, id) ON DELETE CASCADE,
  constraint dedup_pkey PRIMARY KEY (account_id, inbox_id, key)
);
CREATE INDEX dedup_moving ON public.dedup USING btree (seen_at) WHERE moving;
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant delete, insert, select, update to guichet_lookup
comment on table dedup is 'What was already received: provider ids for ever, content checksums (moving) for 24 hours.';

create table deliveries (
  account_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  attempt integer not null,
  started_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  outcome text,
  error jsonb,
  constraint deliveries_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'retry'::text, 'failed'::text, 'uncertain'::text]))),
  constraint deliveries_account_id_message_id_fkey FOREIGN KEY (account_id, message_id) REFERENCES messages(account_id, id) ON DELETE CASCADE,
  constraint deliveries_pkey PRIMARY KEY (account_id, id),
  constraint deliveries_account_id_message_id_attempt_key UNIQUE (account_id, message_id, attempt)
);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
comment on table deliveries is 'One attempt to hand a message to its provider.';

create table endpoints (
  id uuid not null,
  key text not null,
  channel text not null,
  created_at timestamp with time zone not null default now(),
  constraint endpoints_key_check CHECK ((length(key) >= 16)),
  constraint endpoints_pkey PRIMARY KEY (id),
  constraint endpoints_key_key UNIQUE (key)
);
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table endpoints is 'The public address that a provider calls; not a tenant table, one provider app may serve several inboxes.';

create table external_identities (
  id uuid not null,
  user_id uuid not null,
  provider text not null,
  issuer text not null,
  subject text not null,
  email text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint external_identities_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 500))),
  constraint external_identities_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 500))),
  constraint external_identities_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint external_identities_pkey PRIMARY KEY (id),
  constraint external_identities_issuer_subject_key UNIQUE (issuer, subject)
);
CREATE INDEX external_identities_user ON public.external_identities USING btree (user_id);
-- grant delete, insert, select, update to guichet_app
comment on table external_identities is 'A person at an OpenID provider: issuer and subject, never the address. Not a tenant table.';

create table idempotency_keys (
  account_id uuid not null,
  principal_id uuid not null,
  route text not null,
  key text not null,
  body_hash bytea not null,
  status integer not null,
  answer text,
  created_at timestamp with time zone not null default now(),
  constraint idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255))),
  constraint idempotency_keys_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint idempotency_keys_pkey PRIMARY KEY (account_id, principal_id, route, key)
);
CREATE INDEX idempotency_keys_created ON public.idempotency_keys USING btree (account_id, created_at);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
comment on table idempotency_keys is 'What a POST with an Idempotency-Key answered, written in its own transaction; answer is null where it held a secret.';

create table identities (
  account_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  kind text not null,
  value text not null,
  created_at timestamp with time zone not null default now(),
  constraint identities_kind_check CHECK ((kind = ANY (ARRAY['whatsapp'::text, 'phone'::text, 'email'::text, 'webchat'::text, 'instagram'::text, 'messenger'::text, 'telegram'::text, 'api'::text]))),
  constraint identities_value_check CHECK (((length(value) >= 1) AND (length(value) <= 320))),
  constraint identities_account_id_contact_id_fkey FOREIGN KEY (account_id, contact_id) REFERENCES contacts(account_id, id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  constraint identities_pkey PRIMARY KEY (account_id, id),
  constraint identities_account_id_kind_value_key UNIQUE (account_id, kind, value)
);
CREATE INDEX identities_contact ON public.identities USING btree (account_id, contact_id);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant insert, select, update to guichet_lookup
comment on table identities is 'One address of a contact on a channel; unique in the account, so concurrent first messages make one contact.';

create table inboxes (
  account_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  channel text not null,
  name text not null,
  route_key text,
  settings jsonb not null default '{}'::jsonb,
  secrets_sealed bytea,
  limits jsonb not null default '{}'::jsonb,
  status text not null default 'active'::text,
  status_reason text,
  reopen_days integer not null default 7,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint inboxes_channel_check CHECK ((channel = ANY (ARRAY['whatsapp'::text, 'email'::text, 'sms'::text, 'form'::text, 'webchat'::text, 'instagram'::text, 'messenger'::text, 'telegram'::text, 'api'::text]))),
  constraint inboxes_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint inboxes_reopen_days_check CHECK (((reopen_days >= 0) AND (reopen_days <= 365))),
  constraint inboxes_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'error'::text]))),
  constraint inboxes_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint inboxes_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id),
  constraint inboxes_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX inboxes_endpoint ON public.inboxes USING btree (endpoint_id);
CREATE INDEX inboxes_id ON public.inboxes USING btree (id);
CREATE UNIQUE INDEX inboxes_route ON public.inboxes USING btree (endpoint_id, route_key) WHERE (route_key IS NOT NULL);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table inboxes is 'One endpoint of a channel, such as one WhatsApp number. route_key names it among the items of a shared endpoint.';

create table invitations (
  account_id uuid not null,
  id uuid not null,
  email text not null,
  role text not null,
  role_id uuid,
  team_ids uuid[] not null default '{}'::uuid[],
  invited_by uuid,
  token_id uuid not null,
  token_hash bytea not null,
  mailed_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  accepted_at timestamp with time zone,
  revoked_at timestamp with time zone,
  invited_by_key uuid,
  constraint invitations_check CHECK (((role = 'custom'::text) = (role_id IS NOT NULL))),
  constraint invitations_email_check CHECK ((length(email) <= 254)),
  constraint invitations_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'agent'::text, 'viewer'::text, 'custom'::text]))),
  constraint invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint invitations_account_id_invited_by_fkey FOREIGN KEY (account_id, invited_by) REFERENCES members(account_id, user_id) ON DELETE SET NULL (invited_by),
  constraint invitations_account_id_role_id_fkey FOREIGN KEY (account_id, role_id) REFERENCES roles(account_id, id),
  constraint invitations_invited_by_key FOREIGN KEY (account_id, invited_by_key) REFERENCES api_keys(account_id, id) ON DELETE SET NULL (invited_by_key),
  constraint invitations_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX invitations_email ON public.invitations USING btree (lower(email)) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
CREATE UNIQUE INDEX invitations_open ON public.invitations USING btree (account_id, lower(email)) WHERE ((accepted_at IS NULL) AND (revoked_at IS NULL));
CREATE INDEX invitations_token ON public.invitations USING btree (token_hash);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table invitations is 'A place in the account that waits for somebody. token_id makes the link; a new one kills the old.';

create table jobs (
  account_id uuid not null,
  id bigint not null generated as identity,
  kind text not null,
  lane text not null,
  payload jsonb not null,
  unique_key text,
  run_at timestamp with time zone not null default now(),
  attempt integer not null default 0,
  spared integer not null default 0,
  attempts_max integer not null default 10,
  last_error text,
  created_at timestamp with time zone not null default now(),
  dead_at timestamp with time zone,
  constraint jobs_attempts_max_check CHECK ((attempts_max > 0)),
  constraint jobs_lane_check CHECK ((lane = ANY (ARRAY['inbound'::text, 'outbound'::text, 'default'::text, 'slow'::text, 'mail'::text]))),
  constraint jobs_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX jobs_dead ON public.jobs USING btree (account_id, dead_at) WHERE (dead_at IS NOT NULL);
CREATE INDEX jobs_due ON public.jobs USING btree (lane, account_id, run_at) WHERE (dead_at IS NULL);
CREATE UNIQUE INDEX jobs_waiting ON public.jobs USING btree (account_id, kind, unique_key) WHERE ((unique_key IS NOT NULL) AND (attempt = 0) AND (dead_at IS NULL));
-- row level security, forced
-- policy claims for all to guichet_job using true with check true
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant insert, select, update to guichet_app
-- grant delete, select, update to guichet_job
-- grant delete, insert, select to guichet_lookup
comment on table jobs is 'Work to be done after a commit. attempt counts claims and fences them; spared of them did not count as tries. dead_at marks dead letters.';

create table ledger (
  account_id uuid not null,
  id uuid not null,
  inbox_id uuid not null,
  channel text not null,
  kind text not null,
  outcome text not null,
  reason text,
  external_id text,
  message_id uuid,
  raw bytea not null,
  raw_type text not null,
  request_id text not null,
  received_at timestamp with time zone not null,
  verified_at timestamp with time zone not null,
  stored_at timestamp with time zone not null default now(),
  announced_at timestamp with time zone,
  constraint ledger_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'status'::text, 'event'::text, 'unknown'::text]))),
  constraint ledger_outcome_check CHECK ((outcome = ANY (ARRAY['stored'::text, 'duplicate'::text, 'unparsed'::text, 'not_ours'::text, 'ignored'::text]))),
  constraint ledger_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint ledger_account_id_inbox_id_fkey FOREIGN KEY (account_id, inbox_id) REFERENCES inboxes(account_id, id) ON DELETE CASCADE,
  constraint ledger_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX ledger_inbox ON public.ledger USING btree (account_id, inbox_id, id DESC);
CREATE INDEX ledger_stopped ON public.ledger USING btree (account_id, id DESC) WHERE (outcome = ANY (ARRAY['unparsed'::text, 'not_ours'::text]));
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant insert, select to guichet_lookup
comment on table ledger is 'Every inbound event as it was received, with its life line.';

create table limit_windows (
  key text not null,
  bucket bigint not null,
  counts integer[] not null,
  touched_at timestamp with time zone not null default now(),
  constraint limit_windows_key_check CHECK ((length(key) <= 300)),
  constraint limit_windows_pkey PRIMARY KEY (key)
);
CREATE INDEX limit_windows_touched ON public.limit_windows USING btree (touched_at);
-- grant delete, insert, select, update to guichet_app
comment on table limit_windows is 'Uses of a limit in the last window, in 61 buckets of a sixtieth of it; not a tenant table, the key names what is limited.';

create table mails (
  id uuid not null,
  kind text not null,
  subject_id uuid not null,
  state text not null default 'queued'::text,
  reply text,
  created_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  constraint mails_reply_check CHECK ((length(reply) <= 40)),
  constraint mails_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'refused'::text, 'failed'::text, 'unneeded'::text]))),
  constraint mails_pkey PRIMARY KEY (id)
);
CREATE INDEX mails_created ON public.mails USING btree (created_at);
CREATE INDEX mails_subject ON public.mails USING btree (subject_id, id DESC);
-- grant delete, insert, select, update to guichet_app
comment on table mails is 'What became of each mail of the system: to whom is said by subject_id alone, reply is the refusal''s code. Not a tenant table: some concern nobody''s account.';

create table members (
  account_id uuid not null,
  user_id uuid not null,
  role text not null,
  status text not null default 'active'::text,
  created_at timestamp with time zone not null default now(),
  role_id uuid,
  last_seen_at timestamp with time zone,
  constraint members_custom_role CHECK (((role = 'custom'::text) = (role_id IS NOT NULL))),
  constraint members_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'agent'::text, 'viewer'::text, 'custom'::text]))),
  constraint members_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'removed'::text]))),
  constraint members_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint members_role_id FOREIGN KEY (account_id, role_id) REFERENCES roles(account_id, id),
  constraint members_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint members_pkey PRIMARY KEY (account_id, user_id)
);
CREATE INDEX members_user ON public.members USING btree (user_id);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table members is 'A user in an account, with a role.';

create table messages (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  change_seq bigint not null,
  direction text not null,
  kind text not null default 'message'::text,
  type text not null default 'text'::text,
  text text,
  subject text,
  language text,
  priority text,
  status text not null,
  author_id uuid,
  external_id text,
  reply_to_id uuid,
  error jsonb,
  meta jsonb,
  attempt integer not null default 0,
  sent_at timestamp with time zone not null,
  created_at timestamp with time zone not null default now(),
  constraint messages_direction_check CHECK ((direction = ANY (ARRAY['in'::text, 'out'::text]))),
  constraint messages_kind_check CHECK ((kind = ANY (ARRAY['message'::text, 'note'::text]))),
  constraint messages_status_check CHECK ((status = ANY (ARRAY['received'::text, 'scheduled'::text, 'queued'::text, 'sending'::text, 'sent'::text, 'delivered'::text, 'read'::text, 'played'::text, 'failed'::text, 'uncertain'::text, 'cancelled'::text]))),
  constraint messages_account_id_author_id_fkey FOREIGN KEY (account_id, author_id) REFERENCES members(account_id, user_id) ON DELETE SET NULL (author_id),
  constraint messages_account_id_conversation_id_fkey FOREIGN KEY (account_id, conversation_id) REFERENCES conversations(account_id, id) ON DELETE CASCADE,
  constraint messages_pkey PRIMARY KEY (account_id, id),
  constraint messages_account_id_conversation_id_seq_key UNIQUE (account_id, conversation_id, seq)
);
CREATE INDEX messages_changes ON public.messages USING btree (account_id, conversation_id, change_seq);
CREATE INDEX messages_inbound ON public.messages USING btree (account_id, conversation_id, seq) WHERE (direction = 'in'::text);
CREATE INDEX messages_leaving ON public.messages USING btree (account_id, conversation_id, seq) WHERE (status = ANY (ARRAY['queued'::text, 'sending'::text]));
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant insert, select, update to guichet_lookup
comment on table messages is 'One message or private note. seq orders it in its conversation, change_seq is the conversation''s seq at its last change.';

create table milestones (
  name text not null,
  reached_at timestamp with time zone not null default now(),
  constraint milestones_pkey PRIMARY KEY (name)
);
-- grant insert, select to guichet_app
comment on table milestones is 'What happened once to this installation; not a tenant table. A demo that was made and removed is not made again by itself.';

create table one_time_tokens (
  id uuid not null,
  purpose text not null,
  hash bytea not null,
  user_id uuid,
  email text,
  data jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  consumed_at timestamp with time zone,
  constraint one_time_tokens_purpose_check CHECK ((purpose = ANY (ARRAY['magic_link'::text, 'password_reset'::text, 'email_verification'::text, 'email_change'::text, 'passkey_registration'::text, 'passkey_sign_in'::text]))),
  constraint one_time_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint one_time_tokens_pkey PRIMARY KEY (id)
);
CREATE INDEX one_time_tokens_expires ON public.one_time_tokens USING btree (expires_at);
CREATE INDEX one_time_tokens_user ON public.one_time_tokens USING btree (user_id, purpose);
-- grant delete, insert, select, update to guichet_app
comment on table one_time_tokens is 'Links and challenges that work once, bound to a purpose; only their hash is kept. Not a tenant table: used before the account is known.';

create table participants (
  account_id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  read_seq bigint not null default 0,
  read_at timestamp with time zone,
  muted_until timestamp with time zone,
  constraint participants_account_id_conversation_id_fkey FOREIGN KEY (account_id, conversation_id) REFERENCES conversations(account_id, id) ON DELETE CASCADE,
  constraint participants_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES members(account_id, user_id) ON DELETE CASCADE,
  constraint participants_pkey PRIMARY KEY (account_id, conversation_id, user_id)
);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
comment on table participants is 'A member''s read state in a conversation: unread are the inbound messages above read_seq.';

create table passkeys (
  id uuid not null,
  user_id uuid not null,
  credential_id bytea not null,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}'::text[],
  name text not null,
  is_backed_up boolean not null default false,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone,
  constraint passkeys_credential_id_check CHECK (((length(credential_id) >= 1) AND (length(credential_id) <= 1023))),
  constraint passkeys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint passkeys_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint passkeys_pkey PRIMARY KEY (id),
  constraint passkeys_credential_id_key UNIQUE (credential_id)
);
CREATE INDEX passkeys_user ON public.passkeys USING btree (user_id);
-- grant delete, insert, select, update to guichet_app
comment on table passkeys is 'A WebAuthn credential of a person; not a tenant table, found by its credential id.';

create table presence (
  account_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  status text not null,
  viewing uuid[] not null default '{}'::uuid[],
  seen_at timestamp with time zone not null,
  constraint presence_status_check CHECK ((status = ANY (ARRAY['online'::text, 'away'::text, 'busy'::text, 'offline'::text]))),
  constraint presence_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES members(account_id, user_id) ON DELETE CASCADE,
  constraint presence_pkey PRIMARY KEY (account_id, id)
);
CREATE INDEX presence_seen ON public.presence USING btree (seen_at);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant delete, select to guichet_lookup
comment on table presence is 'One open connection of a member: its status, the conversations it shows, when it was last heard. Two minutes of silence and it counts no more. Unlogged: every process writes its connections anew twice a minute.';

create table provider_messages (
  account_id uuid not null,
  inbox_id uuid not null,
  external_id text not null,
  message_id uuid,
  status text,
  status_at timestamp with time zone,
  error jsonb,
  superseded boolean not null default false,
  created_at timestamp with time zone not null default now(),
  constraint provider_messages_account_id_inbox_id_fkey FOREIGN KEY (account_id, inbox_id) REFERENCES inboxes(account_id, id) ON DELETE CASCADE,
  constraint provider_messages_account_id_message_id_fkey FOREIGN KEY (account_id, message_id) REFERENCES messages(account_id, id) ON DELETE CASCADE,
  constraint provider_messages_pkey PRIMARY KEY (account_id, inbox_id, external_id)
);
CREATE INDEX provider_messages_message ON public.provider_messages USING btree (account_id, message_id) WHERE (message_id IS NOT NULL);
CREATE INDEX provider_messages_orphans ON public.provider_messages USING btree (created_at) WHERE (message_id IS NULL);
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant delete, insert, select, update to guichet_lookup
comment on table provider_messages is 'The provider''s id of a message we sent. A status may come before the answer that carries the id: whoever writes the row second joins the two.';

create table recovery_codes (
  user_id uuid not null,
  hash bytea not null,
  created_at timestamp with time zone not null default now(),
  used_at timestamp with time zone,
  constraint recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint recovery_codes_pkey PRIMARY KEY (user_id, hash)
);
-- grant delete, insert, select, update to guichet_app
comment on table recovery_codes is 'Codes that stand in for a lost authenticator, each once; not a tenant table, they belong to a person.';

create table roles (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  description text not null default ''::text,
  permissions text[] not null,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  constraint roles_description_check CHECK ((length(description) <= 500)),
  constraint roles_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint roles_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint roles_pkey PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX roles_name ON public.roles USING btree (account_id, lower(name));
-- row level security, forced
-- policy lookup for all to guichet_lookup using true with check true
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table roles is 'A role that an account made of permissions.';

create table schedules (
  name text not null,
  last_tick timestamp with time zone not null,
  last_run_ms integer,
  constraint schedules_pkey PRIMARY KEY (name)
);
-- grant insert, select, update to guichet_job
comment on table schedules is 'The last tick of every schedule; not a tenant table. Whoever moves it forward runs the tick.';

create table schema_migrations (
  number integer not null,
  name text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migrations_pkey PRIMARY KEY (number)
);
-- grant select to guichet_app
comment on table schema_migrations is 'Migrations that ran in this database; not a tenant table.';

create table sessions (
  id uuid not null,
  user_id uuid not null,
  account_id uuid not null,
  refresh_hash bytea not null,
  previous_hash bytea,
  successor_sealed bytea,
  rotated_at timestamp with time zone not null default now(),
  device text not null default ''::text,
  created_at timestamp with time zone not null default now(),
  last_used_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone,
  method text not null default 'password'::text,
  confirmed_at timestamp with time zone not null default now(),
  constraint sessions_method_check CHECK ((method = ANY (ARRAY['password'::text, 'magic_link'::text, 'oidc'::text, 'passkey'::text, 'invitation'::text, 'setup'::text]))),
  constraint sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE,
  constraint sessions_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX sessions_previous ON public.sessions USING btree (previous_hash) WHERE (previous_hash IS NOT NULL);
CREATE UNIQUE INDEX sessions_refresh ON public.sessions USING btree (refresh_hash);
CREATE INDEX sessions_user ON public.sessions USING btree (user_id);
-- grant delete, insert, select, update to guichet_app
comment on table sessions is 'A signed-in device and its rotating refresh token; not a tenant table, found before the account is known.';

create table team_members (
  account_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  created_at timestamp with time zone not null default now(),
  constraint team_members_account_id_team_id_fkey FOREIGN KEY (account_id, team_id) REFERENCES teams(account_id, id) ON DELETE CASCADE,
  constraint team_members_account_id_user_id_fkey FOREIGN KEY (account_id, user_id) REFERENCES members(account_id, user_id) ON DELETE CASCADE,
  constraint team_members_pkey PRIMARY KEY (account_id, team_id, user_id)
);
CREATE INDEX team_members_user ON public.team_members USING btree (account_id, user_id);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
comment on table team_members is 'Who is in a team.';

create table teams (
  account_id uuid not null,
  id uuid not null,
  name text not null,
  name_key text not null,
  created_at timestamp with time zone not null default now(),
  constraint teams_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint teams_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id) ON DELETE CASCADE,
  constraint teams_pkey PRIMARY KEY (account_id, id),
  constraint teams_account_id_name_key_key UNIQUE (account_id, name_key)
);
-- row level security, forced
-- policy tenant for all to guichet_app using (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid) with check (account_id = (NULLIF(current_setting('app.account_id'::text, true), ''::text))::uuid)
-- grant delete, insert, select, update to guichet_app
comment on table teams is 'Members who share work. name_key is the name without case and accents.';

create table users (
  id uuid not null,
  email text not null,
  name text not null,
  password_hash text,
  language text,
  time_zone text,
  created_at timestamp with time zone not null default now(),
  is_superadmin boolean not null default false,
  email_verified_at timestamp with time zone,
  preferences jsonb not null default '{}'::jsonb,
  totp_sealed bytea,
  totp_confirmed_at timestamp with time zone,
  totp_last_step bigint,
  constraint users_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
  constraint users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_email ON public.users USING btree (lower(email));
CREATE INDEX users_superadmin ON public.users USING btree (id) WHERE is_superadmin;
-- grant delete, insert, select, update to guichet_app
-- grant select to guichet_lookup
comment on table users is 'A person who signs in; not a tenant table, a person may belong to several accounts.';

CREATE OR REPLACE FUNCTION public.count_accepted_not_shown(since timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select count(*) from accounts a cross join lateral (
    select from ledger l where l.account_id = a.id and l.kind = 'message' and l.outcome = 'stored'
      and l.id >= (lpad(to_hex((extract(epoch from since) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
      and not exists (select from messages m where m.account_id = l.account_id and m.id = l.message_id)) missing
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.count_accounts()
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select count(*) from accounts $function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.find_accounts_named(wanted text)
 RETURNS TABLE(id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select a.id from accounts a where lower(a.name) = lower(wanted) order by a.id
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.find_api_key(key_prefix text)
 RETURNS TABLE(account_id uuid, id uuid, secret_hash bytea, signing_secret_sealed bytea, permissions text[], expires_at timestamp with time zone, revoked_at timestamp with time zone, account_status text, trial_ends_at timestamp with time zone, tier text, modules text[], previous_secret_hash bytea, previous_signing_secret_sealed bytea, previous_expires_at timestamp with time zone, per_hour integer, per_minute integer, is_superadmin boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select k.account_id, k.id, k.secret_hash, k.signing_secret_sealed, k.permissions, k.expires_at, k.revoked_at,
    a.status, a.trial_ends_at, a.tier, a.modules, k.previous_secret_hash, k.previous_signing_secret_sealed, k.previous_expires_at, k.per_hour, k.per_minute,
    k.is_superadmin and coalesce(u.is_superadmin, false)
  from api_keys k join accounts a on a.id = k.account_id left join users u on u.id = k.created_by where k.prefix = key_prefix
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.find_endpoint(endpoint_key text)
 RETURNS TABLE(endpoint_id uuid, account_id uuid, account_status text, inbox_id uuid, channel text, name text, route_key text, settings jsonb, secrets_sealed bytea, limits jsonb, status text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select e.id, b.account_id, a.status, b.id, b.channel, b.name, b.route_key, b.settings, b.secrets_sealed, b.limits, b.status
  from endpoints e join inboxes b on b.endpoint_id = e.id join accounts a on a.id = b.account_id where e.key = endpoint_key order by b.created_at, b.id
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.find_invitation(wanted_hash bytea)
 RETURNS TABLE(account_id uuid, id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select i.account_id, i.id from invitations i
  where i.token_hash = wanted_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.find_invitation_for(address text)
 RETURNS TABLE(token_id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select i.token_id from invitations i
  where lower(i.email) = address and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
  order by i.created_at desc limit 1
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.find_memberships(member_user_id uuid)
 RETURNS TABLE(account_id uuid, account_name text, account_status text, is_demo boolean, role text, status text, role_id uuid, role_name text, role_permissions text[], is_superadmin boolean, trial_ends_at timestamp with time zone, tier text, modules text[])
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select m.account_id, a.name, a.status, a.is_demo, m.role, m.status, m.role_id, r.name, r.permissions, u.is_superadmin, a.trial_ends_at, a.tier, a.modules
  from members m join accounts a on a.id = m.account_id join users u on u.id = m.user_id
  left join roles r on r.account_id = m.account_id and r.id = m.role_id
  where m.user_id = member_user_id and m.status <> 'removed' order by m.created_at, m.account_id
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.forget_jobs()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  delete from jobs where account_id = old.id;
  return null;
end $function$
;
-- owner guichet_lookup

CREATE OR REPLACE FUNCTION public.keep_unstored(batch jsonb, raws bytea)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  insert into ledger (account_id, id, inbox_id, channel, kind, outcome, reason, external_id, raw, raw_type, request_id, received_at, verified_at)
    select b.account_id, i.ledger_id, b.id, b.channel, i.kind, i.outcome, i.reason, i.external_id, substring(raws from i.raw_start + 1 for i.raw_bytes), i.raw_type, i.request_id, i.received_at, i.verified_at
    from jsonb_to_recordset(batch) as i (n integer, inbox_id uuid, ledger_id uuid, kind text, outcome text, reason text, external_id text, request_id text,
      raw_type text, raw_start integer, raw_bytes integer, received_at timestamptz, verified_at timestamptz) join inboxes b on b.id = i.inbox_id
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.known_storage_keys(keys text[])
 RETURNS TABLE(storage_key text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select distinct a.storage_key from attachments a where a.storage_key = any(keys)
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.list_account_ids(name_part text, wanted_status text, before_id uuid, most integer)
 RETURNS TABLE(id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select a.id from accounts a
  where (name_part is null or position(lower(name_part) in lower(a.name)) > 0)
    and (wanted_status is null or a.status = wanted_status) and (before_id is null or a.id < before_id)
  order by a.id desc limit most
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.list_demo_accounts()
 RETURNS TABLE(id uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select id from accounts where is_demo $function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.read_announcements(seen pg_snapshot, upto pg_snapshot, after bigint, rows_max integer)
 RETURNS TABLE(id bigint, account_id uuid, changes jsonb)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  select a.id, a.account_id, a.changes from announcements a
  where a.xid >= pg_snapshot_xmin(seen) and not pg_visible_in_snapshot(a.xid, seen) and pg_visible_in_snapshot(a.xid, upto) and a.id > after
  order by a.id limit rows_max
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.receive_messages(batch jsonb, raws bytea)
 RETURNS TABLE(n integer, outcome text, account_id uuid, conversation_id uuid, message_id uuid, checksum text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  items inbound_item[];
  fresh inbound_item[];
  again inbound_item[];
  numbers integer[];
  won_count integer;
begin
  select array_agg(row(i.n, i.inbox_id, i.ledger_id, i.kind, i.external_id, i.request_id, i.raw_type, i.received_at, i.verified_at, i.key, i.moving, i.checksum,
      i.identity_kind, i.identity_value, i.identity_id, i.contact_id, i.name, i.conversation_id, coalesce(i.thread_key, ''), i.subject, b.reopen_days,
      i.message_id, i.type, i.text, i.meta, i.sent_at, i.others, i.files, i.raw_start, i.raw_bytes, b.account_id, b.channel, 0)::inbound_item order by i.n)
    into items from jsonb_populate_recordset(null::inbound_item, batch) i join inboxes b on b.id = i.inbox_id;

  -- Dedup: one upsert decides; equal keys within the batch were folded before the call.
  with won as (
    insert into dedup as d (account_id, inbox_id, key, moving, checksum, message_id, seen_at)
      select i.account_id, i.inbox_id, i.key, i.moving, i.checksum, i.message_id, now() from unnest(items) i order by i.account_id, i.inbox_id, i.key
      on conflict (account_id, inbox_id, key) do update set seen_at = excluded.seen_at, message_id = excluded.message_id, checksum = excluded.checksum
        where d.moving and d.seen_at < now() - interval '24 hours'
      returning d.message_id)
  select array_agg(i order by i.n) into fresh from unnest(items) i join won using (message_id);
  fresh := coalesce(fresh, '{}');
  won_count := cardinality(fresh);

  -- Identity and contact: the identity's unique key decides who is new.
  with candidates as (
    select distinct on (i.account_id, i.identity_kind, i.identity_value) i.* from unnest(fresh) i
    where not exists (select from identities k where k.account_id = i.account_id and k.kind = i.identity_kind and k.value = i.identity_value)
    order by i.account_id, i.identity_kind, i.identity_value, i.n),
  made as (
    insert into identities (account_id, id, contact_id, kind, value)
      select c.account_id, c.identity_id, c.contact_id, c.identity_kind, c.identity_value from candidates c order by c.account_id, c.identity_kind, c.identity_value
      on conflict (account_id, kind, value) do nothing returning account_id, contact_id)
  insert into contacts (account_id, id, name) select c.account_id, c.contact_id, c.name from candidates c join made using (account_id, contact_id);

  select array_agg(row(i.n, i.inbox_id, i.ledger_id, i.kind, i.external_id, i.request_id, i.raw_type, i.received_at, i.verified_at, i.key, i.moving, i.checksum,
      i.identity_kind, i.identity_value, k.id, k.contact_id, i.name, i.conversation_id, i.thread_key, i.subject, i.reopen_days,
      i.message_id, i.type, i.text, i.meta, i.sent_at, i.others, i.files, i.raw_start, i.raw_bytes, i.account_id, i.channel, 0)::inbound_item order by i.n)
    into fresh from unnest(fresh) i join identities k on k.account_id = i.account_id and k.kind = i.identity_kind and k.value = i.identity_value;
  fresh := coalesce(fresh, '{}');

  -- Conversation: the open one of the thread, else the last one closed within the inbox's window, else a new one. The window runs from
  -- the closing: what lay still for weeks and was closed today is still the same matter tomorrow.
  insert into conversations (account_id, id, inbox_id, contact_id, identity_id, channel, thread_key, subject, last_activity_at)
    select distinct on (i.account_id, i.inbox_id, i.contact_id, i.thread_key)
      i.account_id, i.conversation_id, i.inbox_id, i.contact_id, i.identity_id, i.channel, i.thread_key, i.subject, i.sent_at
    from unnest(fresh) i
    where not exists (select from conversations c where c.account_id = i.account_id and c.inbox_id = i.inbox_id and c.contact_id = i.contact_id
      and c.thread_key = i.thread_key and (c.status <> 'closed' or greatest(c.closed_at, c.last_activity_at) > now() - make_interval(days => i.reopen_days)))
    order by i.account_id, i.inbox_id, i.contact_id, i.thread_key, i.n
    on conflict (account_id, inbox_id, contact_id, thread_key) where status <> 'closed' do nothing;

  select array_agg(row(i.n, i.inbox_id, i.ledger_id, i.kind, i.external_id, i.request_id, i.raw_type, i.received_at, i.verified_at, i.key, i.moving, i.checksum,
      i.identity_kind, i.identity_value, i.identity_id, i.contact_id, i.name, i.conversation_id, i.thread_key, i.subject, i.reopen_days,
      i.message_id, i.type, i.text, i.meta, i.sent_at, i.others, i.files, i.raw_start, i.raw_bytes, i.account_id, i.channel, i.place)::inbound_item order by i.n)
    into fresh from (
      select f.n, f.inbox_id, f.ledger_id, f.kind, f.external_id, f.request_id, f.raw_type, f.received_at, f.verified_at, f.key, f.moving, f.checksum,
        f.identity_kind, f.identity_value, f.identity_id, f.contact_id, f.name, c.id as conversation_id, f.thread_key, f.subject, f.reopen_days,
        f.message_id, f.type, f.text, f.meta, f.sent_at, f.others, f.files, f.raw_start, f.raw_bytes, f.account_id, f.channel,
        row_number() over (partition by c.id order by f.n)::integer as place
      from unnest(fresh) f cross join lateral (
        select c.id from conversations c where c.account_id = f.account_id and c.inbox_id = f.inbox_id and c.contact_id = f.contact_id and c.thread_key = f.thread_key
        order by (c.status <> 'closed') desc, greatest(c.closed_at, c.last_activity_at) desc limit 1) c) i;
  fresh := coalesce(fresh, '{}');

  perform from conversations c where (c.account_id, c.id) in (select i.account_id, i.conversation_id from unnest(fresh) i)
    order by c.account_id, c.id for update;
  -- Whoever removes a contact or a conversation at this moment must not make a duplicate of a message that nobody has.
  if cardinality(fresh) < won_count then
    raise exception 'a contact or conversation went away' using errcode = 'serialization_failure';
  end if;

  with counted as (
    select i.account_id, i.conversation_id, count(*) as grown, max(i.sent_at) as sent_at, (array_agg(i.message_id order by i.n desc))[1] as last_id,
      (array_agg(i.identity_id order by i.n desc))[1] as identity_id
    from unnest(fresh) i group by 1, 2),
  moved as (
    update conversations c set seq = c.seq + g.grown, last_message_id = g.last_id, last_message_seq = c.seq + g.grown, last_inbound_seq = c.seq + g.grown,
      last_inbound_at = greatest(c.last_inbound_at, g.sent_at), last_activity_at = greatest(c.last_activity_at, g.sent_at),
      identity_id = g.identity_id, status = 'open', snoozed_until = null, closed_at = null
    from counted g where c.account_id = g.account_id and c.id = g.conversation_id
    returning c.account_id, c.id, c.seq - g.grown as base)
  insert into messages (account_id, id, conversation_id, seq, change_seq, direction, type, text, subject, status, external_id, meta, sent_at)
    select i.account_id, i.message_id, i.conversation_id, m.base + i.place, m.base + i.place, 'in', i.type, i.text, i.subject, 'received', i.external_id, i.meta, i.sent_at
    from moved m join unnest(fresh) i on i.account_id = m.account_id and i.conversation_id = m.id;

  -- What few items carry: further addresses of the sender, files already on disk.
  if exists (select from unnest(fresh) i where i.others is not null) then
    insert into identities (account_id, id, contact_id, kind, value)
      select distinct on (i.account_id, o.kind, o.value) i.account_id, o.id, i.contact_id, o.kind, o.value
      from unnest(fresh) i cross join lateral jsonb_to_recordset(i.others) as o (id uuid, kind text, value text) order by i.account_id, o.kind, o.value
      on conflict (account_id, kind, value) do nothing;
  end if;
  if exists (select from unnest(fresh) i where i.files is not null) then
    insert into attachments (account_id, id, message_id, filename, content_type, size, sha256, storage_key)
      select i.account_id, f.id, i.message_id, f.filename, f.content_type, f.size, decode(f.sha256, 'hex'), f.storage_key
      from unnest(fresh) i cross join lateral jsonb_to_recordset(i.files) as f (id uuid, filename text, content_type text, size bigint, sha256 text, storage_key text);
  end if;

  numbers := array(select i.n from unnest(fresh) i);
  again := array(select i from unnest(items) i where i.n <> all (numbers));
  insert into ledger (account_id, id, inbox_id, channel, kind, outcome, external_id, message_id, raw, raw_type, request_id, received_at, verified_at)
    select i.account_id, i.ledger_id, i.inbox_id, i.channel, i.kind, 'stored', i.external_id, i.message_id,
      substring(raws from i.raw_start + 1 for i.raw_bytes), i.raw_type, i.request_id, i.received_at, i.verified_at
    from unnest(fresh) i
    union all
    select i.account_id, i.ledger_id, i.inbox_id, i.channel, i.kind, 'duplicate', i.external_id, d.message_id,
      substring(raws from i.raw_start + 1 for i.raw_bytes), i.raw_type, i.request_id, i.received_at, i.verified_at
    from unnest(again) i join dedup d on d.account_id = i.account_id and d.inbox_id = i.inbox_id and d.key = i.key;

  -- One job and one announcement per account and batch.
  insert into jobs (account_id, kind, lane, payload)
    select i.account_id, 'enrich', 'inbound', jsonb_build_object('messageIds', jsonb_agg(i.message_id order by i.n)) from unnest(fresh) i group by i.account_id;
  insert into announcements (account_id, changes)
    select i.account_id, jsonb_agg(jsonb_build_object('type', 'message:new', 'conversationId', i.conversation_id, 'messageId', i.message_id) order by i.n)
    from unnest(fresh) i group by i.account_id;

  return query
    select i.n, 'stored', i.account_id, i.conversation_id, i.message_id, i.checksum from unnest(fresh) i
    union all
    select i.n, 'duplicate', i.account_id, null::uuid, d.message_id, d.checksum
    from unnest(again) i join dedup d on d.account_id = i.account_id and d.inbox_id = i.inbox_id and d.key = i.key;
end $function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.receive_statuses(batch jsonb, raws bytea)
 RETURNS TABLE(n integer, outcome text, account_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  -- A status that carries our own reference joins the provider's id to the message, even when the answer to the call was lost.
  insert into provider_messages as p (account_id, inbox_id, external_id, message_id, status, status_at, error)
    select distinct on (b.account_id, b.id, i.external_id) b.account_id, b.id, i.external_id, r.id, i.status, i.status_at, i.error
    from jsonb_populate_recordset(null::status_item, batch) i join inboxes b on b.id = i.inbox_id
    left join lateral (
      select m.id from messages m join conversations c on c.account_id = m.account_id and c.id = m.conversation_id
      where m.account_id = b.account_id and m.id = i.message_ref and m.direction = 'out' and c.inbox_id = b.id) r on true
    order by b.account_id, b.id, i.external_id, status_rank(i.status) desc
    on conflict (account_id, inbox_id, external_id) do update set
      message_id = coalesce(p.message_id, excluded.message_id),
      status = case when status_rank(excluded.status) > status_rank(p.status) then excluded.status else p.status end,
      status_at = case when status_rank(excluded.status) > status_rank(p.status) then excluded.status_at else p.status_at end,
      error = coalesce(excluded.error, p.error);

  perform settle_statuses(array(
    select distinct p.message_id from jsonb_populate_recordset(null::status_item, batch) i join inboxes b on b.id = i.inbox_id
    join provider_messages p on p.account_id = b.account_id and p.inbox_id = b.id and p.external_id = i.external_id where p.message_id is not null));

  return query
    with kept as (
      insert into ledger (account_id, id, inbox_id, channel, kind, outcome, external_id, message_id, raw, raw_type, request_id, received_at, verified_at)
        select b.account_id, i.ledger_id, b.id, b.channel, 'status', 'stored', i.external_id, p.message_id, substring(raws from i.raw_start + 1 for i.raw_bytes), i.raw_type, i.request_id, i.received_at, i.verified_at
        from jsonb_populate_recordset(null::status_item, batch) i join inboxes b on b.id = i.inbox_id
        join provider_messages p on p.account_id = b.account_id and p.inbox_id = b.id and p.external_id = i.external_id
      returning id, account_id)
    select i.n, 'stored'::text, k.account_id from kept k join jsonb_populate_recordset(null::status_item, batch) i on i.ledger_id = k.id;
end $function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.settle_statuses(message_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
#variable_conflict use_column
begin
  perform from conversations c where (c.account_id, c.id) in (select m.account_id, m.conversation_id from messages m where m.id = any(message_ids) and
      (m.account_id, m.id) in (select p.account_id, p.message_id from provider_messages p where p.message_id = any(message_ids)))
    order by c.account_id, c.id for update;

  with furthest as (
    select distinct on (m.account_id, m.id) m.account_id, m.id, m.conversation_id, m.seq, p.status, p.error
    from provider_messages p join messages m on m.account_id = p.account_id and m.id = p.message_id
    where p.message_id = any(message_ids) and status_rank(p.status) > status_rank(m.status) and not (p.superseded and p.status = 'failed')
    order by m.account_id, m.id, status_rank(p.status) desc),
  due as (
    select f.*, row_number() over (partition by f.account_id, f.conversation_id order by f.seq) as place,
      count(*) over (partition by f.account_id, f.conversation_id) as grown
    from furthest f),
  moved as (
    update conversations c set seq = c.seq + d.grown from (select distinct account_id, conversation_id, grown from due) d
    where c.account_id = d.account_id and c.id = d.conversation_id returning c.account_id, c.id, c.seq - d.grown as base),
  raised as (
    update messages m set status = d.status, error = case when d.status = 'failed' then coalesce(d.error, m.error) end, change_seq = v.base + d.place
    from due d join moved v on v.account_id = d.account_id and v.id = d.conversation_id
    where m.account_id = d.account_id and m.id = d.id returning m.account_id, m.id, m.conversation_id, m.status)
  insert into announcements (account_id, changes)
    select r.account_id, jsonb_agg(jsonb_build_object('type', 'message:status', 'conversationId', r.conversation_id, 'messageId', r.id, 'status', r.status))
    from raised r group by r.account_id;
end $function$
;
-- owner guichet_lookup

CREATE OR REPLACE FUNCTION public.status_rank(status text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select case status when 'scheduled' then 0 when 'queued' then 1 when 'sending' then 2 when 'uncertain' then 3
    when 'sent' then 4 when 'failed' then 5 when 'delivered' then 6 when 'read' then 7 when 'played' then 8 else 0 end
$function$
;
-- owner the migrations
-- grant execute to public

CREATE OR REPLACE FUNCTION public.sweep_api_keys()
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare deleted bigint;
begin
  update api_keys k set previous_secret_hash = null, previous_signing_secret_sealed = null, previous_expires_at = null where k.previous_expires_at <= now();
  delete from api_keys k where least(k.revoked_at, k.expires_at) < now() - interval '90 days';
  get diagnostics deleted = row_count;
  return deleted;
end $function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.sweep_line()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with a as (delete from announcements where created_at < now() - interval '10 minutes' returning 1),
  d as (delete from dedup where moving and seen_at < now() - interval '25 hours' returning 1),
  p as (delete from provider_messages where message_id is null and created_at < now() - interval '7 days' returning 1)
  select (select count(*) from a) + (select count(*) from d) + (select count(*) from p)
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.sweep_presence()
 RETURNS bigint
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
  with gone as (delete from presence where seen_at < now() - interval '2 minutes' returning account_id, user_id, viewing),
  told as (
    insert into announcements (account_id, changes)
      select g.account_id, jsonb_build_array(jsonb_build_object('type', 'presence:update', 'userId', g.user_id)) from gone g
      union all
      select g.account_id, jsonb_agg(jsonb_build_object('type', 'viewing', 'conversationId', v.id)) from gone g, unnest(g.viewing) as v (id) group by g.account_id
    returning 1)
  select count(*) from gone
$function$
;
-- owner guichet_lookup
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.take_slot(slot_key text, slots integer, window_ms bigint)
 RETURNS TABLE(taken boolean, used integer, retry_after_ms bigint)
 LANGUAGE plpgsql
AS $function$
declare
  now_ms bigint := floor(extract(epoch from clock_timestamp()) * 1000);
  width bigint := greatest(1, window_ms / 60);
  current_bucket bigint := now_ms / width;
  known limit_windows;
  shifted integer[];
  total integer;
  oldest integer;
begin
  insert into limit_windows (key, bucket, counts) values (slot_key, current_bucket, array_fill(0, array[61])) on conflict (key) do nothing;
  select * into known from limit_windows l where l.key = slot_key for update;
  -- A clock that went back counts into the newest bucket.
  current_bucket := greatest(current_bucket, known.bucket);
  if current_bucket - known.bucket >= 61 then shifted := array_fill(0, array[61]);
  elsif current_bucket = known.bucket then shifted := known.counts;
  else shifted := known.counts[1 + (current_bucket - known.bucket)::integer : 61] || array_fill(0, array[(current_bucket - known.bucket)::integer]);
  end if;
  select coalesce(sum(c), 0), min(n) filter (where c > 0) into total, oldest from unnest(shifted) with ordinality as u (c, n);
  if total < slots then
    shifted[61] := shifted[61] + 1;
    update limit_windows l set bucket = current_bucket, counts = shifted, touched_at = clock_timestamp() where l.key = slot_key;
    return query select true, total + 1, 0::bigint;
  else
    -- The oldest uses leave when their bucket falls out of the window.
    return query select false, total, greatest(1000, (current_bucket - (61 - coalesce(oldest, 61)) + 61) * width - now_ms);
  end if;
end $function$
;
-- owner the migrations
-- grant execute to guichet_app

CREATE OR REPLACE FUNCTION public.take_slots(slot_keys text[], slots integer[], windows_ms bigint[], wanted integer, is_durable boolean)
 RETURNS TABLE(taken integer, used integer, retry_after_ms bigint, reset_ms bigint)
 LANGUAGE plpgsql
AS $function$
declare
  size integer := cardinality(slot_keys);
  known limit_windows[] := array_fill(null::limit_windows, array[size]);
  window_row limit_windows;
  position integer;
  now_ms bigint;
  width bigint;
  step bigint;
  shifted integer[];
  total integer;
  oldest bigint;
  enough bigint;
  totals integer[] := array_fill(0, array[size]);
  waits bigint[] := array_fill(0::bigint, array[size]);
  resets bigint[] := array_fill(0::bigint, array[size]);
  granted integer := wanted;
begin
  -- Losing the last uses in a crash of the machine is nothing where the limit spares us work; guesses are kept.
  if not is_durable then perform set_config('synchronous_commit', 'off', true); end if;

  for position in select u.n::integer from unnest(slot_keys) with ordinality as u (k, n) order by u.k loop
    select * into window_row from limit_windows l where l.key = slot_keys[position] for update;
    if not found then
      insert into limit_windows (key, bucket, counts) values (slot_keys[position], 0, array_fill(0, array[61])) on conflict (key) do nothing;
      select * into window_row from limit_windows l where l.key = slot_keys[position] for update;
    end if;
    known[position] := window_row;
  end loop;

  now_ms := floor(extract(epoch from clock_timestamp()) * 1000);
  for position in 1 .. size loop
    width := greatest(1, windows_ms[position] / 60);
    window_row := known[position];
    -- A clock that went back counts into the newest bucket.
    step := greatest(now_ms / width - window_row.bucket, 0);
    if step >= 61 then shifted := array_fill(0, array[61]);
    elsif step = 0 then shifted := window_row.counts;
    else shifted := window_row.counts[1 + step::integer : 61] || array_fill(0, array[step::integer]);
    end if;
    window_row.bucket := window_row.bucket + step;
    window_row.counts := shifted;
    known[position] := window_row;
    select coalesce(sum(u.c), 0) into total from unnest(shifted) as u (c);
    totals[position] := total;
    granted := least(granted, greatest(0, slots[position] - total));
  end loop;

  for position in 1 .. size loop
    width := greatest(1, windows_ms[position] / 60);
    window_row := known[position];
    window_row.counts[61] := window_row.counts[61] + granted;
    totals[position] := totals[position] + granted;
    select coalesce(min(u.n) filter (where u.c > 0), 61) into oldest from unnest(window_row.counts) with ordinality as u (c, n);
    resets[position] := greatest(0, (window_row.bucket + oldest) * width - now_ms);
    if granted < wanted and totals[position] >= slots[position] then
      -- Uses leave by buckets, the oldest first, until one slot is free: at once enough, however far beyond the limit it is.
      select min(rest.n) into enough from (
        select u.n, totals[position] - sum(u.c) over (order by u.n) as left_over from unnest(window_row.counts) with ordinality as u (c, n)) as rest
      where rest.left_over < slots[position] or rest.n = 61;
      waits[position] := greatest(1000, (window_row.bucket + enough) * width - now_ms);
    end if;
    if granted > 0 then
      update limit_windows l set bucket = window_row.bucket, counts = window_row.counts,
        touched_at = case when l.touched_at < clock_timestamp() - interval '10 minutes' then clock_timestamp() else l.touched_at end
      where l.key = slot_keys[position];
    end if;
  end loop;
  return query select granted, u.* from unnest(totals, waits, resets) as u;
end $function$
;
-- owner the migrations
-- grant execute to guichet_app
