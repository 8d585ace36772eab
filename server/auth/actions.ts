import { z } from 'zod';
import type { Me, SignedIn } from '../../contract/auth.ts';
import { getAccount } from '../accounts/access.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/id.ts';
import type { Database } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { limitedAddress } from '../limits/address.ts';
import { accessTokenSeconds } from './access-token.ts';
import { canonicalEmail } from './address.ts';
import { verifyPassword } from './password.ts';
import type { MemberPrincipal } from './principal.ts';
import {
  deleteOldSessions,
  findMemberships,
  findSuccessor,
  findUser,
  findUserByEmail,
  insertSession,
  listLiveSessions,
  type MembershipRow,
  revokeSession,
  revokeSessionsOf,
  rotateSession,
  type SessionRow,
  type UserRow,
} from './queries.ts';
import { hashToken } from './refresh-token.ts';

/** What a sign-in gives: the answer, and the refresh token that goes into a cookie or into the answer. */
export interface Opened {
  answer: SignedIn;
  refreshToken: string;
}

/** For this long an old refresh token still gives its successor: the answer may have been lost on the way. */
const graceSeconds = 10;
const refreshPurpose = (sessionId: string) => `refresh token of ${sessionId}`;
const signInAgain = () => new ApiError('unauthenticated', 'The session has ended. Sign in again.');

/** Signs in with a password. Known and unknown addresses get the same answer after the same time. */
export async function signIn(context: Context, given: { email: string; password: string; ip: string; device: string }): Promise<Opened> {
  const email = canonicalEmail(given.email);
  const person = await context.attempts.guess(`password ${email} ${limitedAddress(given.ip)}`, async () => {
    const user = await findUserByEmail(context.database, email);
    if (!(await verifyPassword(user?.password_hash, given.password)) || !user) return undefined;
    const membership = (await findMemberships(context.database, user.id)).find((one) => one.status === 'active');
    return membership && { user, membership };
  });
  if (!person) throw new ApiError('invalid_credentials', 'The e-mail address or the password is wrong.');
  return openSession(context, person.user, person.membership, given.device);
}

/** Opens a session for somebody whose identity is proven. */
export async function openSession(
  context: Context,
  user: Pick<UserRow, 'id' | 'email' | 'name'>,
  membership: Pick<MembershipRow, 'account_id' | 'role'>,
  device: string,
): Promise<Opened> {
  const id = newId();
  const refreshToken = context.refreshTokens.make(id);
  await insertSession(context.database, {
    id,
    userId: user.id,
    accountId: membership.account_id,
    refreshHash: hashToken(refreshToken),
    device: describeDevice(device),
  });
  return { answer: await answerFor(context, user, membership, id), refreshToken };
}

/** Exchanges a refresh token for its successor. An old one beyond the grace ends the session: somebody has a copy. */
export async function refreshSession(context: Context, token: string): Promise<Opened> {
  const sessionId = context.refreshTokens.sessionOf(token);
  if (sessionId === undefined) throw signInAgain();
  const refreshToken = await takeSuccessor(context, sessionId, token);
  // Asked anew and not from memory: a member who was suspended a moment ago gets no token.
  context.auth.forgetSession(sessionId);
  const session = await context.auth.findSession(sessionId);
  const user = session && (await findUser(context.database, session.user_id));
  if (!session || !user) throw signInAgain();
  return { answer: await answerFor(context, user, session, sessionId), refreshToken };
}

async function takeSuccessor(context: Context, id: string, token: string): Promise<string> {
  const { database, sealer } = context;
  const next = context.refreshTokens.make(id);
  const hash = hashToken(token);
  if (
    await rotateSession(database, { id, hash, nextHash: hashToken(next), nextSealed: sealer.seal(Buffer.from(next), refreshPurpose(id)) })
  )
    return next;
  const sealed = await findSuccessor(database, id, hash, graceSeconds);
  if (sealed) return sealer.open(sealed, refreshPurpose(id)).toString();
  await revokeSession(database, id);
  endHere(context, [id]);
  throw signInAgain();
}

/** Ends one session of a user, or all of them. */
export async function endSessions(context: Context, userId: string, sessionId: string | null): Promise<void> {
  const ended = await revokeSessionsOf(context.database, userId, sessionId);
  endHere(context, ended);
  if (sessionId !== null && ended.length === 0) throw notFound('session');
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
    permissions: [...member.permissions],
    account: { id: account.id, name: account.name, status: account.status, isDemo: account.is_demo },
    sessionId: member.sessionId,
    language: user.language,
    timeZone: user.time_zone ?? account.time_zone,
  };
}

/** The user with this address, in its canonical spelling. */
export function findPerson(database: Database, email: string): Promise<UserRow | undefined> {
  return findUserByEmail(database, email);
}

/** Access tokens stop at once and sockets close; other processes see it within a second. */
function endHere(context: Context, sessionIds: string[]): void {
  for (const id of sessionIds) {
    context.auth.forgetSession(id);
    context.realtime?.closeSession(id);
  }
}

async function answerFor(
  context: Context,
  user: Pick<UserRow, 'id' | 'email' | 'name'>,
  membership: Pick<MembershipRow, 'account_id' | 'role'>,
  sessionId: string,
): Promise<SignedIn> {
  const { account_id: accountId, role } = membership;
  const accessToken = await context.accessTokens.sign({ sub: user.id, accountId, role, sid: sessionId });
  return { accessToken, expiresIn: accessTokenSeconds, user: { id: user.id, email: user.email, name: user.name, role, accountId } };
}

/** Enough of the user agent to recognise a device in a list. */
function describeDevice(userAgent: string): string {
  return userAgent.replaceAll('\u0000', '').slice(0, 200);
}
