import type { Database } from '../db/pool.ts';
import { findEnd, hasAccount, listAccountIds, listChain } from './queries.ts';
import { type Broken, type ChainKeys, createChainCheck } from './verify.ts';

/** What was found in one chain. */
export interface Verdict {
  accountId: string;
  /** Entries that hold, up to the first that does not. */
  entries: number;
  /** Of the last of them, hexadecimal. */
  hash: string;
  broken: Broken | undefined;
}

const pageRows = 500;
const accountsAtOnce = 200;

/** Verifies the chain of every account, one after the other, while the server writes on; needs the memory of one page. */
export async function* verifyDatabase(database: Database, keys: ChainKeys): AsyncGenerator<Verdict> {
  for (let before: string | null = null; ; ) {
    const ids: string[] = await listAccountIds(database, before, accountsAtOnce);
    for (const id of ids) yield await verifyAccount(database, id, keys);
    const last = ids.at(-1);
    if (last === undefined) return;
    before = last;
  }
}

/** Where a chain stood at another time, known from outside of the database. */
export type Anchor = Pick<Verdict, 'entries' | 'hash'>;

/** Verifies one chain up to where it ended when this began: what is written meanwhile does not disturb. */
export async function verifyAccount(database: Database, accountId: string, keys: ChainKeys, anchor?: Anchor): Promise<Verdict> {
  const check = createChainCheck(accountId, keys);
  const verdict = (broken?: Broken): Verdict => ({ accountId, entries: check.entries, hash: check.hash.toString('hex'), broken });
  const { head, lastSeq } = await database.withAccount(accountId, findEnd);
  const end = head?.seq ?? 0;
  while (check.entries < end) {
    const links = await database.withAccount(accountId, (tx) => listChain(tx, check.entries, end, pageRows));
    if (links.length === 0) break;
    for (const link of links) {
      const broken = check.next(link);
      if (broken) return verdict(broken);
    }
  }
  if (lastSeq > end) {
    const kind = head ? 'end_changed' : 'end_missing';
    return verdict({ seq: end + 1, kind, cause: `there are entries up to ${lastSeq}, beyond the end of the chain` });
  }
  return verdict((head && check.end(head)) ?? (anchor && (await findOtherChain(database, accountId, anchor))));
}

/** Whether there is such an account, with or without entries. */
export const hasChainOf = (database: Database, accountId: string): Promise<boolean> => database.withAccount(accountId, hasAccount);

/** A chain that was written anew with the right key holds in itself: only what was kept elsewhere shows that it is another one. */
async function findOtherChain(database: Database, accountId: string, { entries: seq, hash }: Anchor): Promise<Broken | undefined> {
  const [link] = await database.withAccount(accountId, (tx) => listChain(tx, seq - 1, seq, 1));
  if (link?.hash.toString('hex') === hash) return undefined;
  return { seq, kind: 'other_chain', cause: 'the chain of that export ended in another entry: this one was written anew' };
}
