import { useCallback, useState } from 'react';
import type { Conversation, Message } from '../../../contract/conversation.ts';
import { call } from '../../api.ts';
import { findConversation, patchConversation, putConversation, putMessages } from '../../cache.ts';
import { paths } from '../../paths.ts';
import { conversationQuery, countsQuery, queryClient } from '../../queries.ts';

/** Shows the change at once; a refusal takes it back and is told where the person looks. */
async function changeOptimistically(
  id: string,
  change: Partial<Conversation>,
  path: string,
  method: 'PUT' | 'DELETE',
  body?: unknown,
): Promise<void> {
  const before = findConversation(id);
  patchConversation(id, (known) => ({ ...known, ...change }));
  try {
    const answer = await call<Conversation | { unreadCount: number }>(path, { method, body });
    if ('seq' in answer) putConversation(answer, answer.unreadCount);
    else patchConversation(id, (known) => ({ ...known, unreadCount: answer.unreadCount }));
    void queryClient.invalidateQueries(countsQuery);
  } catch (error) {
    if (before) patchConversation(id, () => before);
    void queryClient.invalidateQueries(conversationQuery(id));
    throw error;
  }
}

export const closeConversation = (id: string) => changeOptimistically(id, { status: 'closed' }, paths.closure(id), 'PUT');

export const reopenConversation = (id: string) => changeOptimistically(id, { status: 'open' }, paths.closure(id), 'DELETE');

export const assignConversation = (id: string, assignee: Conversation['assignee']) =>
  assignee
    ? changeOptimistically(id, { assignee }, paths.assignment(id), 'PUT', { assigneeId: assignee.id })
    : changeOptimistically(id, { assignee }, paths.assignment(id), 'DELETE');

/** Gives it to a team, or to none; whoever has it keeps it. */
export const assignTeam = (id: string, team: Conversation['team']) =>
  changeOptimistically(id, { team }, paths.assignment(id), 'PUT', { teamId: team?.id ?? null });

export const markUnread = (id: string) => changeOptimistically(id, { unreadCount: 1 }, paths.read(id), 'DELETE');

/** Read up to a message; whoever fails here loses nothing but a dot, and the next look tries again. */
export async function markRead(id: string, messageId: string): Promise<void> {
  await changeOptimistically(id, { unreadCount: 0 }, paths.read(id), 'PUT', { messageId }).catch(() => undefined);
}

/** Sends a message again whose sending failed or is not confirmed: a member's own choice, never made by itself. */
export async function sendAgain(message: Message): Promise<void> {
  const answer = await call<Message>(paths.resend(message.id), { method: 'POST', idempotencyKey: crypto.randomUUID() });
  putMessages(message.conversationId, [answer]);
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
