import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { notFound } from '../http/errors.ts';
import { endEmailChanges } from './links.ts';
import { forgetSessions } from './membership.ts';
import type { MemberPrincipal } from './principal.ts';
import { revokeSession, revokeSessionsOf } from './queries.ts';

/** Ends one session of the signed-in person, or all of them. */
export async function endSessions(context: Context, member: MemberPrincipal, actor: Actor, sessionId: string | null): Promise<void> {
  const ended = await context.database.withAccount(member.accountId, async (tx) => {
    const ids = await revokeSessionsOf(tx, member.userId, sessionId);
    if (sessionId === null) await endEmailChanges(tx, member.userId);
    for (const id of ids) {
      await recordAudit(tx, actor, {
        action: 'session.ended',
        subject: { type: 'session', id },
        details: { own: id === member.sessionId },
      });
    }
    return ids;
  });
  forgetSessions(context, ended);
  if (sessionId !== null && ended.length === 0) throw notFound('session');
}

/** Ends a session of which somebody showed a token that was used before: somebody has a copy. */
export async function endReusedSession(context: Context, id: string, actor: Actor): Promise<void> {
  const { database, auth } = context;
  auth.forgetSession(id);
  const session = await auth.findSession(id);
  if (session) {
    await database.withAccount(session.account_id, async (tx) => {
      if (!(await revokeSession(tx, id))) return;
      const details = { memberId: session.user_id };
      await recordAudit(tx, actor, { action: 'session.reuse_detected', subject: { type: 'session', id }, details });
    });
  } else await revokeSession(database, id);
  forgetSessions(context, [id]);
}
