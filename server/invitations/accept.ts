import { readOnlyReasonOf } from '../../contract/account-state.ts';
import type { Acceptance, InvitationPreview } from '../../contract/invitations.ts';
import type { Permission } from '../../contract/permissions.ts';
import { getAccount } from '../accounts/access.ts';
import { permissionsOfKey } from '../api-keys/access.ts';
import { recordAudit } from '../audit/record.ts';
import { findPerson } from '../auth/actions.ts';
import type { Opened } from '../auth/answer.ts';
import { forgetSessions } from '../auth/membership.ts';
import type { Principal } from '../auth/principal.ts';
import { hashToken } from '../auth/refresh-token.ts';
import { openSession } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { lockPeople, permissionsOfUser } from '../members/access.ts';
import { addMember } from '../members/actions.ts';
import { type Grant, getGrant } from '../roles/access.ts';
import { joinTeams } from '../teams/access.ts';
import { type Found, type Guest, isClaimable, keepPerson, type Person, provePerson } from './guest.ts';
import { findInvitationByHash, findOpenInvitation, type InvitationRow, takeInvitation } from './queries.ts';

/** What an invitation says before anybody accepts it. Uses nothing up. */
export async function previewInvitation(context: Context, token: string, bearer: Principal | undefined): Promise<InvitationPreview> {
  const found = await findByToken(context, token);
  const { invitation, accountName } = await context.database.withAccount(found.accountId, async (tx) => ({
    ...(await getAcceptable(tx, found.id)),
    accountName: (await getAccount(tx)).name,
  }));
  const person = await findPerson(context.database, invitation.email);
  const isBearer = person !== undefined && bearer?.userId === person.id;
  return {
    accountName,
    email: invitation.email,
    invitedBy: invitation.inviter_name,
    isNew: !isBearer && (person === undefined || (await isClaimable(context, person, found))),
    needsPassword: !isBearer,
  };
}

/**
 * Takes somebody into the account. A new person chooses a name and a password; somebody who signs in here already proves to be
 * that person, so that an invitation to somebody else's address takes nothing over. Of any number at once one succeeds.
 */
export async function acceptInvitation(context: Context, given: Acceptance, guest: Guest): Promise<Opened> {
  const found = await findByToken(context, given.token);
  const { email } = (await context.database.withAccount(found.accountId, (tx) => getAcceptable(tx, found.id))).invitation;
  const person = await provePerson(context, found, email, given, guest);
  const { grant, ended } = await context.database.withAccount(found.accountId, (tx) => join(tx, found, person, guest));
  forgetSessions(context, ended);
  context.jobs.wake('mail');
  const membership = { account_id: found.accountId, role: grant.role };
  return openSession(context, person, membership, {
    method: 'invitation',
    device: guest.device,
    confirmedAt: person.confirmedAt,
    actorOf: guest.actorOf,
  });
}

/** One answer for all that a link can have become, or never was. */
const over = () => new ApiError('not_found', 'This invitation is over: it was used, taken back, or has expired. Ask for a new one.');

async function findByToken({ database, oneTimeTokens }: Context, token: string): Promise<Found> {
  const mailedId = oneTimeTokens.idOf('invitation', token);
  const tokenId = mailedId ?? oneTimeTokens.idOf('invitation_link', token);
  if (tokenId === undefined) throw over();
  const tokenHash = hashToken(oneTimeTokens.tokenOf('invitation', tokenId));
  const row = await findInvitationByHash(database, tokenHash);
  if (!row) throw over();
  return { accountId: row.account_id, id: row.id, tokenHash, isByMail: mailedId !== undefined };
}

/** The invitation, if the account takes people in and whoever invited could still do it: a demotion reaches what they left open. */
async function getAcceptable(tx: Tx, id: string): Promise<{ invitation: InvitationRow; grant: Grant }> {
  const account = await getAccount(tx);
  if (readOnlyReasonOf(account.status, account.trial_ends_at))
    throw new ApiError('account_read_only', 'The account is read-only: nobody can join it now.');
  const invitation = await findOpenInvitation(tx, id);
  if (!invitation) throw over();
  const grant = await getGrant(tx, { role: invitation.role, roleId: invitation.role_id ?? undefined });
  const held = await permissionsOfInviter(tx, invitation);
  if (held === 'all') return { invitation, grant };
  if (!held.has('member.manage') || grant.permissions.some((name) => !held.has(name))) throw over();
  return { invitation, grant };
}

async function permissionsOfInviter(tx: Tx, { invited_by, invited_by_key }: InvitationRow): Promise<ReadonlySet<Permission> | 'all'> {
  if (invited_by !== null) return permissionsOfUser(tx, invited_by);
  return invited_by_key === null ? 'all' : permissionsOfKey(tx, invited_by_key);
}

async function join(tx: Tx, found: Found, person: Person, guest: Guest): Promise<{ grant: Grant; ended: string[] }> {
  await lockPeople(tx);
  const { invitation, grant } = await getAcceptable(tx, found.id);
  if (!(await takeInvitation(tx, found.id, found.tokenHash))) throw over();
  const ended = await keepPerson(tx, person, found);
  await addMember(tx, person.id, grant);
  await joinTeams(tx, person.id, invitation.team_ids);
  await recordAudit(tx, guest.actorOf(person.id), {
    action: 'invitation.accepted',
    subject: { type: 'invitation', id: invitation.id },
    details: { memberId: person.id, role: grant.role, roleId: grant.roleId, invitedBy: invitation.invited_by, isByMail: found.isByMail },
  });
  return { grant, ended };
}
