-- Sliding limits that hold over several processes and over restarts.

create table limit_windows (
  key text primary key check (length(key) <= 300),
  bucket bigint not null,
  counts integer[] not null,
  touched_at timestamptz not null default now()
);
create index limit_windows_touched on limit_windows (touched_at);
comment on table limit_windows is 'Uses of a limit in the last window, in 61 buckets of a sixtieth of it; not a tenant table, the key names what is limited.';
grant select, insert, update, delete on limit_windows to guichet_app;

-- Takes one slot of a moving window when one is free. The row lock makes it exact under any number of processes:
-- never more than `slots` within any window, a use is forgotten after one window and at most a sixtieth more.
create function take_slot(slot_key text, slots integer, window_ms bigint)
returns table (taken boolean, used integer, retry_after_ms bigint)
language plpgsql as $$
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
end $$;
revoke all on function take_slot(text, integer, bigint) from public;
grant execute on function take_slot(text, integer, bigint) to guichet_app;

-- Which of these files some account still has a row for; the sweep removes the others.
create function known_storage_keys(keys text[]) returns table (storage_key text) language sql stable as $$
  select distinct a.storage_key from attachments a where a.storage_key = any(keys)
$$;
create index attachments_storage on attachments (storage_key);
grant select on attachments to guichet_lookup;
grant create on schema public to guichet_lookup;
alter function known_storage_keys(text[]) security definer set search_path = public, pg_temp;
revoke all on function known_storage_keys(text[]) from public;
grant execute on function known_storage_keys(text[]) to guichet_app;
alter function known_storage_keys(text[]) owner to guichet_lookup;
revoke create on schema public from guichet_lookup;
