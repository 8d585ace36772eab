/** A message that has not reached the server yet. */
export interface Waiting {
  id: string;
  text: string;
  at: string;
  isFailed: boolean;
}

/** What survives a reload: who the visitor is and what has not left. */
export interface Kept {
  token: string | null;
  waiting: Waiting[];
}

/** Reads what an earlier page left; a blocked or broken store is an empty one. */
export function readKept(key: string): Kept {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(nameOf(key)) ?? 'null');
    if (typeof value !== 'object' || value === null) return { token: null, waiting: [] };
    const { token, waiting } = value as { token?: unknown; waiting?: unknown };
    return { token: typeof token === 'string' ? token : null, waiting: Array.isArray(waiting) ? waiting.filter(isWaiting) : [] };
  } catch {
    return { token: null, waiting: [] };
  }
}

/** Keeps it. Where the browser forbids storage the chat works until the page is left. */
export function writeKept(key: string, kept: Kept): void {
  try {
    localStorage.setItem(nameOf(key), JSON.stringify(kept));
  } catch {
    return;
  }
}

const nameOf = (key: string) => `guichet-chat:${key}`;

function isWaiting(value: unknown): value is Waiting {
  if (typeof value !== 'object' || value === null) return false;
  const { id, text, at } = value as Partial<Waiting>;
  return typeof id === 'string' && typeof text === 'string' && typeof at === 'string';
}
