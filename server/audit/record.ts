import { createHash, createHmac } from 'node:crypto';
import type { Tx } from '../db/pool.ts';
import type { Actor } from './actor.ts';
import { insertEntry, lockHead, updateHead } from './queries.ts';

export interface AuditEntry {
  /** Noun and verb: `inbox.created`, `member.role_changed`. */
  action: string;
  subject?: { type: string; id: string };
  /** What changed, without secrets and without what customers wrote. */
  details?: Record<string, unknown>;
}

/**
 * Writes one entry at the end of the account's chain, in the caller's transaction. The head's row lock puts writers in
 * line until they commit, so it is taken last: after every other lock of the transaction, whichever they are.
 */
export async function recordAudit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> {
  const head = await lockHead(tx);
  const seq = head.seq + 1;
  const at = new Date();
  const record = JSON.stringify({
    accountId: tx.accountId,
    seq,
    at: at.toISOString(),
    actor: { type: actor.type, id: actor.id, ip: actor.ip },
    requestId: actor.requestId,
    action: entry.action,
    subject: entry.subject ?? null,
    details: entry.details ?? {},
  });
  const hash = chainHash(head.hash, record);
  const mac = createHmac('sha256', actor.chainKey).update(hash).digest();
  await insertEntry(tx, {
    seq,
    at,
    actorType: actor.type,
    actorId: actor.id,
    action: entry.action,
    subjectType: entry.subject?.type ?? null,
    subjectId: entry.subject?.id ?? null,
    record,
    hash,
    mac,
  });
  await updateHead(tx, { seq, hash, mac });
}

/** SHA-256 of the hash before and the record: what ties an entry to all before it. */
export function chainHash(previous: Buffer, record: string): Buffer {
  return createHash('sha256').update(previous).update(record).digest();
}
