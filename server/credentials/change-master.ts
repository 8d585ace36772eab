import { createHash } from 'node:crypto';
import type { Actor } from '../audit/actor.ts';
import { hasEntryMarkedWith } from '../audit/keys.ts';
import { recordAudit } from '../audit/record.ts';
import { keyChanged } from '../audit/verify.ts';
import type { Database, Tx } from '../db/pool.ts';
import { createDataKeys } from './data-keys.ts';
import type { Masters } from './masters.ts';
import { listAccounts, type ResealedColumn, resealAll } from './reseal.ts';
import { insertRetiredKey, lockKeys, revokeEverySession, updateWrap } from './rotation-queries.ts';
import { createSealer } from './seal.ts';

export interface MasterChange {
  database: Database;
  /** With the new master key and the one before. */
  masters: Masters;
  columns: readonly ResealedColumn[];
  actor: Actor;
}

export interface MasterChanged {
  /** Data keys that are now wrapped by the new master key. */
  rewrapped: number;
  /** Values that no data key sealed, and that one seals now. */
  resealed: number;
  unreadable: string[];
  sessionsEnded: number;
  /** Accounts whose chain is marked with the new key from here on. */
  chains: number;
}

/**
 * Takes everything over from the previous master key: data keys are wrapped anew, values that hang on the master key itself
 * are sealed under a data key, and every audit chain gets an entry that is marked with the new key, after which the old one
 * counts no more. Sessions and links end with the old key. Each step looks at what is left to do, so it can be run again.
 */
export async function changeMaster({ database, masters, columns, actor }: MasterChange): Promise<MasterChanged> {
  const { rewrapped, sessionsEnded } = await database.withoutAccount((tx) => rewrap(tx, masters));
  const keys = createDataKeys(database, masters);
  const key = await keys.current();
  const { resealed, unreadable } = await resealAll({ database, sealer: createSealer(masters, keys), key, columns });
  let chains = 0;
  for await (const accountId of listAccounts(database)) {
    const isWritten = await database.withAccount(accountId, async (tx) => {
      if (await hasEntryMarkedWith(tx, keyChanged, actor.chainKey)) return false;
      await recordAudit(tx, actor, { action: keyChanged });
      return true;
    });
    if (isWritten) chains += 1;
  }
  return { rewrapped, resealed, unreadable, sessionsEnded, chains };
}

async function rewrap(tx: Tx, masters: Masters): Promise<{ rewrapped: number; sessionsEnded: number }> {
  const old = (await lockKeys(tx)).filter((key) => !masters.isCurrent(key));
  for (const { id, kind, ...key } of old) await updateWrap(tx, masters.wrap({ id, kind, key: masters.unwrap({ id, kind, ...key }) }));
  const [, previous] = masters.chainKeys;
  const isFirst =
    previous !== undefined && (await insertRetiredKey(tx, masters.wrap({ id: idFor(previous), kind: 'audit', key: previous })));
  return { rewrapped: old.length, sessionsEnded: isFirst ? await revokeEverySession(tx) : 0 };
}

/** The same key gets the same id, so it is kept once however often this runs. */
function idFor(key: Buffer): string {
  const hex = createHash('sha256').update('id of').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
