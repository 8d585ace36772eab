import { randomBytes } from 'node:crypto';
import type { Database } from '../db/pool.ts';
import { newId } from '../db/id.ts';
import type { Masters } from './masters.ts';
import { findCurrentKey, findKey, insertFirstKey } from './queries.ts';

export interface DataKey {
  id: string;
  key: Buffer;
}

/** The keys that seal secrets, each fetched and unwrapped once in the life of a process. */
export interface DataKeys {
  /** Under which to seal. A rotation by another process is noticed within `freshMs`. */
  current(): Promise<DataKey>;
  /** By the id that a sealed value names. */
  get(id: string): Promise<Buffer>;
}

/** For this long a process may go on sealing under a key that was retired meanwhile. */
export const freshMs = 5_000;

export function createDataKeys(database: Pick<Database, 'batch'>, masters: Masters): DataKeys {
  const known = new Map<string, Promise<Buffer>>();
  let current: { at: number; key: Promise<DataKey> } | undefined;

  async function fetchCurrent(): Promise<DataKey> {
    const found = (await findCurrentKey(database)) ?? (await makeFirst());
    const key = masters.unwrap(found);
    known.set(found.id, Promise.resolve(key));
    return { id: found.id, key };
  }

  async function makeFirst() {
    await insertFirstKey(database, masters.wrap({ id: newId(), kind: 'secrets', key: randomBytes(32) }));
    const first = await findCurrentKey(database);
    if (!first) throw new Error('the first data key was not kept');
    return first;
  }

  async function fetch(id: string): Promise<Buffer> {
    const found = await findKey(database, id);
    if (!found) throw new Error('a secret was sealed under a data key that is not in this database');
    return masters.unwrap(found);
  }

  return {
    current() {
      if (current && Date.now() - current.at < freshMs) return current.key;
      const mine = { at: Date.now(), key: fetchCurrent() };
      current = mine;
      mine.key.catch(() => {
        if (current === mine) current = undefined;
      });
      return mine.key;
    },
    get(id) {
      const key = known.get(id) ?? fetch(id);
      known.set(id, key);
      key.catch(() => known.delete(id));
      return key;
    },
  };
}
