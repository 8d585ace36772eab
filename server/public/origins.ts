/** What a call says about the page it comes from. */
export interface Caller {
  origin?: string | undefined;
  host?: string | undefined;
}

/** True for pages of the listed origins and for our own, also under another name of this machine. */
export function isAllowedOrigin({ origin, host }: Caller, allowed: unknown, publicUrl: string, whenEmpty: 'any' | 'own'): boolean {
  if (origin === undefined || origin === new URL(publicUrl).origin) return true;
  // Without https, the same page under another name of this machine.
  if (host !== undefined && publicUrl.startsWith('http:') && URL.canParse(origin) && new URL(origin).host === host) return true;
  const listed = listOf(allowed);
  if (listed.length === 0) return whenEmpty === 'any';
  return listed.some((one) => originOf(one) === origin);
}

/** The origins of listed addresses as a header can carry them: in ASCII, without a path that could say more. */
export function originsOf(allowed: unknown): string[] {
  return listOf(allowed).flatMap((one) => originOf(one) ?? []);
}

/** A list of texts in settings, whatever else may stand there. */
export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function originOf(url: string): string | null {
  try {
    return new URL(url).origin;
  } catch {
    return null;
  }
}
