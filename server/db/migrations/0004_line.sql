-- The line: what arrives is decided by one function in one transaction, what leaves is journalled attempt by attempt.

create table ledger (
  account_id uuid not null references accounts (id) on delete cascade,
  id uuid not null,
  inbox_id uuid not null,
  channel text not null,
  kind text not null check (kind in ('message', 'status', 'event', 'unknown')),
  outcome text not null check (outcome in ('stored', 'duplicate', 'unparsed', 'not_ours', 'ignored')),
  reason text,
  external_id text,
  message_id uuid,
  raw bytea not null,
  raw_type text not null,
  request_id text not null,
  received_at timestamptz not null,
  verified_at timestamptz not null,
  stored_at timestamptz not null default now(),
  announced_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
);
create index ledger_inbox on ledger (account_id, inbox_id, id desc);
create index ledger_stopped on ledger (account_id, id desc) where outcome in ('unparsed', 'not_ours');
comment on table ledger is 'Every inbound event as it was received, with its life line.';

create table dedup (
  account_id uuid not null,
  inbox_id uuid not null,
  key text not null,
  moving boolean not null,
  checksum text not null,
  message_id uuid not null,
  seen_at timestamptz not null,
  primary key (account_id, inbox_id, key),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade
);
create index dedup_moving on dedup (seen_at) where moving;
comment on table dedup is 'What was already received: provider ids for ever, content checksums (moving) for 24 hours.';

create table announcements (
  account_id uuid not null references accounts (id) on delete cascade,
  id bigint generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  changes jsonb not null,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
create index announcements_xid on announcements (xid);
create index announcements_created on announcements (created_at);
comment on table announcements is 'What sockets are to be told: ids and seq of committed changes, kept for ten minutes.';

create table deliveries (
  account_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  attempt integer not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text check (outcome in ('sent', 'retry', 'failed', 'uncertain')),
  error jsonb,
  primary key (account_id, id),
  unique (account_id, message_id, attempt),
  foreign key (account_id, message_id) references messages (account_id, id) on delete cascade
);
comment on table deliveries is 'One attempt to hand a message to its provider.';

create table provider_messages (
  account_id uuid not null,
  inbox_id uuid not null,
  external_id text not null,
  message_id uuid,
  status text,
  status_at timestamptz,
  error jsonb,
  -- The message was sent again since: that this attempt failed says nothing about it any more, that it arrived does.
  superseded boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (account_id, inbox_id, external_id),
  foreign key (account_id, inbox_id) references inboxes (account_id, id) on delete cascade,
  foreign key (account_id, message_id) references messages (account_id, id) on delete cascade
);
create index provider_messages_orphans on provider_messages (created_at) where message_id is null;
create index provider_messages_message on provider_messages (account_id, message_id) where message_id is not null;
comment on table provider_messages is 'The provider''s id of a message we sent. A status may come before the answer that carries the id: whoever writes the row second joins the two.';

do $$
declare tenant text;
begin
  foreach tenant in array array['ledger', 'dedup', 'announcements', 'deliveries', 'provider_messages'] loop
    execute format('alter table %I enable row level security', tenant);
    execute format('alter table %I force row level security', tenant);
    execute format('create policy tenant on %I to guichet_app using (account_id = nullif(current_setting(''app.account_id'', true), '''')::uuid) with check (account_id = nullif(current_setting(''app.account_id'', true), '''')::uuid)', tenant);
    execute format('grant select, insert, update, delete on %I to guichet_app', tenant);
  end loop;
  -- What the listed functions need across accounts, and nothing else.
  foreach tenant in array array['inboxes', 'contacts', 'identities', 'conversations', 'messages', 'attachments', 'ledger', 'dedup', 'announcements', 'provider_messages', 'api_keys', 'members', 'accounts'] loop
    execute format('create policy lookup on %I to guichet_lookup using (true) with check (true)', tenant);
  end loop;
end $$;
grant select on inboxes, endpoints, api_keys, members, accounts, users to guichet_lookup;
grant select, insert, update on contacts, identities, conversations, messages, dedup, provider_messages to guichet_lookup;
grant select, insert on ledger, announcements, attachments to guichet_lookup;
grant delete on announcements, dedup, provider_messages to guichet_lookup;
grant update (last_used_at) on api_keys to guichet_lookup;

-- A delivery status only moves forward; failed and uncertain give way to proof of arrival.
create function status_rank(status text) returns integer language sql immutable parallel safe as $$
  select case status when 'scheduled' then 0 when 'queued' then 1 when 'sending' then 2 when 'uncertain' then 3
    when 'sent' then 4 when 'failed' then 5 when 'delivered' then 6 when 'read' then 7 when 'played' then 8 else 0 end
$$;

create type inbound_item as (
  n integer, inbox_id uuid, ledger_id uuid, kind text, external_id text, request_id text, raw_type text, received_at timestamptz, verified_at timestamptz,
  key text, moving boolean, checksum text,
  identity_kind text, identity_value text, identity_id uuid, contact_id uuid, name text,
  conversation_id uuid, thread_key text, subject text, reopen_days integer,
  message_id uuid, type text, text text, meta jsonb, sent_at timestamptz, others jsonb, files jsonb,
  raw_start integer, raw_bytes integer, account_id uuid, channel text, place integer
);

-- Takes a batch of inbound messages of any accounts; the account of each is that of its inbox.
-- Locks in one order (dedup, identities, conversations, each by key), so batches queue and never deadlock.
create function receive_messages(batch jsonb, raws bytea)
returns table (n integer, outcome text, account_id uuid, conversation_id uuid, message_id uuid, checksum text)
language plpgsql as $$
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
end $$;

create type status_item as (
  n integer, inbox_id uuid, ledger_id uuid, external_id text, message_ref uuid, status text, status_at timestamptz, error jsonb,
  request_id text, raw_type text, raw_start integer, raw_bytes integer, received_at timestamptz, verified_at timestamptz
);

-- Takes a batch of delivery statuses. Order of arrival does not matter; a status that comes before the provider's answer waits in provider_messages.
create function receive_statuses(batch jsonb, raws bytea)
returns table (n integer, outcome text, account_id uuid)
language plpgsql as $$
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
end $$;

-- Raises messages to the furthest status known of them, each change under its conversation's lock and with its own seq.
create function settle_statuses(message_ids uuid[]) returns void language plpgsql as $$
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
end $$;

-- Keeps what was signed but could not become a message: nothing that was acknowledged disappears.
create function keep_unstored(batch jsonb, raws bytea) returns void language sql as $$
  insert into ledger (account_id, id, inbox_id, channel, kind, outcome, reason, external_id, raw, raw_type, request_id, received_at, verified_at)
    select b.account_id, i.ledger_id, b.id, b.channel, i.kind, i.outcome, i.reason, i.external_id, substring(raws from i.raw_start + 1 for i.raw_bytes), i.raw_type, i.request_id, i.received_at, i.verified_at
    from jsonb_to_recordset(batch) as i (n integer, inbox_id uuid, ledger_id uuid, kind text, outcome text, reason text, external_id text, request_id text,
      raw_type text, raw_start integer, raw_bytes integer, received_at timestamptz, verified_at timestamptz) join inboxes b on b.id = i.inbox_id
$$;

-- What must be found before the account is known.
create function find_endpoint(endpoint_key text)
returns table (endpoint_id uuid, account_id uuid, account_status text, inbox_id uuid, channel text, name text, route_key text, settings jsonb, secrets_sealed bytea, limits jsonb, status text)
language sql stable as $$
  select e.id, b.account_id, a.status, b.id, b.channel, b.name, b.route_key, b.settings, b.secrets_sealed, b.limits, b.status
  from endpoints e join inboxes b on b.endpoint_id = e.id join accounts a on a.id = b.account_id where e.key = endpoint_key order by b.created_at, b.id
$$;

create function find_memberships(member_user_id uuid)
returns table (account_id uuid, account_name text, account_status text, is_demo boolean, role text, status text) language sql stable as $$
  select m.account_id, a.name, a.status, a.is_demo, m.role, m.status from members m join accounts a on a.id = m.account_id
  where m.user_id = member_user_id order by m.created_at, m.account_id
$$;

create function find_api_key(key_prefix text)
returns table (account_id uuid, id uuid, secret_hash bytea, signing_secret_sealed bytea, permissions text[], expires_at timestamptz, revoked_at timestamptz, account_status text)
language sql stable as $$
  select k.account_id, k.id, k.secret_hash, k.signing_secret_sealed, k.permissions, k.expires_at, k.revoked_at, a.status
  from api_keys k join accounts a on a.id = k.account_id where k.prefix = key_prefix
$$;

create function list_demo_accounts() returns table (id uuid) language sql stable as $$ select id from accounts where is_demo $$;
create function count_accounts() returns bigint language sql stable as $$ select count(*) from accounts $$;

-- Announcements committed since a snapshot: rows of transactions that were still running then are not skipped.
create function announcements_since(since xid8)
returns table (id bigint, account_id uuid, changes jsonb, horizon xid8) language sql stable as $$
  select a.id, a.account_id, a.changes, pg_snapshot_xmin(pg_current_snapshot()) from announcements a where a.xid >= since order by a.id
$$;
create function announcement_horizon() returns xid8 language sql stable as $$ select pg_snapshot_xmin(pg_current_snapshot()) $$;

-- Housekeeping of what is kept for a while only; returns how many rows went.
create function sweep_line() returns bigint language sql as $$
  with a as (delete from announcements where created_at < now() - interval '10 minutes' returning 1),
  d as (delete from dedup where moving and seen_at < now() - interval '25 hours' returning 1),
  p as (delete from provider_messages where message_id is null and created_at < now() - interval '7 days' returning 1)
  select (select count(*) from a) + (select count(*) from d) + (select count(*) from p)
$$;

grant create on schema public to guichet_lookup;
do $$
declare listed text;
begin
  foreach listed in array array['receive_messages(jsonb, bytea)', 'receive_statuses(jsonb, bytea)', 'settle_statuses(uuid[])', 'keep_unstored(jsonb, bytea)',
    'find_endpoint(text)', 'find_memberships(uuid)', 'find_api_key(text)', 'list_demo_accounts()', 'count_accounts()', 'announcements_since(xid8)', 'announcement_horizon()', 'sweep_line()'] loop
    execute format('alter function %s security definer set search_path = public, pg_temp', listed);
    execute format('revoke all on function %s from public', listed);
    execute format('grant execute on function %s to guichet_app', listed);
    execute format('alter function %s owner to guichet_lookup', listed);
  end loop;
end $$;
revoke execute on function settle_statuses(uuid[]) from guichet_app;
revoke create on schema public from guichet_lookup;
