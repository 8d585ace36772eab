import type { Acceptance, InvitationPreview } from '../../contract/invitations.ts';
import { readOnlyReasonOf } from '../../contract/account-state.ts';
import { password as newPassword } from '../../contract/auth.ts';
import { getAccount } from '../accounts/access.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import { findPerson } from '../auth/actions.ts';
import type { Opened } from '../auth/answer.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from '../auth/password.ts';
import type { Principal } from '../auth/principal.ts';
import { hashToken } from '../auth/refresh-token.ts';
import { requireSecondFactor } from '../auth/second-factor/require.ts';
import { openSession } from '../auth/sign-in.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { limitedAddress } from '../limits/address.ts';
import { lockPeople, permissionsOfUser } from '../members/access.ts';
import { addMember } from '../members/actions.ts';
import { type Grant, getGrant } from '../roles/access.ts';
import { joinTeams } from '../teams/access.ts';
import {
  findInvitationByHash,
  findOpenInvitation,
  type InvitationRow,
  insertInvitedUser,
  takeInvitation,
  verifyInvitedUser,
} from './queries.ts';

/** Who shows a token, and from where. */
export interface Guest {
  /** Whoever signed in before, where a credential came with the request. */
  bearer: Principal | undefined;
  ip: string;
  device: string;
  actorOf(userId: string): Actor;
}

/** What an invitation says before anybody accepts it. Uses nothing up. */
export async function previewInvitation(context: Context, token: string, bearer: Principal | undefined): Promise<InvitationPreview> {
  const found = await findByToken(context, token);
  const { invitation, accountName } = await context.database.withAccount(found.accountId, async (tx) => ({
    ...(await getAcceptable(tx, found.id)),
    accountName: (await getAccount(tx)).name,
  }));
  const person = await findPerson(context.database, invitation.email);
  return {
    accountName,
    email: invitation.email,
    invitedBy: invitation.inviter_name,
    isNew: person === undefined,
    needsPassword: person === undefined || bearer?.userId !== person.id,
  };
}

/**
 * Takes somebody into the account. A new person chooses a name and a password; somebody who signs in here already proves to be
 * that person, so that an invitation to somebody else's address takes nothing over. Of any number at once one succeeds.
 */
export async function acceptInvitation(context: Context, given: Acceptance, guest: Guest): Promise<Opened> {
  const found = await findByToken(context, given.token);
  const { email } = (await context.database.withAccount(found.accountId, (tx) => getAcceptable(tx, found.id))).invitation;
  const person = await provePerson(context, email, given, guest);
  const grant = await context.database.withAccount(found.accountId, (tx) => join(tx, found, person, guest));
  const membership = { account_id: found.accountId, role: grant.role };
  return openSession(context, person, membership, {
    method: 'invitation',
    device: guest.device,
    confirmedAt: person.confirmedAt,
    actorOf: guest.actorOf,
  });
}

interface Found {
  accountId: string;
  id: string;
  /** The hash that the row keeps, whichever of the two tokens was shown. */
  tokenHash: Buffer;
  /** Only the mail held this token: whoever shows it reads that mailbox. */
  isByMail: boolean;
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
  if (invitation.invited_by === null) return { invitation, grant };
  const held = await permissionsOfUser(tx, invitation.invited_by);
  if (!held.has('member.manage') || grant.permissions.some((name) => !held.has(name))) throw over();
  return { invitation, grant };
}

interface Person {
  id: string;
  email: string;
  name: string;
  /** Only of somebody new. */
  passwordHash: string | null;
  confirmedAt: Date | undefined;
}

async function provePerson(context: Context, email: string, given: Acceptance, guest: Guest): Promise<Person> {
  const user = await findPerson(context.database, email);
  if (!user) return prepareNew(email, given);
  const known = { id: user.id, email: user.email, name: user.name, passwordHash: null };
  // A session is as good as its last proof: joining must not make it fresh.
  if (guest.bearer?.type === 'member' && guest.bearer.userId === user.id) return { ...known, confirmedAt: guest.bearer.confirmedAt };
  const { password } = given;
  if (password === undefined) throw refuse('password', 'is needed: somebody signs in with this address already');
  const isRight = await context.attempts.guess(
    `password ${email} ${limitedAddress(guest.ip)}`,
    async () => (await verifyPassword(user.password_hash, password)) || undefined,
  );
  if (!isRight) throw new ApiError('invalid_credentials', 'The password is wrong.');
  await requireSecondFactor(context, user, { totp: given.totp, ip: guest.ip });
  return { ...known, confirmedAt: undefined };
}

async function prepareNew(email: string, { name, password }: Acceptance): Promise<Person> {
  if (name === undefined || name.trim() === '') throw refuse('name', 'is needed');
  const parsed = newPassword.safeParse(password);
  if (!parsed.success) throw refuse('password', password === undefined ? 'is needed' : (parsed.error.issues[0]?.message ?? 'does not fit'));
  refuseWeakPassword(parsed.data, { email, name });
  return { id: newId(), email, name: name.trim(), passwordHash: await hashPassword(parsed.data), confirmedAt: undefined };
}

async function join(tx: Tx, found: Found, person: Person, guest: Guest): Promise<Grant> {
  await lockPeople(tx);
  const { invitation, grant } = await getAcceptable(tx, found.id);
  if (!(await takeInvitation(tx, found.id, found.tokenHash))) throw over();
  if (person.passwordHash === null) {
    if (found.isByMail) await verifyInvitedUser(tx, person.id);
  } else if (!(await insertInvitedUser(tx, { ...person, passwordHash: person.passwordHash, isVerified: found.isByMail })))
    throw new ApiError('conflict', 'Somebody has just signed up with this address: sign in, then accept.');
  await addMember(tx, person.id, grant);
  await joinTeams(tx, person.id, invitation.team_ids);
  await recordAudit(tx, guest.actorOf(person.id), {
    action: 'invitation.accepted',
    subject: { type: 'invitation', id: invitation.id },
    details: { memberId: person.id, role: grant.role, roleId: grant.roleId, invitedBy: invitation.invited_by, isByMail: found.isByMail },
  });
  return grant;
}

const refuse = (path: string, message: string) => new ApiError('validation_error', `${path}: ${message}.`, { errors: [{ path, message }] });
