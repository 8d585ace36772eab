import { newId } from '../db/id.ts';
import { ApiError } from '../http/errors.ts';
import { describeDatabaseError } from '../http/sqlstate.ts';
import { isAllowedOrigin } from '../public/origins.ts';
import { signIn, signInWithinMs, turnAway } from './admission.ts';
import { clientEvents, stopTyping } from './client-events.ts';
import type { Desk, DeskSocket } from './desk.ts';

/** Events a second, and how many may come at once. */
const eventsPerSecond = 100;
const eventsAtOnce = 300;

/** Namespace /ws: our own pages and programs, each with an access token; a cookie counts for nothing. */
export function acceptMembers(desk: Desk): void {
  const { namespace, context } = desk;
  namespace.use((socket, next) => {
    const { origin, host } = socket.handshake.headers;
    if (!isAllowedOrigin({ origin, host }, [], context.config.publicUrl, 'own'))
      return next(refusal('forbidden', 'This page belongs to another site.'));
    prepare(socket);
    const token: unknown = socket.handshake.auth.token;
    if (token === undefined || token === null) return next();
    if (typeof token !== 'string') return next(refusal('unauthenticated', 'The token is not a text.'));
    context.auth.authenticateToken(token).then(
      (member) => (member ? next() : next(refusal('unauthenticated', 'The token is wrong, has expired, or its session has ended.'))),
      () => next(refusal('unavailable', 'The token cannot be checked right now.')),
    );
  });
  namespace.on('connection', (socket) => {
    socket.on('disconnect', () => forget(desk, socket));
    socket.onAny((name: string, ...given: unknown[]) => receive(desk, socket, name, given));
    const token: unknown = socket.handshake.auth.token;
    socket.data.deadline = setTimeout(() => turnAway(socket, 'Nobody signed in within ten seconds.'), signInWithinMs);
    if (typeof token === 'string') enqueue(desk, socket, () => signIn(desk, socket, token), undefined);
  });
}

function prepare(socket: DeskSocket): void {
  const now = Date.now();
  Object.assign(socket.data, {
    id: newId(),
    status: 'online',
    viewing: new Set(),
    typing: new Map(),
    heardAt: now,
    last: Promise.resolve(),
    allowance: { left: eventsAtOnce, at: now },
  } satisfies DeskSocket['data']);
}

type Acknowledge = (answer: { ok: true } | { ok: false; code: string; message: string }) => void;

/** One event of a client, whatever it is: answered by its acknowledgement, and by `error` when it is refused. */
function receive(desk: Desk, socket: DeskSocket, name: string, given: unknown[]): void {
  const last = given.at(-1);
  const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined;
  const body = given[0] === last && acknowledge ? undefined : given[0];
  const run = clientEvents.get(name);
  if (!takeAllowance(socket)) return refuse(socket, new ApiError('rate_limit_exceeded', 'Too many events.'), acknowledge);
  if (!run) return refuse(socket, new ApiError('validation_error', 'There is no such event.'), acknowledge);
  enqueue(desk, socket, () => run(desk, socket, body), acknowledge);
}

/** Events of one connection take effect in the order in which they came. */
function enqueue(desk: Desk, socket: DeskSocket, work: () => Promise<void>, acknowledge: Acknowledge | undefined): void {
  socket.data.last = socket.data.last.then(async () => {
    if (!socket.connected) return;
    try {
      await work();
      acknowledge?.({ ok: true });
    } catch (error) {
      refuse(socket, problemOf(desk, error), acknowledge);
    }
  });
}

function problemOf({ context }: Desk, error: unknown): ApiError {
  const known = error instanceof ApiError ? error : describeDatabaseError(error);
  if (!known) context.log.error({ err: error }, 'an event of a socket failed');
  return known ?? new ApiError('internal_error', 'Something went wrong on our side.');
}

function refuse(socket: DeskSocket, { code, message }: ApiError, acknowledge: Acknowledge | undefined): void {
  acknowledge?.({ ok: false, code, message });
  socket.emit('error', { code, message });
}

function takeAllowance({ data }: DeskSocket): boolean {
  const now = Date.now();
  const left = Math.min(eventsAtOnce, data.allowance.left + ((now - data.allowance.at) * eventsPerSecond) / 1_000);
  data.allowance = { left: Math.max(0, left - 1), at: now };
  return left >= 1;
}

function forget(desk: Desk, socket: DeskSocket): void {
  const { member, typing, deadline } = socket.data;
  clearTimeout(deadline);
  if (!member) return;
  for (const conversationId of typing.keys()) {
    stopTyping(desk, socket, member, conversationId).catch((error: unknown) =>
      desk.context.log.debug({ err: error }, 'the end of typing was not told'),
    );
  }
  // After what the connection still had under way: a row written later would stay.
  void socket.data.last.then(() => desk.presence.left(socket));
}

function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { data: { code, message } });
}
