// Secrets are write-only in the API: what was made here can be copied until the page is left, and never again.
const made = new Map<string, string>();

export const rememberFreshSecret = (inboxId: string, secret: string) => void made.set(inboxId, secret);
export const freshSecretOf = (inboxId: string): string | undefined => made.get(inboxId);

/** A token that cannot be guessed: 144 random bits. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
