/** The path of ours that a browser may be sent to after a sign-in; `/` for anything that leads elsewhere. */
export function ownPath(next: string | undefined, publicUrl: string): string {
  if (next === undefined || !/^\/[^\\\p{Cc}]*$/u.test(next) || !URL.canParse(next, publicUrl)) return '/';
  const url = new URL(next, publicUrl);
  const path = url.pathname + url.search;
  // "/.//elsewhere" is on our origin and its path is "//elsewhere", which is not.
  if (url.origin !== new URL(publicUrl).origin || path.startsWith('//') || path.length > 1000) return '/';
  // Those are not pages: no sign-in ends in another one that somebody else began.
  return url.pathname.startsWith('/api/') ? '/' : path;
}
