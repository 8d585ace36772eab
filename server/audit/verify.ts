import { chainHash, entryMac, headMac, isSame } from './chain.ts';
import type { EntryRow, Head } from './queries.ts';

/** What proves a chain; the columns beside the record are there when it comes from a database. */
export type Link = Pick<EntryRow, 'seq' | 'record' | 'hash' | 'mac'> & Partial<EntryRow>;

/** The first place at which a chain does not hold. */
export interface Broken {
  seq: number;
  /** A stable name of what is wrong. */
  kind:
    | 'entry_missing'
    | 'entry_changed'
    | 'entry_forged'
    | 'column_changed'
    | 'end_missing'
    | 'end_changed'
    | 'end_forged'
    | 'other_chain';
  /** The same in words. */
  cause: string;
}

/** Keys that mark entries: those of the master keys at hand first, then those that were retired, the newest first. */
export interface ChainKeys {
  current: Buffer[];
  retired: Buffer[];
}

/** Entries of this action are written under a new key: from there on the keys before it count no more. */
export const keyChanged = 'secrets.master_rotated';

export interface ChainCheck {
  /** Looks at the next entry; undefined while all holds. */
  next(link: Link): Broken | undefined;
  /** Looks at the end, after the last entry. */
  end(head: Head): Broken | undefined;
  readonly entries: number;
  /** Of the last entry that holds. */
  readonly hash: Buffer;
}

/** Follows a chain from its first entry. Without keys the hashes are checked and the marks are not. */
export function createChainCheck(accountId: string, keys: ChainKeys | undefined): ChainCheck {
  const known = keys && [...keys.current, ...keys.retired];
  let [seq, previous, usable] = [0, Buffer.alloc(0) as Buffer, known?.length ?? 0];

  function findKey(mac: Buffer, hash: Buffer): number {
    return (known ?? []).slice(0, usable).findIndex((key) => isSame(entryMac(key, hash), mac));
  }

  return {
    get entries() {
      return seq;
    },
    get hash() {
      return previous;
    },
    next(link) {
      const at = seq + 1;
      if (link.seq !== at) return { seq: at, kind: 'entry_missing', cause: `there is entry ${link.seq} in its place` };
      if (!isSame(chainHash(previous, link.record), link.hash))
        return { seq: at, kind: 'entry_changed', cause: 'its record, or what comes before it, is not what was written' };
      const content = readRecord(link.record);
      if (content?.accountId !== accountId || content.seq !== at)
        return { seq: at, kind: 'entry_changed', cause: 'its record belongs to another account or place' };
      const column = findChangedColumn(link, content);
      if (column) return { seq: at, kind: 'column_changed', cause: `its column ${column} does not say what its record says` };
      if (known) {
        const key = findKey(link.mac, link.hash);
        if (key === -1)
          return {
            seq: at,
            kind: 'entry_forged',
            cause: 'its mark was not made with the key of this installation (or this is not the key)',
          };
        if (content.action === keyChanged) usable = key + 1;
      }
      [seq, previous] = [at, link.hash];
      return undefined;
    },
    end(head) {
      if (head.seq > seq) return { seq: seq + 1, kind: 'entry_missing', cause: `the chain goes on to ${head.seq}, its entries do not` };
      if (head.seq < seq || !isSame(head.hash, previous))
        return { seq: head.seq, kind: 'end_changed', cause: 'the end of the chain is not its last entry' };
      if (seq > 0 && keys && !keys.current.some((key) => isSame(headMac(key, head.seq, head.hash), head.mac)))
        return {
          seq: head.seq,
          kind: 'end_forged',
          cause: 'the end was not marked with the key of this installation (or this is not the key)',
        };
      return undefined;
    },
  };
}

interface RecordContent {
  accountId: unknown;
  seq: unknown;
  at: unknown;
  action: unknown;
  actor: { type: unknown; id: unknown } | null;
  subject: { type: unknown; id: unknown } | null;
}

function readRecord(record: string): RecordContent | undefined {
  try {
    const content = JSON.parse(record) as RecordContent | null;
    return content ?? undefined;
  } catch {
    // Its hash is right, so this program never wrote it as an entry.
    return undefined;
  }
}

/** The columns are what is searched; one that lies hides an entry from a search. */
function findChangedColumn(link: Link, content: RecordContent): string | undefined {
  if (link.action === undefined) return undefined;
  const wanted: [string, unknown, unknown][] = [
    ['at', link.at?.toISOString(), content.at],
    ['actor_type', link.actorType, content.actor?.type],
    ['actor_id', link.actorId, content.actor?.id ?? null],
    ['action', link.action, content.action],
    ['subject_type', link.subjectType, content.subject?.type ?? null],
    ['subject_id', link.subjectId, content.subject?.id ?? null],
  ];
  return wanted.find(([, column, recorded]) => column !== recorded)?.[0];
}
