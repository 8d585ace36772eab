import { useSyncExternalStore } from 'react';
import type { Me, SignedIn } from '../contract/auth.ts';
import { isModuleOn } from '../contract/modules.ts';
import type { Permission } from '../contract/permissions.ts';
import { paths } from './paths.ts';
import { Problem } from './problem.ts';

// The access token lives in memory only; the refresh token is a cookie that script cannot read.
let token: string | null = null;
let me: Me | null = null;
let renewal: Promise<string | null> | null = null;
const listeners = new Set<() => void>();

export const readToken = (): string | null => token;

/** Keeps a fresh token and tells the socket. */
export function setToken(next: string | null): void {
  token = next;
  announce();
}

export function setMe(next: Me | null): void {
  me = next;
  announce();
}

/**
 * A new access token by the refresh cookie, or null when the session is over. However many calls ask at once, one
 * request is made: a refresh token works a single time. `stale` is the token that was refused. Throws when nobody answers.
 */
export function renewToken(stale: string | null = null): Promise<string | null> {
  if (token && token !== stale) return Promise.resolve(token);
  renewal ??= refresh().finally(() => {
    renewal = null;
  });
  return renewal;
}

async function refresh(): Promise<string | null> {
  const answer = await locked(() =>
    fetch(paths.refresh, { method: 'POST', credentials: 'same-origin', headers: { 'content-type': 'application/json' }, body: '{}' }),
  ).catch(() => {
    throw new Problem('offline', 0, 'No answer from the server.');
  });
  // A server in trouble is no verdict on the session.
  if (answer.status >= 500 || answer.status === 429) throw new Problem('unavailable', answer.status, answer.statusText);
  if (!answer.ok) {
    if (token || me) endSession();
    return null;
  }
  const signedIn = (await answer.json()) as SignedIn;
  // Another tab went to another account: what is on this screen belongs to the one before.
  if (me && me.account.id !== signedIn.user.accountId) window.location.reload();
  setToken(signedIn.accessToken);
  return token;
}

/** Tabs share the cookie, so they take turns with it too. */
function locked<Answer>(run: () => Promise<Answer>): Promise<Answer> {
  return 'locks' in navigator ? navigator.locks.request('guichet.refresh', run) : run();
}

/** Forgets who was here; the sign-in page follows. */
export function endSession(): void {
  token = null;
  me = null;
  announce();
}

/** The member who is signed in. */
export function useMe(): Me | null {
  return useSyncExternalStore(subscribe, () => me);
}

export const readMe = (): Me | null => me;

/** Whether the member may, and the account has what it is for; the server decides again. */
export function useMay(permission: Permission): boolean {
  const member = useMe();
  return member !== null && member.permissions.includes(permission) && isModuleOn(permission, new Set(member.account.modules));
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function announce(): void {
  for (const listener of listeners) listener();
}
