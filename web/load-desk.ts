/** The desk and its first page come apart from the door: who signs in waits for less. */
export const loadDesk = () => import('./shell/desk.tsx');
export const loadInbox = () => import('./pages/inbox/page.tsx');

/** Fetches the desk beside the questions who is here, so that it costs no time of its own. */
export function fetchDeskAhead(): void {
  // A failure shows when the page is opened, with a way to try again.
  void Promise.allSettled([loadDesk(), loadInbox()]);
}

/** Pages before the sign-in. */
export const isBeforeSignIn = (path: string): boolean => /^\/(sign-in|setup|invitation)(\/|$)/.test(path);
