import { z } from 'zod';
import { id } from '../../contract/common.ts';
import type { Permission } from '../../contract/permissions.ts';
import { getConversationSeq } from '../conversations/access.ts';
import { markRead } from '../conversations/reading.ts';
import { announce } from '../db/announcements.ts';
import { requireAllowed } from '../http/access.ts';
import { ApiError } from '../http/errors.ts';
import { signIn } from './admission.ts';
import { conversationRoom, type Desk, type DeskSocket } from './desk.ts';
import { silentAfterMs } from './presence.ts';

type Member = NonNullable<DeskSocket['data']['member']>;
type Run = (desk: Desk, socket: DeskSocket, body: unknown) => Promise<void>;

/** A client event: its strict payload, who may send it and whether it changes anything, what it does. */
function event<Body>(
  schema: z.ZodType<Body>,
  [access, kind]: readonly [Permission | 'session', 'read' | 'change'],
  run: (desk: Desk, socket: DeskSocket, member: Member, body: Body) => Promise<void>,
): Run {
  return async (desk, socket, given) => {
    const { member } = socket.data;
    if (!member) throw new ApiError('unauthenticated', 'Sign in first: authenticate {token}.');
    if (access !== 'session') requireAllowed(member, access, kind);
    await run(desk, socket, member, read(schema, given));
  };
}

function read<Body>(schema: z.ZodType<Body>, given: unknown): Body {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiError('validation_error', `${issue?.path.join('.') || 'The body'}: ${issue?.message ?? 'does not fit'}.`);
}

const present = ['session', 'read'] as const;
const reading = ['conversation.read', 'read'] as const;
const marking = ['conversation.read', 'change'] as const;
const writing = ['conversation.write', 'change'] as const;
const inConversation = z.strictObject({ conversationId: id });

/** Everything a client may say. */
export const clientEvents = new Map<string, Run>([
  [
    'authenticate',
    async (desk, socket, body) => signIn(desk, socket, read(z.strictObject({ token: z.string().min(1).max(4_096) }), body).token),
  ],
  [
    'join_conversation',
    event(inConversation, reading, (desk, socket, member, { conversationId }) => join(desk, socket, member, conversationId)),
  ],
  [
    'leave_conversation',
    event(inConversation, reading, (desk, socket, member, { conversationId }) => leave(desk, socket, member, conversationId)),
  ],
  [
    'typing',
    event(z.strictObject({ conversationId: id, isTyping: z.boolean() }), writing, async (desk, socket, member, body) => {
      if (!socket.data.viewing.has(body.conversationId))
        await desk.context.database.withAccount(member.accountId, (tx) => getConversationSeq(tx, body.conversationId));
      await (body.isTyping ? startTyping : stopTyping)(desk, socket, member, body.conversationId);
    }),
  ],
  [
    'mark_read',
    event(z.strictObject({ conversationId: id, messageId: id }), marking, async (desk, socket, member, { conversationId, messageId }) => {
      const unreadCount = await markRead(desk.context, member, conversationId, messageId);
      socket.emit('marked_read', { conversationId, messageId, unreadCount });
    }),
  ],
  [
    'presence:update_status',
    event(z.strictObject({ status: z.enum(['online', 'away', 'busy', 'offline']) }), present, async (desk, socket, _member, { status }) => {
      socket.data.status = status;
      socket.data.heardAt = Date.now();
      await desk.presence.write(socket);
    }),
  ],
  ['heartbeat', event(z.unknown(), present, (desk, socket) => beat(desk, socket))],
]);

const joinedMax = 200;

async function join(desk: Desk, socket: DeskSocket, member: Member, conversationId: string): Promise<void> {
  const { viewing } = socket.data;
  if (viewing.size >= joinedMax && !viewing.has(conversationId))
    throw new ApiError('conflict', `Leave one first: a connection joins at most ${joinedMax} conversations.`);
  await desk.context.database.withAccount(member.accountId, (tx) => getConversationSeq(tx, conversationId));
  await socket.join(conversationRoom(member.accountId, conversationId));
  viewing.add(conversationId);
  const userIds = await desk.presence.writeViewing(socket, conversationId);
  // Read after joining: whatever commits from here on is heard, what committed before is in the seq.
  const seq = await desk.context.database.withAccount(member.accountId, (tx) => getConversationSeq(tx, conversationId));
  socket.emit('joined_conversation', { conversationId, seq, userIds });
}

async function leave(desk: Desk, socket: DeskSocket, member: Member, conversationId: string): Promise<void> {
  await desk.context.database.withAccount(member.accountId, (tx) => getConversationSeq(tx, conversationId));
  await stopTyping(desk, socket, member, conversationId);
  await socket.leave(conversationRoom(member.accountId, conversationId));
  if (socket.data.viewing.delete(conversationId)) await desk.presence.writeViewing(socket, conversationId);
  socket.emit('left_conversation', { conversationId });
}

/** Somebody who types says so every two seconds; silence a little longer than that is a stop. */
const typingStopsMs = 2_500;
const typingAgainMs = 1_000;

async function startTyping(desk: Desk, socket: DeskSocket, member: Member, conversationId: string): Promise<void> {
  const { typing } = socket.data;
  const known = typing.get(conversationId);
  clearTimeout(known?.timer);
  const isNews = !known || Date.now() - known.toldAt >= typingAgainMs;
  const timer = setTimeout(() => {
    stopTyping(desk, socket, member, conversationId).catch((error: unknown) =>
      desk.context.log.debug({ err: error }, 'the end of typing was not told'),
    );
  }, typingStopsMs);
  typing.set(conversationId, { timer, toldAt: isNews ? Date.now() : (known?.toldAt ?? 0) });
  if (isNews) await tellTyping(desk, member, conversationId, true);
}

/** Tells that this connection types no more, if it did. */
export async function stopTyping(desk: Desk, socket: DeskSocket, member: Member, conversationId: string): Promise<void> {
  const known = socket.data.typing.get(conversationId);
  if (!known) return;
  clearTimeout(known.timer);
  socket.data.typing.delete(conversationId);
  await tellTyping(desk, member, conversationId, false);
}

async function tellTyping({ context }: Desk, { accountId, userId }: Member, conversationId: string, isTyping: boolean): Promise<void> {
  await context.database.withAccount(accountId, (tx) => announce(tx, [{ type: 'typing', conversationId, userId, isTyping }]));
  context.announcer.wake();
}

async function beat(desk: Desk, socket: DeskSocket): Promise<void> {
  const wasSilent = Date.now() - socket.data.heardAt >= silentAfterMs;
  socket.data.heardAt = Date.now();
  if (wasSilent) await desk.presence.write(socket);
  socket.emit('heartbeat:ack', { at: new Date().toISOString() });
}
