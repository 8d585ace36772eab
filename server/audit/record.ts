import type { Tx } from '../db/pool.ts';
import type { Actor } from './actor.ts';
import { canonicalJson, chainHash, entryMac, headMac } from './chain.ts';
import { networkOf, withoutPersonalData } from './privacy.ts';
import { appendEntry, type Head, lockHead } from './queries.ts';

export interface AuditEntry {
  /** Noun and verb: `inbox.created`, `member.role_changed`. */
  action: string;
  subject?: { type: string; id: string };
  /** What changed, without secrets and without what customers wrote. Addresses are masked. */
  details?: Record<string, unknown>;
}

/**
 * Writes one entry at the end of the account's chain, in the caller's transaction: both happen or neither, and a
 * rollback leaves no gap. Returns the new end.
 *
 * Order of locks: the account's row, then its head. Writers of one account wait in line at the head until each commits,
 * so this is called last: after every other lock of the transaction, whichever they are. A transaction that writes into
 * several accounts takes them in the order of their ids.
 */
export async function recordAudit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<Head> {
  const before = await lockHead(tx);
  const seq = before.seq + 1;
  // The clock is read under the lock: places and times have one order, as far as the clocks of the processes agree.
  const at = new Date();
  const record = canonicalJson({
    accountId: tx.accountId,
    seq,
    at: at.toISOString(),
    actor: { type: actor.type, id: actor.id, network: networkOf(actor.ip) },
    requestId: actor.requestId,
    action: entry.action,
    subject: entry.subject ?? null,
    details: withoutPersonalData(entry.details ?? {}),
  });
  const hash = chainHash(before.hash, record);
  const head = { seq, hash, mac: headMac(actor.chainKey, seq, hash) };
  await appendEntry(
    tx,
    {
      seq,
      at,
      actorType: actor.type,
      actorId: actor.id,
      action: entry.action,
      subjectType: entry.subject?.type ?? null,
      subjectId: entry.subject?.id ?? null,
      record,
      hash,
      mac: entryMac(actor.chainKey, hash),
    },
    head,
  );
  return head;
}
