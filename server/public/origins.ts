/** The origins an inbox accepts calls from; own pages always count. */
export function isAllowedOrigin(origin: string | undefined, allowed: unknown, publicUrl: string, whenEmpty: 'any' | 'own'): boolean {
  if (origin === undefined || origin === new URL(publicUrl).origin) return true;
  const listed = listOf(allowed);
  if (listed.length === 0) return whenEmpty === 'any';
  return listed.some((one) => originOf(one) === origin);
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
