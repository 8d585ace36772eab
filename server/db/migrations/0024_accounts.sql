-- Accounts from above: what a superadmin lists, modules that exist, and keys that end.

alter table accounts add constraint accounts_modules
  check (modules <@ array['inbox', 'crm', 'automation', 'analytics', 'alerts', 'calendar', 'integrations']);
create index users_superadmin on users (id) where is_superadmin;

-- A key for the installation counts as such only while whoever made it is a superadmin.
drop function find_api_key(text);
create function find_api_key(key_prefix text)
returns table (account_id uuid, id uuid, secret_hash bytea, signing_secret_sealed bytea, permissions text[], expires_at timestamptz, revoked_at timestamptz,
  account_status text, trial_ends_at timestamptz, tier text, modules text[], previous_secret_hash bytea, previous_signing_secret_sealed bytea,
  previous_expires_at timestamptz, per_hour integer, per_minute integer, is_superadmin boolean)
language sql stable as $$
  select k.account_id, k.id, k.secret_hash, k.signing_secret_sealed, k.permissions, k.expires_at, k.revoked_at,
    a.status, a.trial_ends_at, a.tier, a.modules, k.previous_secret_hash, k.previous_signing_secret_sealed, k.previous_expires_at, k.per_hour, k.per_minute,
    k.is_superadmin and coalesce(u.is_superadmin, false)
  from api_keys k join accounts a on a.id = k.account_id left join users u on u.id = k.created_by where k.prefix = key_prefix
$$;

-- A page of the installation's accounts, the newest first: ids only, each is then read under its own row level security.
create function list_account_ids(name_part text, wanted_status text, before_id uuid, most integer) returns table (id uuid) language sql stable as $$
  select a.id from accounts a
  where (name_part is null or position(lower(name_part) in lower(a.name)) > 0)
    and (wanted_status is null or a.status = wanted_status) and (before_id is null or a.id < before_id)
  order by a.id desc limit most
$$;

-- Forgets secrets whose overlap is over, and keys that ended three months ago. Returns how many keys it deleted.
create function sweep_api_keys() returns bigint language plpgsql as $$
declare deleted bigint;
begin
  update api_keys k set previous_secret_hash = null, previous_signing_secret_sealed = null, previous_expires_at = null where k.previous_expires_at <= now();
  delete from api_keys k where least(k.revoked_at, k.expires_at) < now() - interval '90 days';
  get diagnostics deleted = row_count;
  return deleted;
end $$;
grant update (previous_secret_hash, previous_signing_secret_sealed, previous_expires_at), delete on api_keys to guichet_lookup;

grant create on schema public to guichet_lookup;
do $$
declare listed text;
begin
  foreach listed in array array['find_api_key(text)', 'list_account_ids(text, text, uuid, integer)', 'sweep_api_keys()'] loop
    execute format('alter function %s security definer set search_path = public, pg_temp', listed);
    execute format('revoke all on function %s from public', listed);
    execute format('grant execute on function %s to guichet_app', listed);
    execute format('alter function %s owner to guichet_lookup', listed);
  end loop;
end $$;
revoke create on schema public from guichet_lookup;
