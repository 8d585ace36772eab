import { useSyncExternalStore } from 'react';

export interface Undo {
  text: string;
  act: () => void;
}

export const undoForMs = 8000;
let offered: Undo | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Says what was done, with the way back while it shows (button, or Z). */
export function offerUndo(text: string, act: () => void): void {
  show({ text, act });
  timer = setTimeout(() => show(null), undoForMs);
}

export function undoLast(): void {
  const undo = offered;
  show(null);
  undo?.act();
}

/** What can be undone just now. */
export function useUndo(): Undo | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => offered,
  );
}

function show(next: Undo | null): void {
  clearTimeout(timer);
  offered = next;
  for (const listener of listeners) listener();
}
