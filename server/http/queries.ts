import type { Tx } from '../db/pool.ts';

interface Slot {
  principalId: string;
  route: string;
  key: string;
}

/** Held until the transaction ends; false when another request of this key is running. */
export async function tryLock(tx: Tx, slot: Slot): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>({
    name: 'idempotency_lock',
    text: 'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked',
    values: [JSON.stringify([tx.accountId, slot.principalId, slot.route, slot.key])],
  });
  return row?.locked ?? false;
}

export async function findKept(tx: Tx, slot: Slot): Promise<{ body_hash: Buffer; status: number; answer: string | null } | undefined> {
  const [row] = await tx.query<{ body_hash: Buffer; status: number; answer: string | null }>({
    name: 'idempotency_find',
    text: `select body_hash, status, answer from idempotency_keys
           where account_id = $1 and principal_id = $2 and route = $3 and key = $4 and created_at > now() - interval '24 hours'`,
    values: [tx.accountId, slot.principalId, slot.route, slot.key],
  });
  return row;
}

/** The status of a key whose request has no answer yet. */
export const claimed = 0;

/** Takes a key for a request that is about to run; false where one has run or runs. A claim that got old belongs to nobody. */
export async function claim(tx: Tx, slot: Slot, bodyHash: Buffer, claimSeconds: number): Promise<boolean> {
  const rows = await tx.query({
    name: 'idempotency_claim',
    text: `insert into idempotency_keys as k (account_id, principal_id, route, key, body_hash, status) values ($1, $2, $3, $4, $5, ${claimed})
           on conflict (account_id, principal_id, route, key) do update set body_hash = excluded.body_hash, status = ${claimed}, answer = null, created_at = now()
             where k.created_at < now() - interval '24 hours' or (k.status = ${claimed} and k.created_at < now() - make_interval(secs => $6))
           returning key`,
    values: [tx.accountId, slot.principalId, slot.route, slot.key, bodyHash, claimSeconds],
  });
  return rows.length > 0;
}

/** Nothing was done: the same request may come again. */
export async function giveBackClaim(tx: Tx, slot: Slot): Promise<void> {
  await tx.query({
    name: 'idempotency_give_back',
    text: `delete from idempotency_keys where account_id = $1 and principal_id = $2 and route = $3 and key = $4 and status = ${claimed}`,
    values: [tx.accountId, slot.principalId, slot.route, slot.key],
  });
}

/** Keeps an answer and lets a few expired ones go, so that the table stays the size of a day. */
export async function keep(tx: Tx, slot: Slot, bodyHash: Buffer, status: number, answer: string | null): Promise<void> {
  await tx.query({
    name: 'idempotency_keep',
    text: `with expired as (
             delete from idempotency_keys where account_id = $1 and (principal_id, route, key) in (
               select principal_id, route, key from idempotency_keys
               where account_id = $1 and created_at < now() - interval '24 hours' and (principal_id, route, key) <> ($2, $3, $4)
               order by created_at limit 20 for update skip locked))
           insert into idempotency_keys (account_id, principal_id, route, key, body_hash, status, answer) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (account_id, principal_id, route, key) do update
             set body_hash = excluded.body_hash, status = excluded.status, answer = excluded.answer, created_at = now()`,
    values: [tx.accountId, slot.principalId, slot.route, slot.key, bodyHash, status, answer],
  });
}
