import { notifyManager } from '@tanstack/react-query';
import { io, type Socket } from 'socket.io-client';
import type { Conversation, Message } from '../contract/conversation.ts';
import type { ClientEvents, ServerEvents, SharedConversation } from '../contract/socket.ts';
import { call } from './api.ts';
import { findConversation, patchConversation, putConversation, putMessages } from './cache.ts';
import { flushOutbox, settleOutgoing } from './outbox.ts';
import { paths } from './paths.ts';
import { changeLive, setPresence, setTyping, setViewing } from './presence.ts';
import { countsQuery, queryClient, threadQuery } from './queries.ts';
import { readMe, readToken, renewToken, subscribe } from './session.ts';

const heartbeatMs = 30_000;
const countsWaitMs = 700;
/** How often to ask over HTTP while the live line is cut. */
const askMs = 15_000;
let socket: Socket<ServerEvents, ClientEvents> | null = null;
let joined: string | null = null;
let countsTimer: ReturnType<typeof setTimeout> | undefined;
/** Up to which seq each loaded thread is complete. */
const heardSeq = new Map<string, number>();
/** Messages already counted as unread; a message may be told of twice. */
const counted = new Set<string>();
const resyncing = new Set<string>();

/** Opens the line to the server; what it hears goes into the query cache. Answers with the way to close it. */
export function openLine(): () => void {
  const line: Socket<ServerEvents, ClientEvents> = io('/ws', {
    transports: ['websocket'],
    auth: (give) =>
      void renewToken().then(
        (token) => give({ token }),
        () => give({}),
      ),
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
  });
  socket = line;
  listen(line);
  const beat = setInterval(() => line.connected && line.emit('heartbeat'), heartbeatMs);
  const asking = setInterval(() => !line.connected && catchUp(), askMs);
  const stopFollowing = followToken(line);
  // The network is back: the next attempt need not wait for its turn.
  const again = () => !line.connected && line.disconnect().connect();
  window.addEventListener('online', again);
  return () => {
    window.removeEventListener('online', again);
    clearInterval(beat);
    clearInterval(asking);
    stopFollowing();
    line.disconnect();
    socket = null;
    changeLive({ line: 'connecting', viewing: {}, typing: {} });
  };
}

function listen(line: Socket<ServerEvents, ClientEvents>): void {
  let isFirst = true;
  line.on('connect', () => {
    changeLive({ line: 'up' });
    if (joined) line.emit('join_conversation', { conversationId: joined });
    if (!isFirst) catchUp();
    isFirst = false;
    void flushOutbox();
  });
  line.on('disconnect', (reason) => {
    changeLive({ line: 'down', viewing: {}, typing: {} });
    askCounts();
    if (reason === 'io server disconnect') connectAnew(line);
  });
  line.on('connect_error', () => {
    changeLive({ line: 'down' });
    // Refused by the server, not by the network: the token may be over.
    if (!line.active) connectAnew(line);
  });
  line.on('authenticated', (body) => changeLive({ presence: Object.fromEntries(body.presence.map((one) => [one.userId, one.status])) }));
  line.on('joined_conversation', (body) => {
    setViewing(body.conversationId, body.userIds);
    heard(body.conversationId, body.seq, true);
  });
  line.on('message:new', (body) => hearMessage(body.conversationId, body.seq, body.message, true));
  line.on('message:update', (body) => hearMessage(body.conversationId, body.seq, body.message, false));
  line.on('message:status', (body) => hearMessage(body.conversationId, body.seq, body.message, false));
  line.on('conversation:new', (body) => hearConversation(body.conversation, body.seq));
  line.on('conversation:update', (body) => hearConversation(body.conversation, body.seq));
  line.on('marked_read', (body) => {
    patchConversation(body.conversationId, (conversation) => ({ ...conversation, unreadCount: body.unreadCount }));
    askCounts();
  });
  line.on('presence:update', (body) => setPresence(body.userId, body.status));
  line.on('viewing', (body) => setViewing(body.conversationId, body.userIds));
  line.on('typing', (body) => setTyping(body.conversationId, body.userId, body.isTyping));
}

/** With a new token, once the server gives one. A session that is over ends here. */
function connectAnew(line: Socket<ServerEvents, ClientEvents>): void {
  setTimeout(() => {
    if (socket !== line) return;
    renewToken(readToken()).then(
      (token) => token && line.connect(),
      () => connectAnew(line),
    );
  }, 1000);
}

function hearMessage(conversationId: string, seq: number, message: Message, isNew: boolean): void {
  notifyManager.batch(() => {
    if (isNew) settleOutgoing(message);
    putMessages(conversationId, [message]);
    if (message.author) setTyping(conversationId, message.author.id, false);
    if (isNew && message.direction === 'in' && !counted.has(message.id)) {
      remember(message.id);
      patchConversation(conversationId, (known) => ({ ...known, unreadCount: known.unreadCount + 1 }));
    }
    patchConversation(conversationId, (known) =>
      known.lastMessage && known.lastMessage.seq > message.seq ? known : { ...known, lastMessage: message },
    );
  });
  heard(conversationId, seq);
  askCounts();
}

function hearConversation(conversation: SharedConversation, seq: number): void {
  if (findConversation(conversation.id)) putConversation(conversation);
  // Its unread count is this member's own and comes over HTTP.
  else
    void call<Conversation>(paths.conversation(conversation.id)).then(
      (own) => putConversation(own, own.unreadCount),
      () => undefined,
    );
  heard(conversation.id, seq);
  askCounts();
}

/** Notes a seq; where one is missing between, asks for all that changed since. */
function heard(conversationId: string, seq: number, isReport = false): void {
  const thread = queryClient.getQueryData(threadQuery(conversationId).queryKey);
  if (!thread) return;
  const known = heardSeq.get(conversationId) ?? Math.max(0, ...thread.messages.map((message) => message.changeSeq));
  if (seq <= known) return;
  if (seq === known + 1 && !isReport) heardSeq.set(conversationId, seq);
  else void resync(conversationId, known);
}

/** Everything that changed in a conversation after a seq, page by page. */
async function resync(conversationId: string, since: number): Promise<void> {
  if (resyncing.has(conversationId)) return;
  resyncing.add(conversationId);
  try {
    let from = since;
    for (let more = true; more; ) {
      const changes = await call<{ seq: number; conversation: Conversation; messages: Message[]; more: boolean }>(
        paths.changes(conversationId, from),
      );
      for (const message of changes.messages) settleOutgoing(message);
      putMessages(conversationId, changes.messages);
      putConversation(changes.conversation, changes.conversation.unreadCount);
      from = changes.more ? (changes.messages.at(-1)?.changeSeq ?? changes.seq) : changes.seq;
      more = changes.more;
    }
    heardSeq.set(conversationId, from);
  } catch {
    // The next word about this conversation, or the next reconnect, asks again.
  } finally {
    resyncing.delete(conversationId);
  }
}

/** After a cut: the open thread by its changes, the lists and counts anew, threads out of sight when they are next opened. */
function catchUp(): void {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ['thread'] })) {
    const id = query.queryKey[1] as string;
    const known = heardSeq.get(id) ?? 0;
    if (query.isActive()) void resync(id, known);
    else {
      heardSeq.delete(id);
      queryClient.removeQueries({ queryKey: query.queryKey });
    }
  }
  for (const key of ['list', 'conversation', 'counts']) void queryClient.invalidateQueries({ queryKey: [key] });
}

function askCounts(): void {
  if (countsTimer) return;
  countsTimer = setTimeout(() => {
    countsTimer = undefined;
    void queryClient.invalidateQueries(countsQuery);
  }, countsWaitMs);
}

function remember(messageId: string): void {
  counted.add(messageId);
  const oldest = counted.values().next().value;
  if (counted.size > 5000 && oldest) counted.delete(oldest);
}

/** A renewed token goes to the open socket too, or the server closes it when the old one ends. */
function followToken(line: Socket<ServerEvents, ClientEvents>): () => void {
  let told = readToken();
  const renewal = setInterval(() => void renewToken(readToken()).catch(() => null), 13 * 60_000);
  const stop = subscribe(() => {
    const token = readToken();
    if (!readMe()) return;
    if (token && token !== told && line.connected) line.emit('authenticate', { token });
    told = token;
  });
  return () => {
    clearInterval(renewal);
    stop();
  };
}

/** Says which conversation this window shows. */
export function watchConversation(conversationId: string): () => void {
  joined = conversationId;
  socket?.emit('join_conversation', { conversationId });
  return () => {
    if (joined === conversationId) joined = null;
    socket?.emit('leave_conversation', { conversationId });
  };
}

export function tellTyping(conversationId: string, isTyping: boolean): void {
  if (socket?.connected) socket.emit('typing', { conversationId, isTyping });
}
