import type { Database, Tx } from '../db/pool.ts';
import type { JobInput, Lane } from './job.ts';

export interface ClaimedRow {
  account_id: string;
  id: string;
  kind: string;
  payload: unknown;
  attempt: number;
  spared: number;
  attempts_max: number;
}

/** Which claim of which job: only that claim may end it. */
export interface ClaimRef {
  accountId: string;
  id: string;
  attempt: number;
}

export async function insertJobs(tx: Tx, jobs: JobInput[]): Promise<void> {
  await tx.query({
    name: 'insert jobs',
    text: `insert into jobs (account_id, kind, lane, payload, unique_key, run_at, attempts_max)
           select "accountId", kind, lane, payload, "uniqueKey", coalesce("runAt", now()), coalesce("attemptsMax", 10)
           from jsonb_to_recordset($1::jsonb) as j ("accountId" uuid, kind text, lane text, payload jsonb, "uniqueKey" text, "runAt" timestamptz, "attemptsMax" integer)
           on conflict (account_id, kind, unique_key) where unique_key is not null and attempt = 0 and dead_at is null do nothing`,
    values: [JSON.stringify(jobs)],
  });
}

/**
 * Claims due jobs of a lane, shared among the accounts that have some: it walks the accounts in a ring, one index probe each,
 * from the one after `afterAccount` until enough have due jobs. Neither a long backlog nor a low id is an advantage.
 */
export function claimJobs(tx: Tx, lane: Lane, limit: number, leaseMs: number, afterAccount: string): Promise<ClaimedRow[]> {
  return tx.query<ClaimedRow>({
    name: 'claim jobs',
    text: `with recursive ring as (
             select $4::uuid as account_id, null::timestamptz as run_at, false as is_wrapped
             union all
             select n.* from ring r cross join lateral (
               (select account_id, run_at, r.is_wrapped from jobs
                where lane = $1 and dead_at is null and account_id > r.account_id
                  and account_id <= case when r.is_wrapped then $4::uuid else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end
                order by account_id, run_at limit 1)
               union all
               select '00000000-0000-0000-0000-000000000000', null, true where not r.is_wrapped
               limit 1) n),
           due as (select account_id from ring where run_at <= now() limit $2),
           share as (select ceil($2::numeric / greatest(1, count(*)))::int as size from due),
           picked as (
             select j.account_id, j.id from due d cross join share s cross join lateral (
               select account_id, id from jobs where lane = $1 and dead_at is null and account_id = d.account_id and run_at <= now()
               order by run_at limit s.size for update skip locked) j
             limit $2)
           update jobs j set run_at = now() + make_interval(secs => $3 / 1000.0), attempt = j.attempt + 1
           from picked p where j.account_id = p.account_id and j.id = p.id
           returning j.account_id, j.id, j.kind, j.payload, j.attempt, j.spared, j.attempts_max`,
    values: [lane, limit, leaseMs, afterAccount],
  });
}

/** Ends claims whose work is done. */
export async function deleteJobs(tx: Tx, claims: ClaimRef[]): Promise<void> {
  await tx.query({
    name: 'delete jobs',
    text: `delete from jobs j using unnest($1::uuid[], $2::bigint[], $3::int[]) as c (account_id, id, attempt)
           where j.account_id = c.account_id and j.id = c.id and j.attempt = c.attempt`,
    values: columns(claims),
  });
}

/** Extends leases; returns the ids that are still held. */
export async function extendLeases(tx: Tx, claims: ClaimRef[], leaseMs: number): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>({
    name: 'extend leases',
    text: `update jobs j set run_at = now() + make_interval(secs => $4 / 1000.0) from unnest($1::uuid[], $2::bigint[], $3::int[]) as c (account_id, id, attempt)
           where j.account_id = c.account_id and j.id = c.id and j.attempt = c.attempt returning j.id`,
    values: [...columns(claims), leaseMs],
  });
  return new Set(rows.map((row) => row.id));
}

/** Gives a claim back: due again after `delayMs`, or a dead letter. */
export async function returnJob(
  tx: Tx,
  claim: ClaimRef,
  end: { delayMs: number; isSpared: boolean; isDead: boolean; error: string | null },
): Promise<void> {
  await tx.query({
    name: 'return job',
    text: `update jobs set run_at = now() + make_interval(secs => $4 / 1000.0), spared = spared + $5::int, dead_at = case when $6 then now() end, last_error = coalesce($7, last_error)
           where account_id = $1 and id = $2 and attempt = $3`,
    values: [claim.accountId, claim.id, claim.attempt, end.delayMs, end.isSpared ? 1 : 0, end.isDead, end.error],
  });
}

/** Gives unfinished claims back at once, as if they had never been made. */
export async function releaseJobs(tx: Tx, claims: ClaimRef[]): Promise<void> {
  await tx.query({
    text: `update jobs j set run_at = now(), spared = spared + 1 from unnest($1::uuid[], $2::bigint[], $3::int[]) as c (account_id, id, attempt)
           where j.account_id = c.account_id and j.id = c.id and j.attempt = c.attempt`,
    values: columns(claims),
  });
}

/** Sets dead letters of an account going again; returns how many. */
export async function redriveJobs(tx: Tx, ids: string[]): Promise<number> {
  const rows = await tx.query({
    text: `update jobs set dead_at = null, run_at = now(), spared = attempt where account_id = $1 and id = any($2::bigint[]) and dead_at is not null returning id`,
    values: [tx.accountId, ids],
  });
  return rows.length;
}

/** Seconds that the oldest due job of each lane has waited: a probe for each account with jobs, however many they are. */
export async function readQueueAges(tx: Tx): Promise<{ lane: Lane; seconds: number }[]> {
  return tx.query({
    text: `with recursive heads as (
             select '' as lane, '00000000-0000-0000-0000-000000000000'::uuid as account_id, null::timestamptz as run_at
             union all
             select j.* from heads h cross join lateral (
               select lane, account_id, run_at from jobs where dead_at is null and (lane, account_id) > (h.lane, h.account_id)
               order by lane, account_id, run_at limit 1) j)
           select lane, extract(epoch from now() - min(run_at))::float8 as seconds from heads where run_at <= now() group by lane`,
  });
}

/** Tells the workers of other processes. A statement of its own: NOTIFY inside a busy transaction makes commits queue. */
export async function notifyLanes(database: Pick<Database, 'query'>, lanes: Lane[]): Promise<void> {
  await database.query({ name: 'notify lanes', text: `select pg_notify('guichet_jobs', $1)`, values: [lanes.join(' ')] });
}

/** Moves a schedule to a tick; true for the one process that did. */
export async function takeTick(tx: Tx, name: string, tick: Date): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into schedules as s (name, last_tick) values ($1, $2) on conflict (name) do update set last_tick = excluded.last_tick where s.last_tick < excluded.last_tick returning name`,
    values: [name, tick],
  });
  return rows.length > 0;
}

function columns(claims: ClaimRef[]): unknown[] {
  return [claims.map((claim) => claim.accountId), claims.map((claim) => claim.id), claims.map((claim) => claim.attempt)];
}
