import { z } from 'zod';
import { password } from '../../contract/auth.ts';
import type { Actor, Actors } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import type { Database, Tx } from '../db/pool.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { fieldErrorsOf } from '../http/field-errors.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { canonicalEmail } from './address.ts';
import { passwordGuesses } from './attempts.ts';
import { endLinks, findLinkOwner, forgetEndedLinks, linkIsOver, linkTo } from './links.ts';
import { forgetSessions } from './membership.ts';
import { hashPassword, refuseWeakPassword } from './password.ts';
import { proveAddress } from './prove-address.ts';
import { findMemberships, findUserByEmail, revokeSessionsOf, updatePassword, type UserRow } from './queries.ts';
import { findFirstMembership } from './sign-in.ts';

/** Sets a password with a link from a mail, ends every session of the person and tells them by mail. */
export async function resetByLink(
  context: Context,
  given: { token: string; password: string; ip: string; actorOf: (userId: string) => Actor },
): Promise<void> {
  const { database, oneTimeTokens } = context;
  const token = await oneTimeTokens.find(database, 'password_reset', given.token);
  const user = await findLinkOwner(context, token);
  const membership = user && (await findFirstMembership(context, user.id));
  if (!user || !membership) throw linkIsOver();
  refuseWeakPassword(given.password, { ...user, accountName: membership.account_name });
  const hash = await hashPassword(given.password);
  const ended = await database.withAccount(membership.account_id, async (tx) => {
    if (!(await oneTimeTokens.take(tx, 'password_reset', given.token))) throw linkIsOver();
    // A link that the operator handed over says nothing about a mailbox.
    const wiped = token?.data.isByHand ? [] : await proveAddress(tx, user.id, null);
    return [...wiped, ...(await replacePassword(tx, user, hash, given.actorOf(user.id)))];
  });
  forgetSessions(context, ended);
  // Somebody who had forgotten their password has guessed wrong before.
  await context.attempts.forget(passwordGuesses(user.email, given.ip));
  await forgetEndedLinks(context, user.email);
  context.jobs.wake('mail');
}

async function replacePassword(tx: Tx, user: UserRow, hash: string, actor: Actor): Promise<string[]> {
  await updatePassword(tx, user.id, hash);
  const ended = await revokeSessionsOf(tx, user.id, null);
  await endLinks(tx, user.id);
  await enqueueMail(tx, 'password_changed_notice', { userId: user.id });
  await recordAudit(tx, actor, { action: 'user.password_reset', subject: { type: 'user', id: user.id } });
  return ended;
}

/** What the command line needs: no server runs in its process. */
type OperatorContext = Pick<Context, 'database' | 'config' | 'oneTimeTokens'> & { actors: Actors };

/** Gives somebody a new password and ends all their sessions; returns how many there were. For the operator, who has asked them. */
export async function resetPassword(context: OperatorContext, address: string, wanted: string): Promise<number> {
  const parsed = z.object({ password }).safeParse({ password: wanted });
  if (!parsed.success) throw new ApiError('validation_error', 'The password does not fit.', { errors: fieldErrorsOf(parsed.error) });
  const { user, accountId, accountName } = await getPerson(context.database, address);
  refuseWeakPassword(wanted, { ...user, accountName });
  const hash = await hashPassword(wanted);
  return context.database.withAccount(accountId, async (tx) => (await replacePassword(tx, user, hash, context.actors.operator)).length);
}

/** Makes a link that lets somebody set their password, for the operator to hand over; it works once, for an hour. */
export async function makeResetLink(context: OperatorContext, address: string): Promise<string> {
  const { user, accountId } = await getPerson(context.database, address);
  return context.database.withAccount(accountId, async (tx) => {
    const id = await context.oneTimeTokens.issue(tx, 'password_reset', { userId: user.id, email: user.email, data: { isByHand: true } });
    await recordAudit(tx, context.actors.operator, { action: 'user.reset_link_made', subject: { type: 'user', id: user.id } });
    return linkTo(context, 'password_reset', id);
  });
}

/** Somebody with this address, and an account of theirs. */
export async function getPerson(database: Database, address: string): Promise<{ user: UserRow; accountId: string; accountName: string }> {
  const user = await findUserByEmail(database, canonicalEmail(address));
  const memberships = user ? await findMemberships(database, user.id) : [];
  const membership = memberships.find((one) => one.status === 'active') ?? memberships[0];
  if (!user || !membership) throw notFound('user');
  return { user, accountId: membership.account_id, accountName: membership.account_name };
}
