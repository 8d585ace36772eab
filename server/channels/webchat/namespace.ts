import type { Namespace, Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { VisitorClientEvents, VisitorServerEvents } from '../../../contract/socket.ts';
import type { Database } from '../../db/pool.ts';
import type { Endpoints } from '../../message/inbound/endpoint.ts';
import type { Receiver } from '../../message/inbound/receive.ts';
import { isAllowedOrigin } from '../../public/origins.ts';
import { findMessagesForVisitors, findVisitorConversation, findVisitorsOf } from './queries.ts';
import type { VisitorTokens } from './token.ts';
import { acknowledge, presentToVisitor, type Visitor } from './visitor.ts';

export interface VisitorNamespaceOptions {
  endpoints: Endpoints;
  receiver: Receiver;
  database: Database;
  tokens: VisitorTokens;
  publicUrl: string;
  /** A visitor began or stopped to write; `userId` is their contact. */
  typed: (accountId: string, typing: { conversationId: string; userId: string; isTyping: boolean }) => void | Promise<void>;
  failed: (error: unknown) => void;
}

/** A committed change, as announcements carry it; what is of no interest to visitors is left aside. */
export interface VisitorChange {
  type: string;
  conversationId?: string;
  messageId?: string;
  /** Who types: a member, or the contact, who is not told of their own typing. */
  userId?: string;
  isTyping?: boolean;
}

export interface Visitors {
  /** Tells the visitors connected to this process what was committed. Every process is told everything. */
  tell(accountId: string, changes: VisitorChange[]): Promise<void>;
}

interface Held {
  visitor: Visitor;
  typedAt: number;
  isTyping: boolean;
  allowance: { left: number; at: number };
}
type VisitorNamespace = Namespace<VisitorClientEvents, VisitorServerEvents, Record<string, never>, Held>;
type VisitorSocket = Socket<VisitorClientEvents, VisitorServerEvents, Record<string, never>, Held>;

const handshake = z.object({ key: z.string().min(1).max(200), token: z.string().min(1).max(200) });
const typingEveryMs = 500;
/** Events a second, and how many may come at once: a page acknowledges what it shows, each answer twice. */
const eventsPerSecond = 20;
const eventsAtOnce = 200;

/** Namespace /chat: a visitor hears of their own conversation and of nothing else. */
export function attachVisitorNamespace(io: Server, options: VisitorNamespaceOptions): Visitors {
  // A server's namespaces share its event types; this one has its own.
  const namespace = io.of('/chat') as unknown as VisitorNamespace;
  namespace.use((socket, next) => void letIn(options, socket, next));
  namespace.on('connection', (socket) => {
    void socket.join(roomOf(socket.data.visitor.inbox.id, socket.data.visitor.visitorId));
    listen(options, socket);
  });
  return { tell: (accountId, changes) => tell(options, namespace, accountId, changes) };
}

/** The answer goes through a callback, as Socket.IO asks. */
async function letIn(options: VisitorNamespaceOptions, socket: VisitorSocket, next: (error?: Error) => void): Promise<void> {
  try {
    await admit(options, socket);
  } catch (error) {
    next(error instanceof Error ? error : new Error('unavailable'));
    return;
  }
  next();
}

async function admit(options: VisitorNamespaceOptions, socket: VisitorSocket): Promise<void> {
  const given = handshake.safeParse(socket.handshake.auth);
  if (!given.success) throw new Error('unauthenticated');
  const [inbox] = await options.endpoints.byKey(given.data.key);
  const visitorId = inbox?.channel === 'webchat' ? options.tokens.read(inbox.id, given.data.token) : null;
  if (!inbox || visitorId === null) throw new Error('unauthenticated');
  const { origin, host } = socket.handshake.headers;
  if (!isAllowedOrigin({ origin, host }, inbox.settings.allowedOrigins, options.publicUrl, 'any')) throw new Error('forbidden');
  socket.data.visitor = { inbox, visitorId };
  Object.assign(socket.data, { typedAt: 0, isTyping: false, allowance: { left: eventsAtOnce, at: Date.now() } });
}

function listen(options: VisitorNamespaceOptions, socket: VisitorSocket): void {
  const { visitor } = socket.data;
  const take = (status: 'delivered' | 'read') => (body: unknown) => {
    const given = z.object({ messageId: z.uuid() }).safeParse(body);
    if (!given.success || !takeAllowance(socket)) return;
    acknowledge(options.database, options.receiver, visitor, given.data.messageId, status, `socket ${socket.id}`).catch(options.failed);
  };
  socket.on('received', take('delivered'));
  socket.on('read', take('read'));
  socket.on('typing', (body: unknown) => {
    const given = z.object({ isTyping: z.boolean() }).safeParse(body);
    const now = Date.now();
    if (!given.success || !isNews(socket, given.data.isTyping, now) || !takeAllowance(socket)) return;
    Object.assign(socket.data, { typedAt: now, isTyping: given.data.isTyping });
    passTyping(options, visitor, given.data.isTyping).catch(options.failed);
  });
}

/** Whoever types says so again and again; whoever stopped says it once. */
function isNews({ data }: VisitorSocket, isTyping: boolean, now: number): boolean {
  return isTyping ? now - data.typedAt >= typingEveryMs : data.isTyping;
}

/** What comes faster than any page sends is dropped: each event costs the database a question. */
function takeAllowance({ data }: VisitorSocket): boolean {
  const now = Date.now();
  const left = Math.min(eventsAtOnce, data.allowance.left + ((now - data.allowance.at) * eventsPerSecond) / 1_000);
  data.allowance = { left: Math.max(0, left - 1), at: now };
  return left >= 1;
}

async function passTyping(options: VisitorNamespaceOptions, { inbox, visitorId }: Visitor, isTyping: boolean): Promise<void> {
  const found = await options.database.withAccount(inbox.accountId, (tx) => findVisitorConversation(tx, inbox.id, visitorId));
  if (found) await options.typed(inbox.accountId, { conversationId: found.id, userId: found.contact_id, isTyping });
}

async function tell(
  options: VisitorNamespaceOptions,
  namespace: VisitorNamespace,
  accountId: string,
  changes: VisitorChange[],
): Promise<void> {
  // Most accounts have no visitor here at most times: then the database is not asked.
  if (![...namespace.sockets.values()].some((socket) => socket.data.visitor.inbox.accountId === accountId)) return;
  const written = new Set(
    changes.flatMap(({ type, messageId }) => (messageId && (type === 'message:new' || type === 'message:update') ? [messageId] : [])),
  );
  const ticked = new Set(changes.flatMap(({ type, messageId }) => (messageId && type === 'message:status' ? [messageId] : [])));
  const typing = new Map(
    changes.flatMap(({ type, conversationId, userId, isTyping }) =>
      type === 'typing' && conversationId ? [[conversationId, { userId, isTyping: isTyping === true }] as const] : [],
    ),
  );
  if (written.size + ticked.size + typing.size === 0) return;
  const { messages, conversations } = await options.database.withAccount(accountId, async (tx) => ({
    messages: await findMessagesForVisitors(tx, [...written, ...ticked]),
    conversations: typing.size > 0 ? await findVisitorsOf(tx, [...typing.keys()]) : [],
  }));
  for (const row of messages) {
    const room = namespace.local.to(roomOf(row.inbox_id, row.visitor_id));
    if (written.has(row.id)) room.emit('message:new', { message: presentToVisitor(row) });
    if (ticked.has(row.id)) room.emit('message:status', { messageId: row.id, status: row.status });
  }
  for (const row of conversations) {
    const now = typing.get(row.id);
    if (now && now.userId !== row.contact_id)
      namespace.local.to(roomOf(row.inbox_id, row.visitor_id)).emit('typing', { isTyping: now.isTyping });
  }
}

function roomOf(inboxId: string, visitorId: string): string {
  return `visitor ${inboxId} ${visitorId}`;
}
