import { z } from 'zod';
import type { Me } from '../../contract/auth.ts';
import type { Actor } from '../audit/actor.ts';
import { getAccount } from '../accounts/access.ts';
import type { Context } from '../context.ts';
import type { Database } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError } from '../http/errors.ts';
import { limitedAddress } from '../limits/address.ts';
import { canonicalEmail } from './address.ts';
import { answerFor, type Opened } from './answer.ts';
import { passwordGuesses } from './attempts.ts';
import { endReusedSession } from './ending.ts';
import { noteLockOut } from './lock-out.ts';
import { verifyPassword } from './password.ts';
import type { MemberPrincipal } from './principal.ts';
import {
  deleteOldSessions,
  findMemberships,
  findSuccessor,
  findUser,
  findUserByEmail,
  listLiveSessions,
  rotateSession,
  type SessionRow,
  type UserRow,
} from './queries.ts';
import { hashToken } from './refresh-token.ts';
import { findFirstMembership, finishSignIn } from './sign-in.ts';

/** For this long an old refresh token still gives its successor: the answer may have been lost on the way. */
const graceSeconds = 10;
export const refreshPurpose = (sessionId: string) => `refresh token of ${sessionId}`;
export const signInAgain = () => new ApiError('unauthenticated', 'The session has ended. Sign in again.');

/** Signs in with a password. Known and unknown addresses get the same answer after the same time. */
export async function signIn(
  context: Context,
  given: { email: string; password: string; totp?: string | undefined; ip: string; device: string },
  actors: { stranger: Actor; of: (userId: string) => Actor },
): Promise<Opened> {
  const email = canonicalEmail(given.email);
  const user = await context.attempts.guess(
    passwordGuesses(email, given.ip),
    async () => {
      const found = await findUserByEmail(context.database, email);
      if (!(await verifyPassword(found?.password_hash, given.password, limitedAddress(given.ip))) || !found) return undefined;
      return (await findFirstMembership(context, found.id)) && found;
    },
    () => noteLockOut(context, email, actors.stranger),
  );
  if (!user) throw new ApiError('invalid_credentials', 'The e-mail address or the password is wrong.');
  return finishSignIn(context, user, { method: 'password', device: given.device, ip: given.ip, totp: given.totp, actorOf: actors.of });
}

/** Exchanges a refresh token for its successor. An old one beyond the grace ends the session: somebody has a copy. */
export async function refreshSession(context: Context, token: string, actor: Actor): Promise<Opened> {
  const sessionId = context.refreshTokens.sessionOf(token);
  if (sessionId === undefined) throw signInAgain();
  const refreshToken = await takeSuccessor(context, sessionId, token, actor);
  // Asked anew and not from memory: a member who was suspended a moment ago gets no token.
  context.auth.forgetSession(sessionId);
  const session = await context.auth.findSession(sessionId);
  const user = session && (await findUser(context.database, session.user_id));
  if (!session || !user) throw signInAgain();
  return { answer: await answerFor(context, user, session, sessionId), refreshToken };
}

async function takeSuccessor(context: Context, id: string, token: string, actor: Actor): Promise<string> {
  const { database, sealer } = context;
  const next = context.refreshTokens.make(id);
  const hash = hashToken(token);
  if (
    await rotateSession(database, {
      id,
      hash,
      nextHash: hashToken(next),
      nextSealed: await sealer.seal(Buffer.from(next), refreshPurpose(id)),
    })
  )
    return next;
  const sealed = await findSuccessor(database, id, hash, graceSeconds);
  if (sealed) return (await sealer.unseal(sealed, refreshPurpose(id))).toString();
  await endReusedSession(context, id, actor);
  throw signInAgain();
}

const sessionCursor = cursorOf('sessions', z.uuid());

export async function listSessions(
  context: Context,
  member: MemberPrincipal,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: (SessionRow & { current: boolean })[]; nextCursor: string | null }> {
  const rows = await listLiveSessions(context.database, member.userId, sessionCursor.decode(query.cursor) ?? null, query.limit + 1);
  const items = rows.slice(0, query.limit).map((row) => ({ ...row, current: row.id === member.sessionId }));
  const last = items.at(-1);
  return { items, nextCursor: rows.length > query.limit && last ? sessionCursor.encode(last.id) : null };
}

/** Forgets sessions that nobody can use any more. */
export const sweepSessions = (database: Database) => deleteOldSessions(database);

/** The signed-in member, their account and what they may do. */
export async function describeMe(context: Context, member: MemberPrincipal): Promise<Me> {
  const user = await findUser(context.database, member.userId);
  if (!user) throw signInAgain();
  const account = await context.database.withAccount(member.accountId, getAccount);
  return {
    id: user.id,
    email: user.email,
    name: user.name,
    role: member.role,
    roleId: member.roleId,
    roleName: member.roleName,
    isSuperadmin: member.isSuperadmin,
    permissions: [...member.permissions],
    account: {
      id: account.id,
      name: account.name,
      status: account.status,
      isDemo: account.is_demo,
      tier: account.tier,
      modules: account.modules,
      trialEndsAt: account.trial_ends_at?.toISOString() ?? null,
      isReadOnly: member.readOnlyReason !== null,
      readOnlyReason: member.readOnlyReason,
    },
    sessionId: member.sessionId,
    language: user.language,
    timeZone: user.time_zone ?? account.time_zone,
  };
}

/** The user with this address, in its canonical spelling. */
export function findPerson(database: Database, email: string): Promise<UserRow | undefined> {
  return findUserByEmail(database, email);
}

/** The ids of the accounts of which somebody is a member, in the order in which several are locked. */
export async function listAccountsOf(database: Database, userId: string): Promise<string[]> {
  return (await findMemberships(database, userId)).map((one) => one.account_id).sort();
}
