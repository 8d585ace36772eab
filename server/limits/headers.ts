import type { Standing } from './limits.ts';

/**
 * How a call stands, as answer headers: the structured fields of the IETF's draft-ietf-httpapi-ratelimit-headers, and
 * beside them the three plain ones of its earlier versions, which most clients read, for the limit that is nearest.
 */
export function limitHeaders({ windows }: Standing): Record<string, string> {
  const all = windows.map((window) => ({
    ...window,
    left: Math.max(0, window.limit - window.used),
    // Where there is room, until the oldest use is forgotten; else until there is room again.
    seconds: Math.ceil((window.retryAfterMs || window.resetMs) / 1000),
  }));
  const nearest = all.toSorted((a, b) => a.left - b.left || b.seconds - a.seconds)[0];
  if (!nearest) return {};
  return {
    'ratelimit-policy': all.map(({ name, limit, windowMs }) => `"${name}";q=${limit};w=${windowMs / 1000}`).join(', '),
    ratelimit: all.map(({ name, left, seconds }) => `"${name}";r=${left};t=${seconds}`).join(', '),
    'ratelimit-limit': String(nearest.limit),
    'ratelimit-remaining': String(nearest.left),
    'ratelimit-reset': String(nearest.seconds),
  };
}
