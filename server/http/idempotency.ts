import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Database, Tx } from '../db/pool.ts';
import type {} from './access.ts';
import { ApiError } from './errors.ts';
import { claim, claimed, findKept, giveBackClaim, keep, tryLock } from './queries.ts';

export interface Answer<Status extends number, Body> {
  status: Status;
  body: Body;
}

const keyPattern = /^[\x21-\x7e]{1,255}$/;

/**
 * Runs what a POST does in one transaction of the caller's account. With an `Idempotency-Key` the answer is stored in
 * that same transaction, so the same request again gets the same answer and does nothing; nothing survives a rollback.
 * `isSecret`: the answer holds a secret and is not kept; the same request again is told so.
 */
export function idempotent<Status extends number, Body>(
  request: FastifyRequest,
  database: Database,
  work: (tx: Tx) => Promise<Answer<Status, Body>>,
  options: { isSecret?: boolean } = {},
): Promise<Answer<Status, Body>> {
  const slot = slotOf(request);
  const { accountId } = request.principal;
  if (!slot) return database.withAccount(accountId, work);
  const bodyHash = hashOf(JSON.stringify(request.body ?? null));
  return database.withAccount(accountId, async (tx) => {
    // Trying answers at once; waiting for a unique key would hold the connection for as long as the other one works.
    if (!(await tryLock(tx, slot))) throw running();
    const kept = await findKept(tx, slot);
    if (kept) return replay<Status, Body>(kept, bodyHash);
    const answer = await work(tx);
    await keep(tx, slot, bodyHash, answer.status, options.isSecret ? null : JSON.stringify(answer.body));
    return answer;
  });
}

/**
 * The same for work that commits by itself and is once only without us. The key is claimed before it and answered after it;
 * what fails gives it back. A crash in between leaves a claim, which counts for half a minute; after that the same request
 * is told what the work says of a repetition. `raw`: the body where it was not parsed.
 */
export async function answeredOnce<Status extends number, Body>(
  request: FastifyRequest,
  database: Database,
  work: () => Promise<Answer<Status, Body>>,
  raw?: Buffer,
): Promise<Answer<Status, Body>> {
  const slot = slotOf(request);
  if (!slot) return work();
  const { accountId } = request.principal;
  const bodyHash = hashOf(raw ?? JSON.stringify(request.body ?? null));
  const kept = await database.withAccount(
    accountId,
    async (tx) => ((await claim(tx, slot, bodyHash, claimSeconds)) ? undefined : findKept(tx, slot)),
    'relaxed',
  );
  if (kept) return replay<Status, Body>(kept, bodyHash);
  const answer = await work().catch(async (error: unknown) => {
    await database.withAccount(accountId, (tx) => giveBackClaim(tx, slot), 'relaxed');
    throw error;
  });
  await database.withAccount(accountId, (tx) => keep(tx, slot, bodyHash, answer.status, JSON.stringify(answer.body)), 'relaxed');
  return answer;
}

/** Longer than any statement may take. */
const claimSeconds = 30;

const hashOf = (body: string | Buffer) => createHash('sha256').update(body).digest();
const running = () =>
  new ApiError('idempotency_running', 'A request with this Idempotency-Key is still running.', { headers: { 'retry-after': '1' } });

/** Where the answer of a request with an `Idempotency-Key` is kept. */
function slotOf(request: FastifyRequest): { principalId: string; route: string; key: string } | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !keyPattern.test(key)) {
    throw new ApiError('validation_error', 'Idempotency-Key: must be 1 to 255 visible ASCII characters.', {
      errors: [{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }],
    });
  }
  return { principalId: request.principal.id, route: routeOf(request), key };
}

function replay<Status extends number, Body>(
  kept: { body_hash: Buffer; status: number; answer: string | null },
  bodyHash: Buffer,
): Answer<Status, Body> {
  if (!kept.body_hash.equals(bodyHash)) throw new ApiError('idempotency_conflict', 'This Idempotency-Key was used with another body.');
  if (kept.status === claimed) throw running();
  if (kept.answer === null) throw new ApiError('conflict', 'This was done already; its answer held a secret and was not kept.');
  return { status: kept.status as Status, body: JSON.parse(kept.answer) as Body };
}

/** The path with its ids and without its query: the same key on another conversation is another request. */
function routeOf(request: FastifyRequest): string {
  return `${request.method} ${request.url.split('?', 1)[0]}`;
}
