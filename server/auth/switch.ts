import type { z } from 'zod';
import type { ownAccounts } from '../../contract/account.ts';
import type { SignedIn } from '../../contract/auth.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { notFound } from '../http/errors.ts';
import { signInAgain } from './actions.ts';
import { answerFor } from './answer.ts';
import { forgetSessions } from './membership.ts';
import type { MemberPrincipal } from './principal.ts';
import { findMemberships, findUser, moveSession } from './queries.ts';

/** The accounts in which somebody works, the oldest membership first. */
export async function listOwnAccounts(context: Pick<Context, 'database'>, member: MemberPrincipal): Promise<z.infer<typeof ownAccounts>> {
  const memberships = await findMemberships(context.database, member.userId);
  return {
    items: memberships
      .filter(({ status }) => status === 'active')
      .map((one) => ({
        id: one.account_id,
        name: one.account_name,
        status: one.account_status,
        role: one.role,
        roleName: one.role_name,
        isDemo: one.is_demo,
        current: one.account_id === member.accountId,
      })),
  };
}

/**
 * Moves the session to another account of its person. Its access tokens name the account before, so they stop working at
 * once and its sockets close. The refresh token stays: whoever holds an access token alone must not get one that lasts.
 */
export async function switchAccount(context: Context, member: MemberPrincipal, actor: Actor, accountId: string): Promise<SignedIn> {
  const { database } = context;
  const { userId, sessionId } = member;
  const [user, memberships] = await Promise.all([findUser(database, userId), findMemberships(database, userId)]);
  const membership = memberships.find((one) => one.account_id === accountId && one.status === 'active');
  if (!user) throw signInAgain();
  if (!membership) throw notFound('account');
  await database.withAccount(accountId, async (tx) => {
    if (!(await moveSession(tx, { id: sessionId, userId, from: member.accountId }))) throw signInAgain();
    await recordAudit(tx, actor, {
      action: 'session.switched',
      subject: { type: 'session', id: sessionId },
      details: { from: member.accountId },
    });
  });
  forgetSessions(context, [sessionId]);
  return answerFor(context, user, membership, sessionId);
}
