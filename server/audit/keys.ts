import type { Masters, WrappedKey } from '../credentials/masters.ts';
import { listRetiredChainKeys } from '../credentials/retired.ts';
import type { Database, Tx } from '../db/pool.ts';
import { entryMac, isSame } from './chain.ts';
import { findNewest } from './queries.ts';
import type { ChainKeys } from './verify.ts';

/** Every key that ever marked entries here. */
export async function readChainKeys(database: Pick<Database, 'query'>, masters: Masters): Promise<ChainKeys> {
  return chainKeysOf(masters, await listRetiredChainKeys(database));
}

/** Retired keys open with the master key of now; those that do not are left out, and what they marked does not verify. */
export function chainKeysOf(masters: Masters, retired: readonly WrappedKey[]): ChainKeys {
  return { current: masters.chainKeys, retired: retired.flatMap((key) => (masters.isKnown(key) ? [masters.unwrap(key)] : [])) };
}

/** Whether the newest entry of this action was marked with this key. */
export async function hasEntryMarkedWith(tx: Tx, action: string, key: Buffer): Promise<boolean> {
  const newest = await findNewest(tx, action);
  return newest !== undefined && isSame(entryMac(key, newest.hash), newest.mac);
}
