-- Who may do what: custom roles, teams, invitations, second factors, passkeys, identities of other providers,
-- one-time tokens, tiers and modules of accounts, keys that rotate, and the audit chain.

alter table accounts
  add column trial_ends_at timestamptz,
  add column modules text[] not null default array['inbox', 'crm', 'automation', 'analytics', 'alerts', 'calendar', 'integrations'],
  add constraint accounts_trial_ends check (status <> 'trial' or trial_ends_at is not null);
comment on column accounts.trial_ends_at is 'From then on a trial is read-only; computed at each request, no job has to run.';

alter table users
  add column is_superadmin boolean not null default false,
  add column email_verified_at timestamptz,
  add column preferences jsonb not null default '{}',
  add column totp_sealed bytea,
  add column totp_confirmed_at timestamptz,
  add column totp_last_step bigint;
comment on column users.totp_sealed is 'Counts only from totp_confirmed_at on; totp_last_step keeps a code from being used twice.';

alter table sessions
  add column method text not null default 'password' check (method in ('password', 'magic_link', 'oidc', 'passkey', 'invitation', 'setup')),
  add column confirmed_at timestamptz not null default now();
comment on column sessions.confirmed_at is 'When the person last proved who they are; sensitive changes ask for a recent proof.';

create table one_time_tokens (
  id uuid primary key,
  purpose text not null check (purpose in ('magic_link', 'password_reset', 'email_verification', 'email_change', 'passkey_registration', 'passkey_sign_in')),
  hash bytea not null,
  user_id uuid references users (id) on delete cascade,
  email text,
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  consumed_at timestamptz
);
create index one_time_tokens_user on one_time_tokens (user_id, purpose);
create index one_time_tokens_expires on one_time_tokens (expires_at);
comment on table one_time_tokens is 'Links and challenges that work once, bound to a purpose; only their hash is kept. Not a tenant table: used before the account is known.';

create table recovery_codes (
  user_id uuid not null references users (id) on delete cascade,
  hash bytea not null,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  primary key (user_id, hash)
);
comment on table recovery_codes is 'Codes that stand in for a lost authenticator, each once; not a tenant table, they belong to a person.';

create table passkeys (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  credential_id bytea not null unique check (length(credential_id) between 1 and 1023),
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  name text not null check (length(name) between 1 and 120),
  is_backed_up boolean not null default false,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkeys_user on passkeys (user_id);
comment on table passkeys is 'A WebAuthn credential of a person; not a tenant table, found by its credential id.';

create table external_identities (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  provider text not null,
  issuer text not null check (length(issuer) between 1 and 500),
  subject text not null check (length(subject) between 1 and 500),
  email text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  unique (issuer, subject)
);
create index external_identities_user on external_identities (user_id);
comment on table external_identities is 'A person at an OpenID provider: issuer and subject, never the address. Not a tenant table.';

grant select, insert, update, delete on one_time_tokens, recovery_codes, passkeys, external_identities to guichet_app;

create table roles (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  description text not null default '' check (length(description) <= 500),
  permissions text[] not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id)
);
create unique index roles_name on roles (account_id, lower(name));
comment on table roles is 'A role that an account made of permissions.';

alter table members
  drop constraint members_role_check,
  add column role_id uuid,
  add column last_seen_at timestamptz,
  add constraint members_role_check check (role in ('admin', 'agent', 'viewer', 'custom')),
  add constraint members_custom_role check ((role = 'custom') = (role_id is not null)),
  add constraint members_role_id foreign key (account_id, role_id) references roles (account_id, id);

create table teams (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 120),
  name_key text not null,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, name_key)
);
comment on table teams is 'Members who share work. name_key is the name without case and accents.';

create table team_members (
  account_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (account_id, team_id, user_id),
  foreign key (account_id, team_id) references teams (account_id, id) on delete cascade,
  foreign key (account_id, user_id) references members (account_id, user_id) on delete cascade
);
create index team_members_user on team_members (account_id, user_id);
comment on table team_members is 'Who is in a team.';

alter table conversations
  add column team_id uuid,
  add constraint conversations_team foreign key (account_id, team_id) references teams (account_id, id) on delete set null (team_id);
create index conversations_team on conversations (account_id, team_id, last_activity_at desc, id desc) where team_id is not null and status <> 'closed';

create table invitations (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  email text not null check (length(email) <= 254),
  role text not null check (role in ('admin', 'agent', 'viewer', 'custom')),
  role_id uuid,
  team_ids uuid[] not null default '{}',
  invited_by uuid,
  token_id uuid not null,
  token_hash bytea not null,
  mailed_at timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (account_id, id),
  check ((role = 'custom') = (role_id is not null)),
  foreign key (account_id, role_id) references roles (account_id, id),
  foreign key (account_id, invited_by) references members (account_id, user_id) on delete set null (invited_by)
);
create unique index invitations_open on invitations (account_id, lower(email)) where accepted_at is null and revoked_at is null;
create index invitations_token on invitations (token_hash);
comment on table invitations is 'A place in the account that waits for somebody. token_id makes the link; a new one kills the old.';

alter table api_keys
  add column previous_secret_hash bytea,
  add column previous_signing_secret_sealed bytea,
  add column previous_expires_at timestamptz,
  add column rotated_at timestamptz,
  add column per_hour integer check (per_hour between 1 and 1000000),
  add column per_minute integer check (per_minute between 1 and 100000),
  add column is_superadmin boolean not null default false;
comment on column api_keys.previous_expires_at is 'Until then the secret before the last rotation works too.';

create table audit_heads (
  account_id uuid not null references accounts (id) on delete cascade,
  seq bigint not null,
  hash bytea not null,
  mac bytea not null,
  primary key (account_id)
);
comment on table audit_heads is 'The end of an account''s audit chain; its row lock puts writers in line.';

create table audit_entries (
  account_id uuid not null references accounts (id) on delete cascade,
  seq bigint not null,
  at timestamptz not null,
  actor_type text not null check (actor_type in ('member', 'api_key', 'system', 'operator', 'stranger')),
  actor_id uuid,
  action text not null check (length(action) between 1 and 80),
  subject_type text,
  subject_id uuid,
  record text not null,
  hash bytea not null,
  mac bytea not null,
  primary key (account_id, seq)
);
create index audit_entries_actor on audit_entries (account_id, actor_id, seq desc);
create index audit_entries_action on audit_entries (account_id, action, seq desc);
create index audit_entries_subject on audit_entries (account_id, subject_type, subject_id, seq desc);
comment on table audit_entries is 'What was done to settings, access and data. record is the text that was hashed; the columns beside it are for searching.';

do $$
declare tenant text;
begin
  foreach tenant in array array['roles', 'teams', 'team_members', 'invitations', 'audit_heads', 'audit_entries'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy tenant on %I to guichet_app using (account_id = nullif(current_setting(''app.account_id'', true), '''')::uuid) with check (account_id = nullif(current_setting(''app.account_id'', true), '''')::uuid)', tenant);
  end loop;
end $$;
grant select, insert, update, delete on roles, teams, team_members, invitations to guichet_app;
-- Entries are written and read, never changed.
grant select, insert on audit_entries to guichet_app;
grant select, insert, update on audit_heads to guichet_app;

create policy lookup on roles to guichet_lookup using (true) with check (true);
create policy lookup on invitations to guichet_lookup using (true) with check (true);
grant select on roles, invitations to guichet_lookup;

-- What a sign-in has to know is read before the account is: the functions say more now.
drop function find_memberships(uuid);
create function find_memberships(member_user_id uuid)
returns table (account_id uuid, account_name text, account_status text, is_demo boolean, role text, status text, role_id uuid, role_name text,
  role_permissions text[], is_superadmin boolean, trial_ends_at timestamptz, tier text, modules text[])
language sql stable as $$
  select m.account_id, a.name, a.status, a.is_demo, m.role, m.status, m.role_id, r.name, r.permissions, u.is_superadmin, a.trial_ends_at, a.tier, a.modules
  from members m join accounts a on a.id = m.account_id join users u on u.id = m.user_id
  left join roles r on r.account_id = m.account_id and r.id = m.role_id
  where m.user_id = member_user_id order by m.created_at, m.account_id
$$;

drop function find_api_key(text);
create function find_api_key(key_prefix text)
returns table (account_id uuid, id uuid, secret_hash bytea, signing_secret_sealed bytea, permissions text[], expires_at timestamptz, revoked_at timestamptz,
  account_status text, trial_ends_at timestamptz, tier text, modules text[], previous_secret_hash bytea, previous_signing_secret_sealed bytea,
  previous_expires_at timestamptz, per_hour integer, per_minute integer, is_superadmin boolean)
language sql stable as $$
  select k.account_id, k.id, k.secret_hash, k.signing_secret_sealed, k.permissions, k.expires_at, k.revoked_at,
    a.status, a.trial_ends_at, a.tier, a.modules, k.previous_secret_hash, k.previous_signing_secret_sealed, k.previous_expires_at, k.per_hour, k.per_minute, k.is_superadmin
  from api_keys k join accounts a on a.id = k.account_id where k.prefix = key_prefix
$$;

-- The account and id of an invitation that can still be accepted, by the hash of its token.
create function find_invitation(wanted_hash bytea) returns table (account_id uuid, id uuid) language sql stable as $$
  select i.account_id, i.id from invitations i
  where i.token_hash = wanted_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
$$;

grant create on schema public to guichet_lookup;
do $$
declare listed text;
begin
  foreach listed in array array['find_memberships(uuid)', 'find_api_key(text)', 'find_invitation(bytea)'] loop
    execute format('alter function %s security definer set search_path = public, pg_temp', listed);
    execute format('revoke all on function %s from public', listed);
    execute format('grant execute on function %s to guichet_app', listed);
    execute format('alter function %s owner to guichet_lookup', listed);
  end loop;
end $$;
revoke create on schema public from guichet_lookup;
