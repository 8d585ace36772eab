-- Members who leave, and how an operator names an account.

-- Somebody who was removed stays as a row: what they wrote keeps its author, and the audit log somebody to name.
alter table members
  drop constraint members_status_check,
  add constraint members_status_check check (status in ('active', 'suspended', 'removed'));
comment on column members.status is 'removed: out of the account. The row stays as the author of what they wrote; an invitation brings them back.';

-- Whoever was removed has no membership to sign in with or to switch to.
create or replace function find_memberships(member_user_id uuid)
returns table (account_id uuid, account_name text, account_status text, is_demo boolean, role text, status text, role_id uuid, role_name text,
  role_permissions text[], is_superadmin boolean, trial_ends_at timestamptz, tier text, modules text[])
language sql stable security definer set search_path = public, pg_temp as $$
  select m.account_id, a.name, a.status, a.is_demo, m.role, m.status, m.role_id, r.name, r.permissions, u.is_superadmin, a.trial_ends_at, a.tier, a.modules
  from members m join accounts a on a.id = m.account_id join users u on u.id = m.user_id
  left join roles r on r.account_id = m.account_id and r.id = m.role_id
  where m.user_id = member_user_id and m.status <> 'removed' order by m.created_at, m.account_id
$$;

-- The accounts that have this name: operators do not know ids.
create function find_accounts_named(wanted text) returns table (id uuid) language sql stable as $$
  select a.id from accounts a where lower(a.name) = lower(wanted) order by a.id
$$;

grant create on schema public to guichet_lookup;
alter function find_accounts_named(text) security definer set search_path = public, pg_temp;
revoke all on function find_accounts_named(text) from public;
grant execute on function find_accounts_named(text) to guichet_app;
alter function find_accounts_named(text) owner to guichet_lookup;
revoke create on schema public from guichet_lookup;
