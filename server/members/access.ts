import type { FastifyRequest } from 'fastify';
import { allPermissions, type Permission } from '../../contract/permissions.ts';
import type { Actor } from '../audit/actor.ts';
import { permissionsHeld } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { findMember, findMemberByEmail, lockAccountRow, type MemberRow } from './queries.ts';

/** Who gives or takes rights: a member, a key, or (null) the operator, who may do everything. */
export interface Granter {
  principal: Principal | null;
  actor: Actor;
}

export const granterOf = (context: Pick<Context, 'actors'>, request: FastifyRequest): Granter => ({
  principal: request.principal,
  actor: context.actors.of(request),
});

/** Somebody of the transaction's account, removed ones too; missing and foreign ids are the same 404. */
export async function getMember(tx: Tx, userId: string): Promise<MemberRow> {
  const row = await findMember(tx, userId);
  if (!row) throw notFound('member');
  return row;
}

/** Somebody with this address, in its canonical spelling; removed ones too. */
export const findMemberWith = findMemberByEmail;

/** To be taken before anything is read on which a change of members, roles or invitations is decided. */
export const lockPeople = lockAccountRow;

/**
 * What a granter may do now. A member is read again and not believed from the request: two who take each other's rights
 * at the same moment must not both succeed.
 */
export async function permissionsHeldBy(tx: Tx, { principal }: Granter): Promise<ReadonlySet<Permission>> {
  if (principal === null) return new Set(allPermissions);
  if (principal.type === 'api_key') return principal.permissions;
  return permissionsOfUser(tx, principal.userId);
}

/** What a member may do now; nothing unless they are active. For jobs too, which outlive the request they come from. */
export async function permissionsOfUser(tx: Tx, userId: string): Promise<ReadonlySet<Permission>> {
  const row = await findMember(tx, userId);
  return row?.status === 'active' ? permissionsHeld(row) : new Set();
}

/** Throws 403 unless every permission is held: nobody gives more than they hold, or takes from somebody who holds more. */
export function refuseMoreThanHeld(held: ReadonlySet<Permission>, wanted: Iterable<Permission>, path: string): void {
  const more = [...wanted].filter((name) => !held.has(name));
  if (more.length === 0) return;
  const message = `needs permissions that you do not hold: ${more.join(', ')}`;
  throw new ApiError('forbidden', `${path}: ${message}.`, { errors: [{ path, message }] });
}
