import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../contract/socket.ts';
import { patchConversation } from './cache.ts';
import { askCounts, catchUp, hearConversation, hearMessage, hearReport, listenTo } from './hear.ts';
import { flushOutbox } from './outbox.ts';
import { changeLive, setPresence, setTyping, setViewing } from './presence.ts';
import { readMe, readToken, renewToken, subscribe } from './session.ts';

const heartbeatMs = 30_000;
/** How often to ask over HTTP while the live line is cut. */
const askMs = 15_000;
let socket: Socket<ServerEvents, ClientEvents> | null = null;
let joined: string | null = null;

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
    listenTo(null);
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
    if (body.conversationId === joined) listenTo(joined);
    hearReport(body.conversationId, body.seq);
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
  listenTo(null);
  socket?.emit('join_conversation', { conversationId });
  return () => {
    if (joined === conversationId) joined = null;
    socket?.emit('leave_conversation', { conversationId });
  };
}

export function tellTyping(conversationId: string, isTyping: boolean): void {
  if (socket?.connected) socket.emit('typing', { conversationId, isTyping });
}
