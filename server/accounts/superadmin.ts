import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import { findPerson, listAccountsOf } from '../auth/actions.ts';
import { canonicalEmail } from '../auth/address.ts';
import { type Database, inAccount, type Tx } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { countOtherSuperadmins, hasOwnDesk, isMemberOfDemo, isSuperadmin, lockSuperadmins, setSuperadmin } from './superadmin-queries.ts';

/** Whether nobody has made a desk of their own here yet. Of two first desks that are made at once, one waits for the other. */
export async function isFirstDesk(tx: Tx): Promise<boolean> {
  await lockSuperadmins(tx);
  return !(await hasOwnDesk(tx));
}

/** The demo's people are for everybody who knows its password, so they never look after the installation. */
export const isOfDemo = (tx: Tx, userId: string): Promise<boolean> => isMemberOfDemo(tx, userId);

/** Makes a member of the transaction's account superadmin. */
export async function makeSuperadmin(tx: Tx, actor: Actor, userId: string): Promise<void> {
  await setSuperadmin(tx, userId, true);
  await recordAudit(tx, actor, { action: 'superadmin.granted', subject: { type: 'member', id: userId } });
}

/** Makes somebody superadmin of the installation; false when they are already. Written down in each of their accounts. */
export async function grantSuperadmin(database: Database, actor: Actor, address: string): Promise<boolean> {
  return changeSuperadmin(database, actor, address, true, async (tx, userId) => {
    if (await isOfDemo(tx, userId)) throw new ApiError('conflict', 'The people of the demo cannot look after the installation.');
  });
}

/** Takes it away again; false when they are none. The last one stays. */
export async function revokeSuperadmin(database: Database, actor: Actor, address: string): Promise<boolean> {
  return changeSuperadmin(database, actor, address, false, async (tx, userId) => {
    if ((await countOtherSuperadmins(tx, userId)) === 0)
      throw new ApiError('conflict', 'This is the last superadmin of the installation: grant it to somebody else first.');
  });
}

async function changeSuperadmin(
  database: Database,
  actor: Actor,
  address: string,
  isGranted: boolean,
  check: (tx: Tx, userId: string) => Promise<void>,
): Promise<boolean> {
  const person = await findPerson(database, canonicalEmail(address));
  if (!person) throw notFound('person');
  const [first, ...others] = await listAccountsOf(database, person.id);
  if (first === undefined) throw new ApiError('conflict', 'This person is in no account.');
  return database.withAccount(first, async (tx) => {
    await lockSuperadmins(tx);
    if ((await isSuperadmin(tx, person.id)) === isGranted) return false;
    await check(tx, person.id);
    await setSuperadmin(tx, person.id, isGranted);
    const entry = { action: isGranted ? 'superadmin.granted' : 'superadmin.revoked', subject: { type: 'member', id: person.id } };
    await recordAudit(tx, actor, entry);
    for (const accountId of others) await inAccount(tx, accountId, (other) => recordAudit(other, actor, entry));
    return true;
  });
}
