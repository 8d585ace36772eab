import { useSyncExternalStore } from 'react';
import type { Message, NewMessage } from '../contract/conversation.ts';
import { call } from './api.ts';
import { putMessages } from './cache.ts';
import { paths } from './paths.ts';
import { isPassing, Problem } from './problem.ts';
import { readMe } from './session.ts';

/** A message on its way from this browser; its key makes sure it is stored once, however often it is sent. */
export interface Outgoing {
  key: string;
  conversationId: string;
  body: NewMessage & { kind: 'message' | 'note' };
  createdAt: string;
  state: 'queued' | 'sending' | 'failed';
  problem?: { code: string; detail: string; requestId: string | null };
}

const retryMs = 4000;
let entries: Outgoing[] = [];
let owner: string | null = null;
let isFlushing = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
const byConversation = new Map<string, Outgoing[]>();
const none: Outgoing[] = [];

/** Shows the message at once and sends it as soon as the server can be reached. */
export function sendMessage(conversationId: string, body: Outgoing['body']): void {
  change([...entries, { key: crypto.randomUUID(), conversationId, body, createdAt: new Date().toISOString(), state: 'queued' }]);
  void flushOutbox();
}

export function retryOutgoing(key: string): void {
  change(entries.map((entry) => (entry.key === key ? { ...entry, state: 'queued' } : entry)));
  void flushOutbox();
}

export function dropOutgoing(key: string): void {
  change(entries.filter((entry) => entry.key !== key));
}

/** The socket may tell of a message before its own answer is here: then the entry has arrived. */
export function settleOutgoing(message: Message): void {
  if (message.author?.id !== readMe()?.id) return;
  const same = entries.find(
    (entry) =>
      entry.state === 'sending' &&
      entry.conversationId === message.conversationId &&
      entry.body.text === message.text &&
      entry.body.kind === message.kind,
  );
  if (same) dropOutgoing(same.key);
}

/** Takes up what this member left unsent here. */
export function openOutbox(userId: string): void {
  owner = userId;
  // The same listener twice is one.
  window.addEventListener('online', onceOnline);
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(userId)) ?? '[]') as Outgoing[];
    change(kept.map((entry) => (entry.state === 'sending' ? { ...entry, state: 'queued' } : entry)));
  } catch {
    change([]);
  }
  void flushOutbox();
}

/** Forgets everything unsent, at sign-out. */
export function clearOutbox(): void {
  if (owner) localStorage.removeItem(storageKey(owner));
  owner = null;
  entries = [];
  change([]);
}

/** Sends what waits, in order; what cannot be reached waits on. */
export async function flushOutbox(): Promise<void> {
  if (isFlushing) return;
  isFlushing = true;
  clearTimeout(timer);
  try {
    for (let next = firstQueued(); next; next = firstQueued()) if ((await sendOne(next)) === 'wait') break;
  } finally {
    isFlushing = false;
  }
  if (firstQueued()) timer = setTimeout(() => void flushOutbox(), retryMs);
}

const onceOnline = () => void flushOutbox();
const firstQueued = () => entries.find((entry) => entry.state === 'queued');

async function sendOne(entry: Outgoing): Promise<'next' | 'wait'> {
  mark(entry.key, { state: 'sending' });
  try {
    const message = await call<Message>(paths.newMessage(entry.conversationId), {
      method: 'POST',
      body: entry.body,
      idempotencyKey: entry.key,
    });
    putMessages(entry.conversationId, [message]);
    dropOutgoing(entry.key);
    return 'next';
  } catch (error) {
    if (isPassing(error) || (error instanceof Problem && error.code === 'idempotency_running')) {
      mark(entry.key, { state: 'queued' });
      return 'wait';
    }
    const { code, detail, requestId } = error instanceof Problem ? error : new Problem('internal_error', 0, String(error));
    mark(entry.key, { state: 'failed', problem: { code, detail, requestId } });
    return 'next';
  }
}

function mark(key: string, update: Partial<Outgoing>): void {
  change(entries.map((entry) => (entry.key === key ? { ...entry, ...update } : entry)));
}

function change(next: Outgoing[]): void {
  entries = next;
  byConversation.clear();
  for (const entry of next) byConversation.set(entry.conversationId, [...(byConversation.get(entry.conversationId) ?? none), entry]);
  try {
    if (owner) localStorage.setItem(storageKey(owner), JSON.stringify(next));
  } catch {
    // Storage is full or closed: the queue holds until the page is left.
  }
  for (const listener of listeners) listener();
}

const storageKey = (userId: string) => `guichet.outbox.${userId}`;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What is on its way in one conversation. */
export function useOutgoing(conversationId: string): Outgoing[] {
  return useSyncExternalStore(subscribe, () => byConversation.get(conversationId) ?? none);
}

/** How many wait for the network. */
export function useQueuedCount(): number {
  return useSyncExternalStore(subscribe, () => entries.filter((entry) => entry.state !== 'failed').length);
}
