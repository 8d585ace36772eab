import { accountStateOf, type Authenticator, permissionsHeld } from '../auth/authenticate.ts';
import { mayRead } from '../http/access.ts';
import { ApiError } from '../http/errors.ts';
import { accountRoom, type Desk, type DeskSocket } from './desk.ts';
import { takeSeat } from './rooms.ts';

type HeldMember = NonNullable<DeskSocket['data']['member']>;
type LiveSession = NonNullable<Awaited<ReturnType<Authenticator['findSession']>>>;

/** From the connection to the first token. */
export const signInWithinMs = 10_000;

/** Lets a connection in by an access token, or extends one that is in: only to the same member of the same account. */
export async function signIn(desk: Desk, socket: DeskSocket, token: string): Promise<void> {
  const member = await desk.context.auth.authenticateToken(token);
  if (!member) throw new ApiError('unauthenticated', 'The token is wrong, has expired, or its session has ended.');
  const before = socket.data.member;
  if (before && (before.userId !== member.userId || before.accountId !== member.accountId)) {
    throw new ApiError('forbidden', 'This connection belongs to another member: open a new one.');
  }
  if (!socket.connected) return;
  socket.data.member = member;
  clearTimeout(socket.data.deadline);
  socket.data.deadline = setTimeout(() => turnAway(socket, 'The access token has expired.'), member.expiresAt.getTime() - Date.now());
  await takeSeat(desk, socket);
  const present = await desk.presence.write(socket);
  const presence = mayRead(member, 'conversation.read') ? present : [];
  socket.emit('authenticated', { userId: member.userId, accountId: member.accountId, presence });
}

/** Ends a connection whose token no longer counts. */
export function turnAway(socket: DeskSocket, message: string): void {
  socket.emit('error', { code: 'unauthenticated', message });
  socket.disconnect(true);
}

const recheckMs = 500;

/**
 * Asks for all sessions with a socket here, in one statement, whether they live: a revocation, suspension or change
 * of role in any process acts within a second.
 */
export function recheckSessions(desk: Desk): () => Promise<void> {
  const { context, namespace } = desk;
  let asking: Promise<void> = Promise.resolve();
  let isAsking = false;

  async function recheck(): Promise<void> {
    const sockets = [...namespace.sockets.values()];
    const ids = new Set(sockets.flatMap((socket) => socket.data.member?.sessionId ?? []));
    if (ids.size === 0) return;
    const live = await context.auth.findLiveSessions([...ids]);
    for (const socket of sockets) {
      const { member } = socket.data;
      if (!member || !ids.has(member.sessionId)) continue;
      const session = live.get(member.sessionId);
      if (session === undefined || session.account_id !== member.accountId) turnAway(socket, 'The session has ended.');
      else await follow(desk, socket, member, session);
    }
  }

  const timer = setInterval(() => {
    if (isAsking) return;
    isAsking = true;
    asking = recheck()
      // While the database is away nobody can have been revoked through it.
      .catch((error: unknown) => context.log.debug({ err: error }, 'sessions of sockets were not checked'))
      .finally(() => {
        isAsking = false;
      });
  }, recheckMs);
  return async () => {
    clearInterval(timer);
    await asking;
  };
}

/** From here on the connection may do and hear what its member may now. */
async function follow(desk: Desk, socket: DeskSocket, member: HeldMember, session: LiveSession): Promise<void> {
  const now: HeldMember = {
    ...member,
    role: session.role,
    roleId: session.role_id,
    roleName: session.role_name,
    isSuperadmin: session.is_superadmin,
    permissions: permissionsHeld(session),
    ...accountStateOf(session),
  };
  socket.data.member = now;
  // By the rooms and not by what was allowed before: an event under way may have joined one since.
  const hears = socket.rooms.has(accountRoom(member.accountId)) || socket.data.viewing.size > 0;
  if (socket.connected && mayRead(now, 'conversation.read') !== hears) await takeSeat(desk, socket);
}
