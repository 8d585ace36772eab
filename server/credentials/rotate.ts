import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Actor } from '../audit/actor.ts';
import { recordInstallationAudit } from '../audit/installation.ts';
import { newId } from '../db/id.ts';
import type { Database } from '../db/pool.ts';
import { createDataKeys, type DataKey, freshMs } from './data-keys.ts';
import type { Masters } from './masters.ts';
import { type ResealedColumn, type Resealed, resealAll } from './reseal.ts';
import { finishRotation, insertRotatingKey, lockCurrentKey, retireCurrentKey } from './rotation-queries.ts';
import { createSealer } from './seal.ts';

export interface RotationOptions {
  database: Database;
  masters: Masters;
  columns: readonly ResealedColumn[];
  actor: Actor;
  onBatch?: ((count: number) => void) | undefined;
}

export interface Rotated extends Resealed {
  keyId: string;
  /** An earlier run was stopped half way and this one finished it. */
  isResumed: boolean;
}

/**
 * Seals every secret under a new data key while the server runs. The old key stays for what is still read with it. A process
 * notices the new key within `freshMs`, so after that everything is looked at once more. Nothing is lost at any point where
 * this may be killed: the next run takes up the same key.
 */
export async function rotateDataKey(options: RotationOptions): Promise<Rotated> {
  const { database, masters, columns, actor } = options;
  const { key, isResumed } = await beginRotation(database, masters);
  const sealer = createSealer(masters, createDataKeys(database, masters));
  const resealing = { database, sealer, key, columns };
  const first = await resealAll(resealing, options.onBatch);
  await sleep(freshMs + 1_000);
  const second = await resealAll(resealing, options.onBatch);
  const resealed = first.resealed + second.resealed;
  const { unreadable } = second;
  // What does not open may open once the operator gives the right master key: then this is taken up again.
  if (unreadable.length > 0) return { keyId: key.id, isResumed, resealed, unreadable };
  await database.withoutAccount(async (tx) => {
    await finishRotation(tx, key.id);
    await recordInstallationAudit(tx, actor, { action: 'secrets.rotated', details: { dataKeyId: key.id, resealed } });
  });
  return { keyId: key.id, isResumed, resealed, unreadable };
}

/** Makes the new key, or finds the one of a rotation that did not come to its end. */
function beginRotation(database: Database, masters: Masters): Promise<{ key: DataKey; isResumed: boolean }> {
  return database.withoutAccount(async (tx) => {
    const current = await lockCurrentKey(tx);
    // Also proves that the master key is the right one, before anything is written.
    const before = current && masters.unwrap(current);
    if (current?.isRotating && before) return { key: { id: current.id, key: before }, isResumed: true };
    const key = { id: newId(), key: randomBytes(32) };
    await retireCurrentKey(tx);
    await insertRotatingKey(tx, masters.wrap({ ...key, kind: 'secrets' }));
    return { key, isResumed: false };
  });
}
