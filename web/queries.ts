import { type InfiniteData, infiniteQueryOptions, queryOptions, QueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Me, setupState } from '../contract/auth.ts';
import type { signInWays } from '../contract/links.ts';
import type { Member } from '../contract/members.ts';
import type { Contact, Conversation, ConversationCounts, Message } from '../contract/conversation.ts';
import type { Inbox } from '../contract/inbox.ts';
import type { RoleList } from '../contract/roles.ts';
import type { Team } from '../contract/teams.ts';
import type { Preferences } from '../contract/preferences.ts';
import { call } from './api.ts';
import { paths } from './paths.ts';
import { isPassing } from './problem.ts';

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
export type Pages<Item> = InfiniteData<Page<Item>, string | null>;

/** What a list of conversations is narrowed by. */
export interface ListFilter {
  view: 'all' | 'mine' | 'unassigned' | 'closed';
  inboxId?: string;
  teamId?: string;
  unread?: true;
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The socket keeps the cache right; a reconnect asks for what was missed.
      staleTime: 60_000,
      gcTime: 600_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => isPassing(error) && count < 2,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

export type SetupState = z.infer<typeof setupState>;
export type SignInWays = z.infer<typeof signInWays>;

export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => call<SetupState>(paths.setupState, { open: true, signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const waysQuery = queryOptions({
  queryKey: ['ways'],
  queryFn: ({ signal }) => call<SignInWays>(paths.ways, { open: true, signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const preferencesQuery = queryOptions({
  queryKey: ['preferences'],
  queryFn: ({ signal }) => call<Preferences>(paths.preferences, { signal }),
});

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: ({ signal }) => call<Me>(paths.me, { signal }) });

/** How often a list of settings that is looked at asks what others did. */
export const freshMs = 20_000;

export const membersQuery = queryOptions({
  queryKey: ['members'],
  queryFn: ({ signal }) => call<Page<Member>>(`${paths.members}?limit=100`, { signal }),
  select: (page) => page.items,
  // Who came or went is told by nobody: whoever comes back to the window asks again.
  staleTime: 30_000,
  refetchOnWindowFocus: true,
});

export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: ({ signal }) => call<RoleList>(`${paths.roles}?limit=100`, { signal }),
});

export const teamsQuery = queryOptions({
  queryKey: ['teams'],
  queryFn: ({ signal }) => call<Page<Team>>(`${paths.teams}?limit=100`, { signal }),
  select: (page) => page.items,
});

export const inboxesQuery = queryOptions({
  queryKey: ['inboxes'],
  queryFn: ({ signal }) => call<Page<Inbox>>(`${paths.inboxes}?limit=100`, { signal }),
  select: (page) => page.items,
  staleTime: 300_000,
});

export const countsQuery = queryOptions({
  queryKey: ['counts'],
  queryFn: ({ signal }) => call<ConversationCounts>(paths.counts, { signal }),
});

export const listQuery = (filter: ListFilter) =>
  infiniteQueryOptions({
    queryKey: ['list', filter],
    queryFn: ({ pageParam, signal }) =>
      call<Page<Conversation>>(paths.conversations({ ...filter, limit: 50, cursor: pageParam }), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

export const conversationQuery = (id: string) =>
  queryOptions({ queryKey: ['conversation', id], queryFn: ({ signal }) => call<Conversation>(paths.conversation(id), { signal }) });

export const contactQuery = (id: string) =>
  queryOptions({ queryKey: ['contact', id], queryFn: ({ signal }) => call<Contact>(paths.contact(id), { signal }) });

export const contactConversationsQuery = (contactId: string) =>
  queryOptions({
    queryKey: ['contact-conversations', contactId],
    queryFn: ({ signal }) => call<Page<Conversation>>(paths.conversations({ contactId, limit: 20 }), { signal }),
    select: (page) => page.items,
  });

/** A thread as far as it is loaded: oldest first, and where the older ones are. */
export interface Thread {
  messages: Message[];
  olderCursor: string | null;
}

export const threadQuery = (id: string) =>
  queryOptions({
    queryKey: ['thread', id],
    queryFn: async ({ signal }): Promise<Thread> => {
      const page = await call<Page<Message>>(paths.messages(id), { signal });
      return { messages: inOrder(page.items), olderCursor: page.nextCursor };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The page before what is loaded. */
export async function loadOlder(id: string): Promise<void> {
  const { queryKey } = threadQuery(id);
  const known = queryClient.getQueryData(queryKey);
  if (!known?.olderCursor) return;
  const page = await call<Page<Message>>(paths.messages(id, known.olderCursor));
  queryClient.setQueryData(queryKey, (thread) =>
    thread ? { messages: inOrder([...page.items, ...thread.messages]), olderCursor: page.nextCursor } : thread,
  );
}

/** Sorted by seq, each once; the later of two wins when it changed last. */
export function inOrder(messages: Message[]): Message[] {
  const byId = new Map<string, Message>();
  for (const message of messages) {
    const known = byId.get(message.id);
    if (!known || message.changeSeq >= known.changeSeq) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

/** Loads a conversation before it is opened. */
export function prefetchConversation(id: string, contactId: string | undefined): void {
  void queryClient.prefetchQuery(threadQuery(id));
  if (!contactId) return;
  void queryClient.prefetchQuery(contactQuery(contactId));
  void queryClient.prefetchQuery(contactConversationsQuery(contactId));
}
