import type { Slots, SlotWindow, WindowUse } from './sliding.ts';

/** How one use stands with one of its windows. */
export interface Slot extends WindowUse {
  isTaken: boolean;
}

interface Waiting {
  resolve(slots: Slot[]): void;
  reject(error: unknown): void;
}

/**
 * Counts uses one by one for its callers and together at the place: while one question of the same windows is out, those
 * that arrive wait for it and are asked for in the next. A thousand calls at once of one key cost two questions, not a thousand.
 */
export function gatherUses(slots: Slots, answerWithinMs: number): (windows: readonly SlotWindow[]) => Promise<Slot[]> {
  const groups = new Map<string, Waiting[]>();

  async function ask(name: string, windows: readonly SlotWindow[], waiting: Waiting[]): Promise<void> {
    try {
      const answer = await withinTime(slots.take(windows, waiting.length), answerWithinMs);
      waiting.forEach(({ resolve }, n) => resolve(answer.windows.map((use) => share(use, n, answer.taken))));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
    const next = groups.get(name) ?? [];
    if (next.length === 0) {
      groups.delete(name);
      return;
    }
    groups.set(name, []);
    void ask(name, windows, next);
  }

  return (windows) =>
    new Promise((resolve, reject) => {
      const name = windows.map(({ key, limit }) => `${key} ${limit}`).join(' ');
      const arrived = groups.get(name);
      if (arrived) {
        arrived.push({ resolve, reject });
        return;
      }
      groups.set(name, []);
      void ask(name, windows, [{ resolve, reject }]);
    });
}

/** Whoever came first is taken first. */
function share(use: WindowUse, n: number, taken: number): Slot {
  const isTaken = n < taken;
  return isTaken ? { ...use, isTaken, used: use.used - taken + n + 1, retryAfterMs: 0 } : { ...use, isTaken };
}

async function withinTime<T>(work: Promise<T>, answerWithinMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('uses cannot be counted: no answer')), answerWithinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
