import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { requireRecentProof } from './confirmation.ts';
import { endLinks, forgetEndedLinks } from './links.ts';
import { forgetSessions } from './membership.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from './password.ts';
import type { MemberPrincipal } from './principal.ts';
import { findMemberships, findUser, revokeOtherSessions, updatePassword, type UserRow } from './queries.ts';

/** Gives the signed-in person another password and ends their other sessions. */
export async function changePassword(
  context: Context,
  member: MemberPrincipal,
  given: { currentPassword?: string | undefined; password: string },
  actor: Actor,
): Promise<void> {
  const { database } = context;
  const user = await findUser(database, member.userId);
  if (!user) throw new ApiError('unauthenticated', 'The session has ended. Sign in again.');
  if (given.currentPassword === undefined || user.password_hash === null) requireRecentProof(member);
  else await requireCurrentPassword(context, member, user, given.currentPassword);
  const account = (await findMemberships(database, user.id)).find((one) => one.account_id === member.accountId);
  refuseWeakPassword(given.password, { ...user, accountName: account?.account_name ?? '' });
  const hash = await hashPassword(given.password);
  const ended = await database.withAccount(member.accountId, async (tx) => {
    await updatePassword(tx, user.id, hash);
    const others = await revokeOtherSessions(tx, user.id, member.sessionId);
    await endLinks(tx, user.id);
    await enqueueMail(tx, 'password_changed_notice', { userId: user.id });
    await recordAudit(tx, actor, { action: 'user.password_changed', subject: { type: 'user', id: user.id } });
    return others;
  });
  forgetSessions(context, ended);
  await forgetEndedLinks(context, user.email);
  context.jobs.wake('mail');
}

/** Counted by session: whoever guesses here holds it, and keeps nobody else from anything. */
async function requireCurrentPassword(context: Context, member: MemberPrincipal, user: UserRow, password: string): Promise<void> {
  const isRight = await context.attempts.guess(
    `current password ${member.sessionId}`,
    async () => (await verifyPassword(user.password_hash, password)) || undefined,
  );
  if (!isRight)
    throw new ApiError('validation_error', 'currentPassword: is not the password.', {
      errors: [{ path: 'currentPassword', message: 'is not the password' }],
    });
}
