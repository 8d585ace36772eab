import type { Tx } from '../db/pool.ts';

export interface Head {
  seq: number;
  hash: Buffer;
}

/** The end of the chain, locked until the transaction ends; made on the first entry. */
export async function lockHead(tx: Tx): Promise<Head> {
  await tx.query({
    name: 'audit_head_make',
    text: 'insert into audit_heads (account_id, seq, hash, mac) values ($1, 0, $2, $2) on conflict (account_id) do nothing',
    values: [tx.accountId, Buffer.alloc(0)],
  });
  const [head] = await tx.query<{ seq: string; hash: Buffer }>({
    name: 'audit_head_lock',
    text: 'select seq, hash from audit_heads where account_id = $1 for update',
    values: [tx.accountId],
  });
  if (!head) throw new Error('the audit chain has no head');
  return { seq: Number(head.seq), hash: head.hash };
}

export async function updateHead(tx: Tx, head: { seq: number; hash: Buffer; mac: Buffer }): Promise<void> {
  await tx.query({
    name: 'audit_head_move',
    text: 'update audit_heads set seq = $2, hash = $3, mac = $4 where account_id = $1',
    values: [tx.accountId, head.seq, head.hash, head.mac],
  });
}

export interface EntryRow {
  seq: number;
  at: Date;
  actorType: string;
  actorId: string | null;
  action: string;
  subjectType: string | null;
  subjectId: string | null;
  record: string;
  hash: Buffer;
  mac: Buffer;
}

export async function insertEntry(tx: Tx, entry: EntryRow): Promise<void> {
  await tx.query({
    name: 'audit_insert',
    text: `insert into audit_entries (account_id, seq, at, actor_type, actor_id, action, subject_type, subject_id, record, hash, mac)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      tx.accountId,
      entry.seq,
      entry.at,
      entry.actorType,
      entry.actorId,
      entry.action,
      entry.subjectType,
      entry.subjectId,
      entry.record,
      entry.hash,
      entry.mac,
    ],
  });
}
