import { keepDraft } from '../../drafts.ts';

const listeners = new Map<string, (text: string) => void>();

/** Gives a text back to the composer of its conversation. */
export function composeAgain(conversationId: string, text: string): void {
  const listener = listeners.get(conversationId);
  if (listener) listener(text);
  else keepDraft(conversationId, { text, mode: 'message' });
}

export function onComposeAgain(conversationId: string, listener: (text: string) => void): () => void {
  listeners.set(conversationId, listener);
  return () => listeners.delete(conversationId);
}
