import { useSyncExternalStore } from 'react';
import type { PresenceStatus } from '../contract/socket.ts';
import { readMe } from './session.ts';

export type Line = 'connecting' | 'up' | 'down';

interface Live {
  line: Line;
  presence: Record<string, PresenceStatus>;
  /** Member ids by conversation. */
  viewing: Record<string, string[]>;
  /** Member id (or the contact's) by conversation. */
  typing: Record<string, string[]>;
}

let live: Live = { line: 'connecting', presence: {}, viewing: {}, typing: {} };
const listeners = new Set<() => void>();
const fading = new Map<string, ReturnType<typeof setTimeout>>();
// A typist who says nothing more is gone after this long.
const typingFadesMs = 3000;
const nobody: string[] = [];

export function changeLive(change: Partial<Live>): void {
  live = { ...live, ...change };
  for (const listener of listeners) listener();
}

export function setPresence(userId: string, status: PresenceStatus): void {
  changeLive({ presence: { ...live.presence, [userId]: status } });
}

export function setViewing(conversationId: string, userIds: string[]): void {
  changeLive({ viewing: { ...live.viewing, [conversationId]: userIds } });
}

export function setTyping(conversationId: string, userId: string, isTyping: boolean): void {
  const others = (live.typing[conversationId] ?? nobody).filter((id) => id !== userId);
  const key = `${conversationId} ${userId}`;
  clearTimeout(fading.get(key));
  if (isTyping)
    fading.set(
      key,
      setTimeout(() => setTyping(conversationId, userId, false), typingFadesMs),
    );
  changeLive({ typing: { ...live.typing, [conversationId]: isTyping ? [...others, userId] : others } });
}

function useLive<Value>(read: (live: Live) => Value): Value {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read(live),
  );
}

export const useLine = (): Line => useLive((state) => state.line);
export const usePresence = (userId: string | undefined): PresenceStatus | undefined =>
  useLive((state) => (userId ? state.presence[userId] : undefined));
/** Who else has the conversation open. */
export const useViewing = (conversationId: string): string[] => withoutMe(useLive((state) => state.viewing[conversationId] ?? nobody));
/** Who else is writing in it. */
export const useTyping = (conversationId: string): string[] => withoutMe(useLive((state) => state.typing[conversationId] ?? nobody));

function withoutMe(ids: string[]): string[] {
  const mine = readMe()?.id;
  return ids.filter((id) => id !== mine);
}
