import type { AuditQuery } from '../../contract/audit.ts';
import type { Database, Tx } from '../db/pool.ts';

/** The end of a chain. Before the first entry it has seq 0 and an empty hash. */
export interface Head {
  seq: number;
  hash: Buffer;
  mac: Buffer;
}

/**
 * The end of the chain, locked until the transaction ends. The account's row is locked first, as the foreign key of the
 * entry would do afterwards: a removal of the account locks in this order too, so neither waits for the other in a circle.
 */
export async function lockHead(tx: Tx): Promise<Head> {
  const lock = {
    name: 'audit_head_lock',
    text: `select h.seq, h.hash, h.mac from accounts a join audit_heads h on h.account_id = a.id where a.id = $1
           for key share of a for update of h`,
    values: [tx.accountId],
  };
  let [head] = await tx.query<HeadRow>(lock);
  if (!head) {
    await tx.query({
      text: 'insert into audit_heads (account_id, seq, hash, mac) values ($1, 0, $2, $2) on conflict (account_id) do nothing',
      values: [tx.accountId, Buffer.alloc(0)],
    });
    [head] = await tx.query<HeadRow>(lock);
  }
  if (!head) throw new Error('the audit chain has no head');
  return toHead(head);
}

type HeadRow = Omit<Head, 'seq'> & { seq: string };
const toHead = (row: HeadRow): Head => ({ seq: Number(row.seq), hash: row.hash, mac: row.mac });

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

/** Writes the entry and moves the head, whose lock the transaction holds. */
export async function appendEntry(tx: Tx, entry: EntryRow, head: Head): Promise<void> {
  await tx.query({
    name: 'audit_append',
    text: `with head as (update audit_heads set seq = $2, hash = $10, mac = $12 where account_id = $1)
           insert into audit_entries (account_id, seq, at, actor_type, actor_id, action, subject_type, subject_id, record, hash, mac)
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
      head.mac,
    ],
  });
}

/** The end of the chain and the last entry there is, as one moment saw them; undefined before anything was written. */
export async function findEnd(tx: Tx): Promise<{ head: Head | undefined; lastSeq: number }> {
  const [row] = await tx.query<{ seq: string | null; hash: Buffer; mac: Buffer; last_seq: string }>({
    text: `select h.seq, h.hash, h.mac, coalesce((select max(seq) from audit_entries where account_id = $1), 0) as last_seq
           from (select $1::uuid as account_id) a left join audit_heads h on h.account_id = a.account_id`,
    values: [tx.accountId],
  });
  if (!row) throw new Error('one row was expected');
  return { head: row.seq === null ? undefined : toHead({ ...row, seq: row.seq }), lastSeq: Number(row.last_seq) };
}

/** Entries in their order, from after `seq` up to and with `until`. */
export async function listChain(tx: Tx, seq: number, until: number, limit: number): Promise<EntryRow[]> {
  const rows = await tx.query<Omit<EntryRow, 'seq'> & { seq: string }>({
    name: 'audit_chain',
    text: `select seq, at, actor_type as "actorType", actor_id as "actorId", action, subject_type as "subjectType",
             subject_id as "subjectId", record, hash, mac
           from audit_entries where account_id = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
    values: [tx.accountId, seq, until, limit],
  });
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

export interface ListedRow {
  seq: string;
  record: string;
  hash: Buffer;
  actor_name: string | null;
  subject_name: string | null;
}

/** A page of entries, the newest first; one more than asked for when there are more. Removed members keep their row, so they keep a name. */
export function listEntries(tx: Tx, filter: AuditQuery, beforeSeq: number | undefined): Promise<ListedRow[]> {
  const values: unknown[] = [tx.accountId];
  const use = (value: unknown) => `$${values.push(value)}`;
  const where = ['e.account_id = $1', ...conditions(filter, use)];
  if (beforeSeq !== undefined) where.push(`e.seq < ${use(beforeSeq)}`);
  return tx.query<ListedRow>({
    text: `with page as materialized (
             select e.seq, e.record, e.hash, e.actor_type, e.actor_id, e.subject_type, e.subject_id from audit_entries e
             where ${where.join(' and ')} order by e.seq desc limit ${use(filter.limit + 1)})
           select p.seq, p.record, p.hash, ${nameOf('p.actor_type', 'p.actor_id')} as actor_name,
             ${nameOf('p.subject_type', 'p.subject_id')} as subject_name
           from page p order by p.seq desc`,
    values,
  });
}

/** What a member, a key or an inbox is called today. */
const nameOf = (type: string, id: string) => `case
  when ${type} in ('member', 'user') then (select u.name from members m join users u on u.id = m.user_id where m.account_id = $1 and m.user_id = ${id})
  when ${type} = 'api_key' then (select k.name from api_keys k where k.account_id = $1 and k.id = ${id})
  when ${type} = 'inbox' then (select i.name from inboxes i where i.account_id = $1 and i.id = ${id}) end`;

function conditions(filter: AuditQuery, use: (value: unknown) => string): string[] {
  const where: string[] = [];
  if (filter.actorId) where.push(`e.actor_id = ${use(filter.actorId)}`);
  if (filter.action) {
    const action = use(filter.action);
    // A noun stands for all of its actions.
    where.push(filter.action.includes('.') ? `e.action = ${action}` : `starts_with(e.action, ${action} || '.')`);
  }
  if (filter.subjectType) where.push(`e.subject_type = ${use(filter.subjectType)}`);
  if (filter.subjectId) where.push(`e.subject_id = ${use(filter.subjectId)}`);
  if (filter.from) where.push(`e.at >= ${use(filter.from)}`);
  if (filter.to) where.push(`e.at < ${use(filter.to)}`);
  if (filter.q) {
    const pattern = use(`%${filter.q.replace(/[\\%_]/g, '\\$&')}%`);
    where.push(`(e.record ilike ${pattern} or e.actor_id in (
      select m.user_id from members m join users u on u.id = m.user_id where m.account_id = $1 and u.name ilike ${pattern}
      union all select k.id from api_keys k where k.account_id = $1 and k.name ilike ${pattern}))`);
  }
  return where;
}

/** The accounts of those who look after the installation, in the order in which several are locked. */
export async function listAccountsOfSuperadmins(tx: Tx): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    text: `select distinct m.account_id as id from users u cross join lateral find_memberships(u.id) m
           where u.is_superadmin and m.status = 'active' order by 1`,
  });
  return rows.map((row) => row.id);
}

/** Ids of accounts, the newest first, from before `before`. */
export async function listAccountIds(database: Pick<Database, 'query'>, before: string | null, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    text: 'select id from list_account_ids(null, null, $1, $2)',
    values: [before, limit],
  });
  return rows.map((row) => row.id);
}

export async function hasAccount(tx: Tx): Promise<boolean> {
  const rows = await tx.query({ text: 'select from accounts where id = $1', values: [tx.accountId] });
  return rows.length > 0;
}

export async function findNewest(tx: Tx, action: string): Promise<{ hash: Buffer; mac: Buffer } | undefined> {
  const [row] = await tx.query<{ hash: Buffer; mac: Buffer }>({
    text: 'select hash, mac from audit_entries where account_id = $1 and action = $2 order by seq desc limit 1',
    values: [tx.accountId, action],
  });
  return row;
}
