-- What was acknowledged and cannot be found in a conversation: must be 0. Counts those received since a moment, through
-- the ledger's primary key, since its ids begin with their time.
create function count_accepted_not_shown(since timestamptz) returns bigint language sql stable as $$
  select count(*) from accounts a cross join lateral (
    select from ledger l where l.account_id = a.id and l.kind = 'message' and l.outcome = 'stored'
      and l.id >= (lpad(to_hex((extract(epoch from since) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
      and not exists (select from messages m where m.account_id = l.account_id and m.id = l.message_id)) missing
$$;
alter function count_accepted_not_shown(timestamptz) security definer set search_path = public, pg_temp;
revoke all on function count_accepted_not_shown(timestamptz) from public;
grant execute on function count_accepted_not_shown(timestamptz) to guichet_app;
grant create on schema public to guichet_lookup;
alter function count_accepted_not_shown(timestamptz) owner to guichet_lookup;
revoke create on schema public from guichet_lookup;
