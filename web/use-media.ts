import { useSyncExternalStore } from 'react';

const known = new Map<string, MediaQueryList>();

/** Whether the window is as the query says, now and after it changes. */
export function useMedia(query: string): boolean {
  const list = known.get(query) ?? window.matchMedia(query);
  known.set(query, list);
  return useSyncExternalStore(
    (listener) => {
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    () => list.matches,
  );
}

export const wide = '(min-width: 1536px)';
export const roomForContext = '(min-width: 1101px)';
export const phone = '(max-width: 760px)';
