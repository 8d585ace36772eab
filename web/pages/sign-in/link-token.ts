/** The token behind `#` in the address: browsers keep it to themselves, so that it is in no server's log. */
export function readLinkToken(): string | null {
  return new URLSearchParams(window.location.hash.slice(1)).get('token');
}
