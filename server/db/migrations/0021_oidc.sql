-- Somebody who is invited may come by way of a provider that vouches for their address.

create index invitations_email on invitations (lower(email)) where accepted_at is null and revoked_at is null;

-- The newest invitation of an address that can still be accepted; which account it is of is not told.
create function find_invitation_for(address text) returns table (token_id uuid) language sql stable as $$
  select i.token_id from invitations i
  where lower(i.email) = address and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
  order by i.created_at desc limit 1
$$;

grant create on schema public to guichet_lookup;
alter function find_invitation_for(text) security definer set search_path = public, pg_temp;
revoke all on function find_invitation_for(text) from public;
grant execute on function find_invitation_for(text) to guichet_app;
alter function find_invitation_for(text) owner to guichet_lookup;
revoke create on schema public from guichet_lookup;
