import type { Server as HttpServer } from 'node:http';
import { Server } from 'socket.io';
import type { Context } from './context.ts';
import type { Listener } from './message/announce.ts';
import { armPath } from './http/armour.ts';
import { createClientAddress } from './http/client-address.ts';
import { announce } from './db/announcements.ts';
import { attachVisitorNamespace } from './channels/webchat/namespace.ts';
import { createVisitorTokens } from './channels/webchat/token.ts';
import { recheckSessions, turnAway } from './realtime/admission.ts';
import { accountRoom, type Desk, type DeskNamespace } from './realtime/desk.ts';
import { acceptMembers } from './realtime/members.ts';
import { createPresence } from './realtime/presence.ts';
import { countStrangers } from './realtime/strangers.ts';
import { watchSlowReaders } from './realtime/slow-readers.ts';
import { createTeller } from './realtime/tell.ts';

export interface Realtime {
  /** Who hears what: to be given to the announcer. */
  listener: Listener;
  /** Closes the sockets of a session at once; other processes notice within a second. */
  closeSession(sessionId: string): void;
  /** Sends everybody away; clients reconnect elsewhere and ask for what they missed. */
  close(): Promise<void>;
}

/** Payloads of clients are ids and a token. */
const payloadBytesMax = 64 * 1024;

/** The sockets of this process: members in /ws, visitors in /chat. They tell what was committed and nothing else. */
export function startRealtime(server: HttpServer, context: Context): Realtime {
  let isClosing = false;
  const io = new Server(server, {
    path: '/socket.io',
    serveClient: false,
    maxHttpBufferSize: payloadBytesMax,
    perMessageDeflate: false,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    connectTimeout: 10_000,
    allowRequest: (request, decide) => decide(null, !isClosing && isReadableOrigin(request.headers.origin) && strangers.admits(request)),
  });
  const strangers = countStrangers(io, createClientAddress(context.config.trustedProxies));
  armPath(server, '/socket.io', context.config);
  // The nameless namespace has no doorkeeper of its own, and nobody has business there.
  io.use((_socket, next) => next(new Error('There is nothing here: connect to /ws or /chat.')));
  // A server's namespaces share its event types; this one has its own.
  const namespace = io.of('/ws') as unknown as DeskNamespace;
  const desk: Desk = { context, namespace, presence: createPresence(context, namespace) };
  acceptMembers(desk);
  const visitors = attachVisitorNamespace(io, {
    endpoints: context.line.endpoints,
    receiver: context.line.receiver,
    database: context.database,
    tokens: createVisitorTokens(context.config.secretKey),
    publicUrl: context.config.publicUrl,
    async typed(accountId, typing) {
      await context.database.withAccount(accountId, (tx) => announce(tx, [{ type: 'typing', ...typing }]));
      context.announcer.wake();
    },
    failed: (error) => context.log.warn({ err: error }, 'an event of a visitor failed'),
  });
  const tellMembers = createTeller(desk);
  const stopRechecking = recheckSessions(desk);
  const stopWatching = watchSlowReaders(io, context.log);
  context.metrics.sockets(() => io.engine.clientsCount);

  return {
    listener: {
      hears: (accountId) => namespace.adapter.rooms.has(accountRoom(accountId)) || io.of('/chat').sockets.size > 0,
      async tell(news) {
        await Promise.all([tellMembers(news), visitors.tell(news.accountId, news.changes)]);
      },
    },
    closeSession(sessionId) {
      for (const socket of namespace.sockets.values())
        if (socket.data.member?.sessionId === sessionId) turnAway(socket, 'The session has ended.');
    },
    async close() {
      isClosing = true;
      stopWatching();
      await stopRechecking();
      const sockets = [...namespace.sockets.values()];
      for (const name of ['/ws', '/chat']) io.of(name).disconnectSockets(true);
      io.engine.close();
      await Promise.all(sockets.map((socket) => socket.data.last));
      await new Promise((resolve) => setImmediate(resolve));
      await desk.presence.close();
    },
  };
}

/** Which origins may speak is each namespace's own question: members come from our pages, visitors from the sites of their inbox. */
function isReadableOrigin(origin: string | undefined): boolean {
  return origin === undefined || URL.canParse(origin);
}
