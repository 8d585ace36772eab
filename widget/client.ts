import { io, type Socket } from 'socket.io-client';
import type { VisitorClientEvents, VisitorMessage, VisitorServerEvents } from '../contract/socket.ts';
import { type Api, CallError, createApi, type Session } from './api.ts';
import { type Kept, readKept, type Waiting, writeKept } from './kept.ts';

export interface ChatState {
  inbox: Session['inbox'] | null;
  /** Oldest first. */
  messages: VisitorMessage[];
  waiting: Waiting[];
  /** There are earlier messages to load. */
  hasOlder: boolean;
  isTyping: boolean;
  connection: 'idle' | 'connecting' | 'online' | 'offline' | 'refused';
  unread: number;
}

export interface ChatClient {
  state(): ChatState;
  /** Connects when a visit may have something to show. */
  start(): void;
  send(text: string): void;
  retry(id: string): void;
  loadOlder(): Promise<void>;
  typing(isTyping: boolean): void;
  /** The visitor sees the conversation now, or no longer. */
  look(isLooking: boolean): void;
}

const pollMs = 10_000;
const typingFadesMs = 6_000;

/** The visitor's side of the conversation: keeps what has not left, asks again for what it missed. */
export function createClient(base: string, key: string, changed: () => void): ChatClient {
  const api: Api = createApi(base, key);
  const kept: Kept = readKept(key);
  const byId = new Map<string, VisitorMessage>();
  const state: ChatState = {
    inbox: null,
    messages: [],
    waiting: kept.waiting,
    hasOlder: false,
    isTyping: false,
    connection: 'idle',
    unread: 0,
  };
  let socket: Socket<VisitorServerEvents, VisitorClientEvents> | undefined;
  let olderCursor: string | null = null;
  let isLooking = false;
  let isFlushing = false;
  let starting: Promise<void> | undefined;
  let fade: ReturnType<typeof setTimeout> | undefined;
  const acknowledged = new Set<string>();

  function update(change: Partial<ChatState> = {}) {
    Object.assign(state, change);
    state.messages = [...byId.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
    state.unread = state.messages.filter((message) => message.direction === 'out' && message.status !== 'read').length;
    changed();
  }

  function keep() {
    kept.waiting = state.waiting;
    writeKept(key, kept);
  }

  function take(messages: VisitorMessage[]) {
    for (const message of messages) {
      byId.set(message.id, message);
      if (message.clientId !== null) state.waiting = state.waiting.filter(({ id }) => id !== message.clientId);
    }
    keep();
    update();
    acknowledge();
  }

  /** "received" once for each answer, "read" once when it is in view. */
  function acknowledge() {
    if (!socket?.connected) return;
    for (const message of byId.values()) {
      if (message.direction !== 'out' || message.status === 'read') continue;
      const step = isLooking ? 'read' : 'received';
      if (step === 'received' && message.status === 'delivered') continue;
      if (acknowledged.has(`${step} ${message.id}`)) continue;
      acknowledged.add(`${step} ${message.id}`);
      socket.emit(step, { messageId: message.id });
      if (isLooking) byId.set(message.id, { ...message, status: 'read' });
    }
    update();
  }

  function begin(): Promise<void> {
    starting ??= open().finally(() => (starting = undefined));
    return starting;
  }

  async function open() {
    update({ connection: 'connecting' });
    try {
      const session = await api.start(kept.token);
      if (kept.token !== session.token) byId.clear();
      kept.token = session.token;
      olderCursor = session.nextCursor;
      update({ inbox: session.inbox, hasOlder: session.nextCursor !== null, connection: 'online' });
      take(session.messages);
      connect();
      void flush();
    } catch (error) {
      const isRefused = error instanceof CallError && [403, 404].includes(error.status);
      update({ connection: isRefused ? 'refused' : 'offline' });
      if (!isRefused) setTimeout(() => void begin(), error instanceof CallError ? Math.max(error.retryAfterMs, 5_000) : 5_000);
    }
  }

  function connect() {
    socket?.close();
    socket = io(`${base}/chat`, { auth: { key, token: kept.token }, transports: ['websocket'], reconnectionDelayMax: 15_000 });
    socket.on('connect', () => {
      acknowledged.clear();
      update({ connection: 'online' });
      void resync();
      void flush();
    });
    socket.on('disconnect', () => update({ connection: navigator.onLine ? 'connecting' : 'offline', isTyping: false }));
    socket.on('connect_error', (error) => {
      // A refusal ends the socket's own attempts; a lost connection does not.
      if (error.message === 'unauthenticated') setTimeout(() => void begin(), 5_000);
      else if (!navigator.onLine) update({ connection: 'offline' });
    });
    socket.on('message:new', ({ message }) => {
      if (message.direction === 'out') showTyping(false);
      take([message]);
    });
    socket.on('message:status', ({ messageId, status }) => {
      const message = byId.get(messageId);
      if (message && message.status !== 'read') byId.set(messageId, { ...message, status });
      update();
    });
    socket.on('typing', ({ isTyping }) => showTyping(isTyping));
  }

  function showTyping(isTyping: boolean) {
    clearTimeout(fade);
    if (isTyping) fade = setTimeout(() => update({ isTyping: false }), typingFadesMs);
    if (state.isTyping !== isTyping) update({ isTyping });
  }

  /** Asks for the newest pages until one reaches what is already known. */
  async function resync() {
    if (kept.token === null) return;
    try {
      let cursor: string | null = null;
      for (let pages = 0; pages < 5; pages += 1) {
        const page = await api.list(kept.token, cursor);
        const reachesKnown = page.items.some(({ id }) => byId.has(id));
        take(page.items);
        if (reachesKnown || page.nextCursor === null) return;
        cursor = page.nextCursor;
      }
    } catch (error) {
      if (error instanceof CallError && error.status === 401) void begin();
    }
  }

  /** Sends what waits, in its order, one after the other. */
  async function flush() {
    if (isFlushing || kept.token === null) return;
    isFlushing = true;
    try {
      for (let next = firstWaiting(); next; next = firstWaiting()) {
        const wait = await sendOne(next);
        if (wait === null) continue;
        setTimeout(() => void flush(), wait);
        return;
      }
    } finally {
      isFlushing = false;
    }
  }

  const firstWaiting = () => state.waiting.find(({ isFailed }) => !isFailed);

  /** How long to wait before trying again, or null to go on. */
  async function sendOne(waiting: Waiting): Promise<number | null> {
    try {
      take([await api.write(kept.token ?? '', waiting.id, waiting.text)]);
      return null;
    } catch (error) {
      const { status, retryAfterMs } = error instanceof CallError ? error : new CallError(0);
      if (status === 401) {
        await begin();
        return 1_000;
      }
      if (status === 0 || status === 429 || status >= 500) {
        if (status === 0) update({ connection: 'offline' });
        return Math.max(retryAfterMs, 3_000);
      }
      waiting.isFailed = true;
      keep();
      update();
      return null;
    }
  }

  addEventListener('online', () => {
    if (state.connection === 'idle') return;
    if (socket?.connected) update({ connection: 'online' });
    else void begin();
    void flush();
  });
  addEventListener('offline', () => state.connection !== 'idle' && update({ connection: 'offline' }));
  // Where websockets are blocked the answers still come, only later.
  setInterval(() => isLooking && socket && !socket.connected && void resync(), pollMs);

  return {
    state: () => state,
    start: () => void (state.connection === 'idle' && begin()),
    send(text) {
      state.waiting = [...state.waiting, { id: newClientId(), text, at: new Date().toISOString(), isFailed: false }];
      keep();
      update();
      if (kept.token === null) void begin();
      else void flush();
    },
    retry(id) {
      state.waiting = state.waiting.map((one) => (one.id === id ? { ...one, isFailed: false } : one));
      update();
      void flush();
    },
    async loadOlder() {
      if (olderCursor === null || kept.token === null) return;
      const page = await api.list(kept.token, olderCursor);
      olderCursor = page.nextCursor;
      state.hasOlder = page.nextCursor !== null;
      take(page.items);
    },
    typing: (isTyping) => void (socket?.connected && byId.size > 0 && socket.emit('typing', { isTyping })),
    look(now) {
      if (isLooking === now) return;
      isLooking = now;
      if (now) acknowledge();
    },
  };
}

function newClientId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
