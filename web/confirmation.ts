import { useSyncExternalStore } from 'react';

// Whoever waits for the person to prove again who they are. One question at a time answers all of them.
let waiting: ((isConfirmed: boolean) => void)[] = [];
const listeners = new Set<() => void>();

/** Asks the person for their password or a code; resolves with whether they gave it. */
export function askConfirmation(): Promise<boolean> {
  // Outside the desk there is nobody to ask.
  if (listeners.size === 0) return Promise.resolve(false);
  return new Promise((resolve) => {
    waiting = [...waiting, resolve];
    announce();
  });
}

/** Answers everybody who waits. */
export function settleConfirmation(isConfirmed: boolean): void {
  const asked = waiting;
  waiting = [];
  announce();
  for (const resolve of asked) resolve(isConfirmed);
}

/** Whether the question stands on the screen. */
export function useConfirmationAsked(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting.length > 0,
  );
}

function announce(): void {
  for (const listener of listeners) listener();
}
