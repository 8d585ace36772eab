import { z } from 'zod';
import type { CreatedInvitation, Invitation, NewInvitation } from '../../contract/invitations.ts';
import { recordAudit } from '../audit/record.ts';
import { canonicalEmail } from '../auth/address.ts';
import { type OneTimeTokens, tokenLifeMs } from '../auth/one-time-tokens.ts';
import { hashToken } from '../auth/refresh-token.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError } from '../http/errors.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { findMemberWith, type Granter, lockPeople, permissionsHeldBy, refuseMoreThanHeld } from '../members/access.ts';
import { getGrant } from '../roles/access.ts';
import { getNamedTeams } from '../teams/access.ts';
import { getOpenInvitation } from './access.ts';
import { type InvitationRow, insertInvitation, listOpenInvitations, renewInvitation, revokeInvitationRow } from './queries.ts';

/** What makes a link. */
export interface LinkMaker {
  tokens: OneTimeTokens;
  publicUrl: string;
}

const cursor = cursorOf('invitations', z.uuid());

/** The invitations that nobody accepted or revoked, the newest first. */
export async function listInvitations(
  tx: Tx,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: Invitation[]; nextCursor: string | null }> {
  const rows = await listOpenInvitations(tx, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map(describeInvitation), nextCursor: rows.length > query.limit && last ? cursor.encode(last.id) : null };
}

/** Invites an address to a role that the inviter could give. The link works for seven days, once; the mail is a job. */
export async function createInvitation(tx: Tx, maker: LinkMaker, granter: Granter, given: NewInvitation): Promise<CreatedInvitation> {
  await lockPeople(tx);
  if (given.role === undefined && given.roleId === undefined) throw refuseField('role', 'is needed, or roleId');
  const grant = await getGrant(tx, given);
  const teamIds = [...new Set(given.teamIds)];
  await getNamedTeams(tx, teamIds, 'teamIds');
  refuseMoreThanHeld(await permissionsHeldBy(tx, granter), grant.permissions, given.roleId === undefined ? 'role' : 'roleId');
  const email = canonicalEmail(given.email);
  const known = await findMemberWith(tx, email);
  if (known && known.status !== 'removed')
    throw new ApiError('conflict', 'This person is a member already.', { errors: [{ path: 'email', message: 'is a member already' }] });
  const id = newId();
  const { tokenHash, tokenId, link } = makeLink(maker);
  const { role, roleId } = grant;
  await insertInvitation(tx, { id, email, role, roleId, teamIds, ...inviterOf(granter), tokenId, tokenHash, lifeMs });
  await enqueueMail(tx, 'invitation', { invitationId: id });
  const details = { email, role: grant.role, roleId: grant.roleId, teamIds };
  await recordAudit(tx, granter.actor, { action: 'invitation.created', subject: { type: 'invitation', id }, details });
  return { ...describeInvitation(await getOpenInvitation(tx, id)), link };
}

/** Makes a new link and lets the old one die. Whoever does it answers for the role, as if they had invited. */
export async function resendInvitation(tx: Tx, maker: LinkMaker, granter: Granter, id: string): Promise<CreatedInvitation> {
  const invitation = await lockForChange(tx, granter, id);
  const { tokenHash, tokenId, link } = makeLink(maker);
  await renewInvitation(tx, id, { ...inviterOf(granter), tokenId, tokenHash, lifeMs });
  await enqueueMail(tx, 'invitation', { invitationId: id });
  const details = { email: invitation.email, role: invitation.role, roleId: invitation.role_id };
  await recordAudit(tx, granter.actor, { action: 'invitation.resent', subject: { type: 'invitation', id }, details });
  return { ...describeInvitation(await getOpenInvitation(tx, id)), link };
}

/** Takes an invitation back; its links find nothing from then on. */
export async function revokeInvitation(tx: Tx, granter: Granter, id: string): Promise<void> {
  const invitation = await lockForChange(tx, granter, id);
  await revokeInvitationRow(tx, id);
  const details = { email: invitation.email };
  await recordAudit(tx, granter.actor, { action: 'invitation.revoked', subject: { type: 'invitation', id }, details });
}

const lifeMs = tokenLifeMs.invitation;

/** Whose rights the invitation lives by; neither for the operator. */
const inviterOf = ({ principal }: Granter) => ({ invitedBy: principal?.userId ?? null, invitedByKey: principal?.keyId ?? null });

async function lockForChange(tx: Tx, granter: Granter, id: string): Promise<InvitationRow> {
  await lockPeople(tx);
  const invitation = await getOpenInvitation(tx, id);
  const grant = await getGrant(tx, { role: invitation.role, roleId: invitation.role_id ?? undefined });
  refuseMoreThanHeld(await permissionsHeldBy(tx, granter), grant.permissions, 'id');
  return invitation;
}

/** One id gives two tokens: the mail's, whose hash is kept, and that of the link that the inviter sees. */
function makeLink({ tokens, publicUrl }: LinkMaker): { tokenId: string; tokenHash: Buffer; link: string } {
  const tokenId = newId();
  return {
    tokenId,
    tokenHash: hashToken(tokens.tokenOf('invitation', tokenId)),
    link: `${publicUrl}/invitation#token=${tokens.tokenOf('invitation_link', tokenId)}`,
  };
}

function describeInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    roleId: row.role_id,
    roleName: row.role_name,
    teams: row.teams,
    invitedBy: row.invited_by === null ? null : { id: row.invited_by, name: row.inviter_name ?? '' },
    mailedAt: row.mailed_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}

const refuseField = (path: string, message: string) =>
  new ApiError('validation_error', `${path}: ${message}.`, { errors: [{ path, message }] });
