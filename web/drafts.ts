import { readMe } from './session.ts';

export interface Draft {
  text: string;
  mode: 'message' | 'note';
}

const key = (conversationId: string) => `guichet.draft.${readMe()?.id ?? ''}.${conversationId}`;

/** What was begun in a conversation and not sent. */
export function readDraft(conversationId: string): Draft {
  try {
    return { text: '', mode: 'message', ...(JSON.parse(localStorage.getItem(key(conversationId)) ?? '{}') as Partial<Draft>) };
  } catch {
    return { text: '', mode: 'message' };
  }
}

export function keepDraft(conversationId: string, draft: Draft): void {
  try {
    if (draft.text === '' && draft.mode === 'message') localStorage.removeItem(key(conversationId));
    else localStorage.setItem(key(conversationId), JSON.stringify(draft));
  } catch {
    // Storage is closed to us: the draft holds while the conversation is open.
  }
}

/** Forgets this member's drafts, at sign-out. */
export function clearDrafts(): void {
  for (const name of Object.keys(localStorage)) if (name.startsWith('guichet.draft.')) localStorage.removeItem(name);
}
