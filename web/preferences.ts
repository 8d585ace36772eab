import { useSyncExternalStore } from 'react';
import type { Preferences } from '../contract/preferences.ts';

export type Theme = Preferences['theme'];
export const accents = { wagon: '#14614E', encre: '#3A4BA3', prune: '#7A3160', ardoise: '#3E4A55' } as const;
export type Accent = keyof typeof accents;

interface Look {
  theme: Theme;
  accent: Accent;
  dateFormat: Preferences['dateFormat'];
  timeFormat: Preferences['timeFormat'];
  /** Whether the views stand as a column; undefined leaves it to the width. */
  views?: boolean;
  context?: boolean;
}

// theme.js reads the same key before the first paint.
export const lookKey = 'guichet.look';
const plain: Look = { theme: 'system', accent: 'wagon', dateFormat: 'language', timeFormat: 'language' };
let look: Look = read();
const listeners = new Set<() => void>();

/** How this browser shows the desk. */
export function useLook(): Look {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => look,
  );
}

export function changeLook(change: Partial<Look>): void {
  look = { ...look, ...change };
  const root = document.documentElement;
  if (look.theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = look.theme;
  if (look.accent === 'wagon') delete root.dataset['accent'];
  else root.dataset['accent'] = look.accent;
  try {
    localStorage.setItem(lookKey, JSON.stringify(look));
  } catch {
    // Storage is closed to us: the look holds until the page is left.
  }
  for (const listener of listeners) listener();
}

/** Takes over what another tab chose; the columns of each tab stay its own. */
export function takeOverLook(): void {
  const { theme, accent, dateFormat, timeFormat } = read();
  changeLook({ theme, accent, dateFormat, timeFormat });
}

function read(): Look {
  try {
    return { ...plain, ...(JSON.parse(localStorage.getItem(lookKey) ?? '{}') as Partial<Look>) };
  } catch {
    return plain;
  }
}
