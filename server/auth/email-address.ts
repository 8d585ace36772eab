import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { canonicalEmail } from './address.ts';
import { requireRecentProof } from './confirmation.ts';
import { forgetLinks, limitRequests, takeLink } from './link-limits.ts';
import { endEmailChanges, findLinkOwner, linkIsOver } from './links.ts';
import { forgetSessions } from './membership.ts';
import type { MemberPrincipal } from './principal.ts';
import { proveAddress } from './prove-address.ts';
import { findUser, type UserRow } from './queries.ts';
import { findFirstMembership } from './sign-in.ts';
import { rememberOldEmail, replaceEmail } from './verification-queries.ts';

/** Sends the signed-in person a link that proves their address; nothing is sent when it is proven. */
export async function requestVerification(context: Context, member: MemberPrincipal, ip: string): Promise<void> {
  requireMail(context);
  const user = await getSelf(context, member);
  if (user.email_verified_at) return;
  await limitRequests(context, ip);
  if (!(await takeLink(context, 'email_verification', user.email))) return;
  await context.database.withAccount(member.accountId, async (tx) => {
    const tokenId = await context.oneTimeTokens.issue(tx, 'email_verification', { userId: user.id, email: user.email });
    await enqueueMail(tx, 'email_verification', { tokenId });
  });
  context.jobs.wake('mail');
}

/** Sends a link to the address that the signed-in person wants. Whether somebody else has it shows nowhere. */
export async function requestEmailChange(context: Context, member: MemberPrincipal, wanted: string, ip: string): Promise<void> {
  requireRecentProof(member);
  requireMail(context);
  const user = await getSelf(context, member);
  const email = canonicalEmail(wanted);
  await limitRequests(context, ip);
  // By the person too: our mails must not be a way to write to strangers.
  if (!(await takeLink(context, 'email_change', `from ${user.id}`)) || !(await takeLink(context, 'email_change', email))) return;
  await context.database.withAccount(member.accountId, async (tx) => {
    const tokenId = await context.oneTimeTokens.issue(tx, 'email_change', { userId: user.id, email });
    await enqueueMail(tx, 'email_change', { tokenId });
  });
  context.jobs.wake('mail');
}

/** Who clicked, where a session says so. */
export interface Clicker {
  member: MemberPrincipal | undefined;
  actorOf: (userId: string) => Actor;
}

/** Notes that the address of a person is theirs. */
export async function verifyByLink(context: Context, token: string, clicker: Clicker): Promise<void> {
  const { database, oneTimeTokens } = context;
  const user = await findLinkOwner(context, await oneTimeTokens.find(database, 'email_verification', token));
  const membership = user && (await findFirstMembership(context, user.id));
  if (!user || !membership) throw linkIsOver();
  const ended = await database.withAccount(membership.account_id, async (tx) => {
    if (!(await oneTimeTokens.take(tx, 'email_verification', token))) throw linkIsOver();
    const gone = await proveAddress(tx, user.id, sessionOf(clicker, user.id));
    await recordAudit(tx, clicker.actorOf(user.id), { action: 'user.email_verified', subject: { type: 'user', id: user.id } });
    return gone;
  });
  forgetSessions(context, ended);
  await forgetLinks(context, 'email_verification', user.email);
  context.jobs.wake('mail');
}

/** Gives a person the address that the link was sent to, and tells the old one. */
export async function changeEmailByLink(context: Context, token: string, clicker: Clicker): Promise<void> {
  const { database, oneTimeTokens } = context;
  const found = await oneTimeTokens.find(database, 'email_change', token);
  const user = found?.user_id ? await findUser(database, found.user_id) : undefined;
  const membership = user && (await findFirstMembership(context, user.id));
  if (!user || !membership) throw linkIsOver();
  const ended = await database.withAccount(membership.account_id, async (tx) => {
    const taken = await oneTimeTokens.take(tx, 'email_change', token);
    if (!taken?.email) throw linkIsOver();
    if (!(await replaceEmail(tx, user.id, taken.email))) throw new ApiError('conflict', 'Somebody signs in with this address already.');
    await endEmailChanges(tx, user.id);
    const gone = await proveAddress(tx, user.id, sessionOf(clicker, user.id));
    await rememberOldEmail(tx, taken.id, user.email);
    await enqueueMail(tx, 'email_changed_notice', { tokenId: taken.id });
    await recordAudit(tx, clicker.actorOf(user.id), { action: 'user.email_changed', subject: { type: 'user', id: user.id } });
    return gone;
  });
  forgetSessions(context, ended);
  context.jobs.wake('mail');
}

const sessionOf = ({ member }: Clicker, userId: string) => (member?.userId === userId ? member.sessionId : null);

async function getSelf({ database }: Context, member: MemberPrincipal): Promise<UserRow> {
  const user = await findUser(database, member.userId);
  if (!user) throw new ApiError('unauthenticated', 'The session has ended. Sign in again.');
  return user;
}

function requireMail({ config }: Context): void {
  if (!config.smtp) throw new ApiError('conflict', 'This installation sends no mail, so no address can be proven.');
}
