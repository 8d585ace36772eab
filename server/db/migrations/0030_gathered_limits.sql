-- Calls that arrive at once are counted in one question: as many of them are taken as every window has room for.

drop function take_slots(text[], integer[], bigint[], boolean);

-- A row per window, in the order of the question. retry_after_ms: for those that were not taken, 0 where there was room.
-- reset_ms: until the oldest use leaves. Rows are locked in the order of their keys.
create function take_slots(slot_keys text[], slots integer[], windows_ms bigint[], wanted integer, is_durable boolean)
returns table (taken integer, used integer, retry_after_ms bigint, reset_ms bigint)
language plpgsql as $$
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
end $$;
revoke all on function take_slots(text[], integer[], bigint[], integer, boolean) from public;
grant execute on function take_slots(text[], integer[], bigint[], integer, boolean) to guichet_app;
