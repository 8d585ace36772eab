import type { Tier } from '../../contract/auth.ts';
import { ingestPerHour } from '../../contract/ingest.ts';

/** Keys of the installation's superadmin have a row of their own. */
export type LimitTier = Tier | 'admin';

interface Limiter {
  windowMs: number;
  limit: number | Record<LimitTier, number>;
  /** Gives way while the server is overloaded. */
  isAdaptive?: boolean;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/**
 * Every limit of this installation. What is counted, and by whom, stands where it is taken; how often is only here.
 * Provider webhooks are not among them: a campaign's statuses are work, not misuse.
 */
export const limiters = {
  /** Calls of an account's API keys, together. */
  calls: { windowMs: hourMs, limit: { free: 100, pro: 1_000, enterprise: 10_000, admin: 100_000 }, isAdaptive: true },
  /** The same within a minute. */
  burst: { windowMs: minuteMs, limit: { free: 20, pro: 100, enterprise: 500, admin: 1_000 }, isAdaptive: true },
  /** Calls of a member's session: above what the pages of the desk can need. */
  session: { windowMs: minuteMs, limit: 600 },
  /** Wrong guesses at one secret from one address; a right one forgets them. Always counted in the database, durably. */
  guess: { windowMs: 15 * minuteMs, limit: 5 },
  /** Calls of one generic webhook's address. */
  webhook: { windowMs: minuteMs, limit: 100 },
  /** Executions of workflows that an account starts. */
  executions: { windowMs: hourMs, limit: { free: 50, pro: 500, enterprise: 5_000, admin: 50_000 } },
  /** Files that an account uploads. */
  uploads: { windowMs: hourMs, limit: { free: 10, pro: 100, enterprise: 1_000, admin: 10_000 } },
  /** One key's own allowance, beside that of its account; null where it has none. */
  keyCalls: { windowMs: hourMs, limit: Number.POSITIVE_INFINITY },
  keyBurst: { windowMs: minuteMs, limit: Number.POSITIVE_INFINITY },
  /** Messages of one source at one inbox: by the channel, unless the inbox says otherwise. */
  ingest: { windowMs: hourMs, limit: ingestPerHour.form },
  /** Submissions of a form from one address. */
  form: { windowMs: hourMs, limit: ingestPerHour.form },
  /** A visitor's calls: everybody behind one office's address together. */
  chat: { windowMs: hourMs, limit: 20_000 },
  /** Invitations that an account sends, again or for the first time: each is a mail to whoever it likes, in our name. */
  invitations: { windowMs: hourMs, limit: 100 },
  /** Ways back from an OpenID provider to one address: with each we call the provider. An office signs in together. */
  provider: { windowMs: 15 * minuteMs, limit: 200 },
  /** Messages to the demo's stand-in provider. */
  demo: { windowMs: hourMs, limit: 600 },
} as const satisfies Record<string, Limiter>;

export type LimiterName = keyof typeof limiters;

/** How often, for whom: an inbox's or a key's own number goes before the table's. */
export function limitOf(name: LimiterName, tier: LimitTier, own?: number | null): number {
  const { limit } = limiters[name];
  return own ?? (typeof limit === 'number' ? limit : limit[tier]);
}
