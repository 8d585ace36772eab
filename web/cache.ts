import type { Query } from '@tanstack/react-query';
import type { Conversation, Message } from '../contract/conversation.ts';
import type { SharedConversation } from '../contract/socket.ts';
import { conversationQuery, inOrder, type ListFilter, type Pages, queryClient, threadQuery } from './queries.ts';
import { readMe } from './session.ts';

/** Puts a new or changed message into its thread, where that is loaded. */
export function putMessages(conversationId: string, messages: Message[]): void {
  queryClient.setQueryData(threadQuery(conversationId).queryKey, (thread) => {
    if (!thread) return undefined;
    const oldest = thread.messages[0]?.seq ?? 0;
    // What is older than the loaded part comes with its own page.
    const wanted = thread.olderCursor ? messages.filter((message) => message.seq >= oldest) : messages;
    return { ...thread, messages: inOrder([...thread.messages, ...wanted]) };
  });
}

/** Puts a conversation into every list it belongs to and takes it out of the others. Older news changes nothing. */
export function putConversation(next: SharedConversation, unreadCount?: number): void {
  const known = findConversation(next.id);
  if (known && next.seq < known.seq) return;
  const conversation: Conversation = { ...next, unreadCount: unreadCount ?? known?.unreadCount ?? 0 };
  queryClient.setQueryData(conversationQuery(next.id).queryKey, conversation);
  for (const [query, filter] of cachedLists()) {
    queryClient.setQueryData<Pages<Conversation>>(query.queryKey, (pages) =>
      pages ? placed(pages, conversation, belongs(conversation, filter)) : pages,
    );
  }
}

/** Changes what is known of a conversation, wherever it is shown. */
export function patchConversation(id: string, change: (conversation: Conversation) => Conversation): void {
  queryClient.setQueryData(conversationQuery(id).queryKey, (known) => (known ? change(known) : known));
  for (const [query] of cachedLists()) {
    queryClient.setQueryData<Pages<Conversation>>(query.queryKey, (pages) => {
      if (!pages?.pages.some((page) => page.items.some((item) => item.id === id))) return pages;
      return {
        ...pages,
        pages: pages.pages.map((page) => ({ ...page, items: page.items.map((item) => (item.id === id ? change(item) : item)) })),
      };
    });
  }
}

/** The newest that any part of the cache knows of a conversation. */
export function findConversation(id: string): Conversation | undefined {
  let found = queryClient.getQueryData(conversationQuery(id).queryKey);
  for (const [query] of cachedLists()) {
    const pages = query.state.data as Pages<Conversation> | undefined;
    for (const page of pages?.pages ?? []) {
      const item = page.items.find((candidate) => candidate.id === id);
      if (item && (!found || item.seq > found.seq)) found = item;
    }
  }
  return found;
}

function cachedLists(): [Query, ListFilter][] {
  return queryClient
    .getQueryCache()
    .findAll({ queryKey: ['list'] })
    .map((query) => [query, query.queryKey[1] as ListFilter]);
}

/** The server's filters, for what arrives live. */
export function belongs(conversation: Conversation, filter: ListFilter): boolean {
  const isClosed = conversation.status === 'closed';
  if (filter.inboxId && conversation.inboxId !== filter.inboxId) return false;
  if (filter.teamId && conversation.team?.id !== filter.teamId) return false;
  if (filter.unread && conversation.unreadCount === 0) return false;
  if (filter.view === 'closed') return isClosed;
  if (isClosed) return false;
  if (filter.view === 'mine') return conversation.assignee?.id === readMe()?.id;
  return filter.view === 'all' || conversation.assignee === null;
}

/** Newest activity first; beyond what is loaded a conversation waits for its page. */
export function placed(pages: Pages<Conversation>, conversation: Conversation, isIn: boolean): Pages<Conversation> {
  const without = pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== conversation.id) }));
  if (!isIn) return { ...pages, pages: without };
  const isAfter = (item: Conversation) =>
    item.lastActivityAt < conversation.lastActivityAt || (item.lastActivityAt === conversation.lastActivityAt && item.id < conversation.id);
  const at = without.findIndex((page) => page.items.some(isAfter));
  const target = at >= 0 ? at : without.length - 1;
  const page = without[target];
  if (!page || (at < 0 && page.nextCursor)) return { ...pages, pages: without };
  const index = page.items.findIndex(isAfter);
  const items = index < 0 ? [...page.items, conversation] : page.items.toSpliced(index, 0, conversation);
  return { ...pages, pages: without.with(target, { ...page, items }) };
}
