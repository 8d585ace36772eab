import { isPermission, type Permission } from '../../contract/permissions.ts';
import type { Actor } from '../audit/actor.ts';
import type { Principal } from '../auth/principal.ts';
import type { Sealer } from '../credentials/seal.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { lockPeople, permissionsHeldBy } from '../members/access.ts';
import { type ApiKeyRow, findKeyRow, findLivePermissions, findSigningRow } from './queries.ts';
import { openSigningSecrets } from './secrets.ts';

/** A key that is not revoked, its row locked until the transaction ends. */
export async function getKey(tx: Tx, id: string): Promise<ApiKeyRow> {
  const row = await findKeyRow(tx, id);
  if (!row) throw notFound('API key');
  return row;
}

/** What a key may do in its account now; nothing once it was revoked or has expired. */
export async function permissionsOfKey(tx: Tx, id: string): Promise<ReadonlySet<Permission>> {
  return new Set((await findLivePermissions(tx, id)).filter(isPermission));
}

/** What a key may sign with at this moment, the newest first: two secrets while a rotation overlaps. */
export async function getSigningSecrets(tx: Tx, sealer: Sealer, id: string): Promise<string[]> {
  const row = await findSigningRow(tx, id);
  if (!row) throw notFound('API key');
  return openSigningSecrets(sealer, tx.accountId, row);
}

/** Who hands rights on, with what they hold now: read again, under the lock under which rights change. Throws where they make no keys any more. */
export async function getHolder(tx: Tx, doer: { principal: Principal; actor: Actor }): Promise<Holder> {
  await lockPeople(tx);
  const permissions = await permissionsHeldBy(tx, doer);
  if (!permissions.has('api_key.manage')) throw new ApiError('forbidden', 'This needs the permission api_key.manage.');
  return { permissions, type: doer.principal.type };
}

type Holder = Pick<Principal, 'permissions' | 'type'>;

/** The permissions that this principal cannot hand on, with their place in the list. */
export function findNotHeld(principal: Holder, wanted: readonly string[]): { name: string; at: number }[] {
  return wanted.flatMap((name, at) => (isPermission(name) && canHandOn(principal, name) ? [] : [{ name, at }]));
}

/** The installation is handed on by a person only: it ends with the person who is superadmin. */
function canHandOn({ permissions, type }: Holder, name: Permission): boolean {
  return permissions.has(name) && (name !== 'installation.manage' || type === 'member');
}

/** Throws unless this principal holds all that the key can do: whoever gets its secret gets all of it. */
export function requireAllHeld(principal: Holder, key: ApiKeyRow): void {
  const [more] = findNotHeld(principal, key.permissions);
  if (more) throw new ApiError('forbidden', `This key can do more than you: ${more.name}.`);
}

/** Throws for a key that ends or has limits of its own: another key's secret would lead around both. */
export async function refuseBoundKey(tx: Tx, principal: Principal): Promise<void> {
  if (principal.type !== 'api_key') return;
  const own = await getKey(tx, principal.keyId);
  if (own.expires_at === null && own.per_hour === null && own.per_minute === null) return;
  throw new ApiError('forbidden', 'A key with an end or limits of its own makes and rotates no other keys, and changes no limits.');
}
