import { useCallback, useState } from 'react';
import type { Conversation } from '../../../contract/conversation.ts';
import { call } from '../../api.ts';
import { findConversation, patchConversation, putConversation } from '../../cache.ts';
import { paths } from '../../paths.ts';
import { conversationQuery, countsQuery, queryClient } from '../../queries.ts';

/** Shows the change at once; a refusal takes it back and is told where the person looks. */
export async function changeOptimistically(id: string, change: Partial<Conversation>, request: () => Promise<unknown>): Promise<void> {
  const before = findConversation(id);
  patchConversation(id, (known) => ({ ...known, ...change }));
  try {
    await request();
    const fresh = await call<Conversation>(paths.conversation(id));
    putConversation(fresh, fresh.unreadCount);
    void queryClient.invalidateQueries(countsQuery);
  } catch (error) {
    if (before) patchConversation(id, () => before);
    void queryClient.invalidateQueries(conversationQuery(id));
    throw error;
  }
}

export const closeConversation = (id: string) =>
  changeOptimistically(id, { status: 'closed' }, () => call(paths.closure(id), { method: 'PUT', body: {} }));

export const reopenConversation = (id: string) =>
  changeOptimistically(id, { status: 'open' }, () => call(paths.closure(id), { method: 'DELETE' }));

export const assignConversation = (id: string, assignee: Conversation['assignee']) =>
  changeOptimistically(id, { assignee }, () =>
    assignee
      ? call(paths.assignment(id), { method: 'PUT', body: { assigneeId: assignee.id } })
      : call(paths.assignment(id), { method: 'DELETE' }),
  );

export const markUnread = (id: string) => changeOptimistically(id, { unreadCount: 1 }, () => call(paths.read(id), { method: 'DELETE' }));

/** Read up to a message; whoever fails here loses nothing but a dot, and the next look tries again. */
export async function markRead(id: string, messageId: string): Promise<void> {
  await changeOptimistically(id, { unreadCount: 0 }, () => call(paths.read(id), { method: 'PUT', body: { messageId } })).catch(
    () => undefined,
  );
}

/** Runs a change and keeps what it was refused with. */
export function useAction(): { run: (act: () => Promise<void>) => Promise<boolean>; error: unknown; clear: () => void } {
  const [error, setError] = useState<unknown>(null);
  const run = useCallback(async (act: () => Promise<void>) => {
    setError(null);
    try {
      await act();
      return true;
    } catch (cause) {
      setError(cause);
      return false;
    }
  }, []);
  return { run, error, clear: useCallback(() => setError(null), []) };
}
