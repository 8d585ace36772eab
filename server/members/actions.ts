import { z } from 'zod';
import type { Role } from '../../contract/auth.ts';
import type { Member, MemberPatch, MemberStatus } from '../../contract/members.ts';
import { recordAudit } from '../audit/record.ts';
import { permissionsHeld } from '../auth/authenticate.ts';
import { endSessionsOfMember } from '../auth/membership.ts';
import { handOverWork } from '../conversations/hand-over.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { revokeInvitationsBy } from '../invitations/access.ts';
import { type Grant, getGrant } from '../roles/access.ts';
import { type Granter, getMember, lockPeople, permissionsHeldBy, refuseMoreThanHeld } from './access.ts';
import { presentMember } from './present.ts';
import { findMember, hasOtherAdmin, joinMember, listMemberRows, type MemberRow, removeMemberRow, updateMember } from './queries.ts';

const cursor = cursorOf('members', z.object({ name: z.string().max(120), id: z.uuid() }));

/** The people of an account, by name. */
export async function listMembers(
  tx: Tx,
  query: { limit: number; cursor?: string | undefined; status?: MemberStatus | undefined },
): Promise<{ items: Member[]; nextCursor: string | null }> {
  const rows = await listMemberRows(tx, query.status, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items: items.map(presentMember),
    nextCursor: rows.length > query.limit && last ? cursor.encode({ name: last.name, id: last.user_id }) : null,
  };
}

/** What a change of a member leaves to do after the commit. */
export interface Changed {
  member: Member;
  /** Sessions that ended: to be forgotten here; other processes notice within a second. */
  endedSessions: string[];
}

/** Changes somebody's role, or suspends or reactivates them. Suspending ends their sessions here and hands over their open work. */
export async function patchMember(tx: Tx, granter: Granter, userId: string, patch: MemberPatch): Promise<Changed> {
  await lockPeople(tx);
  const before = await getPresent(tx, userId);
  const grant = patch.role === undefined && patch.roleId === undefined ? grantOf(before) : await getGrant(tx, patch);
  const status = patch.status ?? before.status;
  const isLeaving = status === 'suspended' && before.status === 'active';
  if (patch.handOverTo !== undefined && !isLeaving) throw refuseHandOver('goes with the status suspended only');
  const heir = isLeaving ? await getHeir(tx, userId, patch.handOverTo) : null;
  const held = await permissionsHeldBy(tx, granter);
  refuseMoreThanHeld(held, permissionsHeld(before), 'id');
  refuseMoreThanHeld(held, grant.permissions, patch.roleId === undefined ? 'role' : 'roleId');
  const isAdmin = grant.role === 'admin' && status === 'active';
  if (!isAdmin) await refuseLastAdmin(tx, before);
  await updateMember(tx, userId, { role: grant.role, roleId: grant.roleId, status });
  const endedSessions = isLeaving ? await endSessionsOfMember(tx, userId) : [];
  const handedOver = isLeaving ? await leaveWork(tx, userId, heir) : 0;
  const member = presentMember(await getMember(tx, userId));
  await recordChange(tx, granter, before, member, { handedOver, heir });
  return { member, endedSessions };
}

/** Takes somebody out of the account. Their row stays, as the author of what they wrote. */
export async function removeMember(tx: Tx, granter: Granter, userId: string, handOverTo: string | undefined): Promise<Changed> {
  await lockPeople(tx);
  const before = await getPresent(tx, userId);
  const heir = await getHeir(tx, userId, handOverTo);
  refuseMoreThanHeld(await permissionsHeldBy(tx, granter), permissionsHeld(before), 'id');
  await refuseLastAdmin(tx, before);
  await removeMemberRow(tx, userId);
  const endedSessions = await endSessionsOfMember(tx, userId);
  const handedOver = await leaveWork(tx, userId, heir);
  await recordAudit(tx, granter.actor, {
    action: 'member.removed',
    subject: { type: 'member', id: userId },
    details: { role: before.role, roleId: before.role_id, handedOver, handOverTo: heir },
  });
  return { member: presentMember(await getMember(tx, userId)), endedSessions };
}

/** Takes somebody in with a role, also somebody who was removed before; 409 when they are in already. */
export async function addMember(tx: Tx, userId: string, grant: { role: Role; roleId: string | null }): Promise<void> {
  if (!(await joinMember(tx, userId, grant))) throw new ApiError('conflict', 'This person is a member already.');
}

/** Somebody who was not removed: those who were can only be invited again. */
async function getPresent(tx: Tx, userId: string): Promise<MemberRow & { status: 'active' | 'suspended' }> {
  const row = await getMember(tx, userId);
  if (row.status === 'removed') throw notFound('member');
  return { ...row, status: row.status };
}

const grantOf = (row: MemberRow): Pick<Grant, 'role' | 'roleId' | 'permissions'> => ({
  role: row.role,
  roleId: row.role_id,
  permissions: [],
});

async function refuseLastAdmin(tx: Tx, before: MemberRow): Promise<void> {
  if (before.role !== 'admin' || before.status !== 'active' || (await hasOtherAdmin(tx, before.user_id))) return;
  throw new ApiError('last_admin', 'This is the last active admin of the account: make somebody else an admin first.');
}

const refuseHandOver = (message: string) =>
  new ApiError('validation_error', `handOverTo: ${message}.`, { errors: [{ path: 'handOverTo', message }] });

/** Who gets the work: an active member, and not the one who leaves. */
async function getHeir(tx: Tx, leavingId: string, handOverTo: string | undefined): Promise<string | null> {
  if (handOverTo === undefined) return null;
  if (handOverTo === leavingId || (await findMember(tx, handOverTo))?.status !== 'active')
    throw refuseHandOver('is not an active member who stays');
  return handOverTo;
}

/** Work goes to the heir or to nobody, and nobody can come in by an invitation that the leaving one made. */
async function leaveWork(tx: Tx, userId: string, heir: string | null): Promise<number> {
  await revokeInvitationsBy(tx, userId);
  return handOverWork(tx, userId, heir);
}

async function recordChange(
  tx: Tx,
  granter: Granter,
  before: MemberRow,
  after: Member,
  work: { handedOver: number; heir: string | null },
): Promise<void> {
  const subject = { type: 'member', id: after.id };
  if (before.role !== after.role || before.role_id !== after.roleId) {
    const details = { from: before.role, fromRoleId: before.role_id, to: after.role, toRoleId: after.roleId };
    await recordAudit(tx, granter.actor, { action: 'member.role_changed', subject, details });
  }
  if (before.status === after.status) return;
  await recordAudit(
    tx,
    granter.actor,
    after.status === 'suspended'
      ? { action: 'member.suspended', subject, details: { handedOver: work.handedOver, handOverTo: work.heir } }
      : { action: 'member.reactivated', subject },
  );
}
