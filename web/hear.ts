import { notifyManager } from '@tanstack/react-query';
import type { Conversation, Message } from '../contract/conversation.ts';
import type { SharedConversation } from '../contract/socket.ts';
import { call } from './api.ts';
import { findConversation, patchConversation, putConversation, putMessages } from './cache.ts';
import { settleOutgoing } from './outbox.ts';
import { paths } from './paths.ts';
import { setTyping } from './presence.ts';
import { countsQuery, queryClient, type Thread, threadQuery } from './queries.ts';

const countsWaitMs = 700;
const ownWaitMs = 1000;
/** With more than this to ask for, the lists are asked for instead. */
const ownMax = 5;
let countsTimer: ReturnType<typeof setTimeout> | undefined;
let ownTimer: ReturnType<typeof setTimeout> | undefined;
const unsure = new Set<string>();
/** Up to which seq each open thread is complete, and the highest that anybody spoke of. */
const completeTo = new Map<string, number>();
const spokenOf = new Map<string, number>();
const resyncing = new Set<string>();
/** The conversation whose messages the server sends us: joined, and told so. */
let listeningTo: string | null = null;

/** From here on the messages of this conversation come by themselves; with null, of none. */
export function listenTo(conversationId: string | null): void {
  listeningTo = conversationId;
}

/** A message of the open conversation: new, edited or ticked. */
export function hearMessage(conversationId: string, seq: number, message: Message, isNew: boolean): void {
  notifyManager.batch(() => {
    if (isNew) settleOutgoing(message);
    putMessages(conversationId, [message]);
    if (message.author) setTyping(conversationId, message.author.id, false);
    patchConversation(conversationId, (known) => withLast(known, message));
  });
  hearSeq(conversationId, seq);
  askCounts();
}

/** A conversation as all members share it. Its unread count is this member's own: guessed at once, then asked for. */
export function hearConversation(next: SharedConversation, seq: number): void {
  const known = findConversation(next.id);
  const last = next.lastMessage;
  const isFresh = last?.direction === 'in' && last.seq > (known?.lastMessage?.seq ?? 0);
  putConversation(next, (known?.unreadCount ?? 0) + (isFresh ? 1 : 0));
  if (isFresh) askOwn(next.id);
  // All members hear this; what was said or ticked comes only to those who listen, and before it.
  hearSeq(next.id, seq, next.id === listeningTo);
  askCounts();
}

/** The open conversation as far as it is loaded may lack what was told of while it loaded. */
export function checkThread(conversationId: string): void {
  hearReport(conversationId, spokenOf.get(conversationId) ?? 0);
}

/** How far a conversation is, without what changed: even a single step ahead has to be asked for. */
export function hearReport(conversationId: string, seq: number): void {
  hearSeq(conversationId, seq, false);
}

/** Notes a seq of the open thread; where one is missing between, asks for all that changed since. */
function hearSeq(conversationId: string, seq: number, hasCome = true): void {
  spokenOf.set(conversationId, Math.max(seq, spokenOf.get(conversationId) ?? 0));
  const { queryKey } = threadQuery(conversationId);
  const query = queryClient.getQueryCache().find<Thread>({ queryKey });
  // Of threads out of sight only their conversation is told; they catch up when they are opened.
  if (!query?.state.data || !query.isActive()) return;
  const known = completeTo.get(conversationId) ?? Math.max(0, ...query.state.data.messages.map((message) => message.changeSeq));
  if (hasCome && seq === known + 1) completeTo.set(conversationId, seq);
  else if (seq > known) void resync(conversationId, known);
}

/** Everything that changed in a conversation after a seq, page by page. */
async function resync(conversationId: string, since: number): Promise<void> {
  if (resyncing.has(conversationId)) return;
  resyncing.add(conversationId);
  let from = since;
  try {
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
    completeTo.set(conversationId, from);
  } catch {
    // The next word about this conversation, or the next reconnect, asks again.
    return;
  } finally {
    resyncing.delete(conversationId);
  }
  if ((spokenOf.get(conversationId) ?? 0) > from) void resync(conversationId, from);
}

/** After a cut: the open thread by its changes, the lists and counts anew, threads out of sight when they are next opened. */
export function catchUp(): void {
  for (const query of queryClient.getQueryCache().findAll({ queryKey: ['thread'] })) {
    const id = query.queryKey[1] as string;
    if (query.isActive() && query.state.data) void resync(id, completeTo.get(id) ?? 0);
    else if (!query.isActive()) {
      completeTo.delete(id);
      queryClient.removeQueries({ queryKey: query.queryKey });
    }
  }
  for (const key of ['list', 'conversation', 'counts']) void queryClient.invalidateQueries({ queryKey: [key] });
}

/** Counts are sums over everything: asked for once in a while, however much is heard. */
export function askCounts(): void {
  countsTimer ??= setTimeout(() => {
    countsTimer = undefined;
    void queryClient.invalidateQueries(countsQuery);
  }, countsWaitMs);
}

function askOwn(conversationId: string): void {
  unsure.add(conversationId);
  ownTimer ??= setTimeout(() => {
    ownTimer = undefined;
    const ids = [...unsure];
    unsure.clear();
    if (ids.length > ownMax) return void queryClient.invalidateQueries({ queryKey: ['list'] });
    for (const id of ids)
      call<Conversation>(paths.conversation(id)).then(
        (own) => putConversation(own, own.unreadCount),
        () => undefined,
      );
  }, ownWaitMs);
}

function withLast(known: Conversation, message: Message): Conversation {
  const last = known.lastMessage;
  if (last && last.seq > message.seq) return known;
  const isFresh = message.direction === 'in' && message.seq > (last?.seq ?? 0);
  return { ...known, lastMessage: message, unreadCount: known.unreadCount + (isFresh ? 1 : 0) };
}
