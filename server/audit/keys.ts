import type { Database } from '../db/pool.ts';
import type { Masters, WrappedKey } from '../credentials/masters.ts';
import { listRetiredChainKeys } from '../credentials/retired.ts';
import type { ChainKeys } from './verify.ts';

/** Every key that ever marked entries here. */
export async function readChainKeys(database: Pick<Database, 'query'>, masters: Masters): Promise<ChainKeys> {
  return chainKeysOf(masters, await listRetiredChainKeys(database));
}

/** Retired keys open with the master key of now; those that do not are left out, and what they marked does not verify. */
export function chainKeysOf(masters: Masters, retired: readonly WrappedKey[]): ChainKeys {
  return { current: masters.chainKeys, retired: retired.flatMap((key) => (masters.isKnown(key) ? [masters.unwrap(key)] : [])) };
}
