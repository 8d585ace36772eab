import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../http/errors.ts';
import { gatherUses, type Slot } from './gather.ts';
import { type LimiterName, type LimitTier, limiters, limitOf } from './table.ts';
import type { Slots, SlotWindow } from './sliding.ts';

/** How a call stands with its limits; of one that is known to be over, only with those that it is over. */
export interface Standing {
  isAllowed: boolean;
  windows: Counted[];
}

type NamedWindow = SlotWindow & { name: LimiterName };
type Counted = NamedWindow & Slot;

interface Asked {
  name: LimiterName;
  /** Who is counted: an account, a session, an inbox with an address. */
  subject: string;
  tier?: LimitTier;
  /** A number of its own goes before the table's. */
  own?: number | null | undefined;
}

export interface Limits {
  /** Counts a call of the API; undefined when nothing can be counted: then it is let through. */
  takeCall(principal: Principal): Promise<Standing | undefined>;
  /** Counts one use, or throws 429. */
  take(name: LimiterName, subject: string, more?: { tier?: LimitTier; own?: number | undefined }): Promise<void>;
  /** What share of the adaptive limits is given from now on: 1 is all of it. */
  setShare(share: number): void;
  /** Of the place where uses are counted. */
  isThere(): Promise<boolean>;
  close(): Promise<void>;
}

export interface LimitsOptions {
  slots: Slots;
  onRefused?: (name: LimiterName) => void;
  /** Told of every use that could not be counted. */
  onUncounted?: (error: unknown) => void;
}

/** Longer than any answer of a place that works; calls wait for it. */
const answerWithinMs = 1_500;
/** After a failure nobody waits for the place again for this long. */
const restMs = 1_000;

/** The limits of the API and of the public pages. Where uses cannot be counted they are let through. */
export function createLimits({ slots, onRefused = () => {}, onUncounted = () => {} }: LimitsOptions): Limits {
  const full = createFullWindows();
  const countUse = gatherUses(slots, answerWithinMs);
  let share = 1;
  let restsUntil = 0;

  async function ask(asked: Asked[]): Promise<Standing | undefined> {
    const windows = asked.map((one) => windowOf(one, share));
    const known = full.find(windows);
    const counted = known.length > 0 ? known : await count(windows);
    if (!counted) return undefined;
    const isAllowed = counted.every(({ isTaken }) => isTaken);
    if (!isAllowed) {
      full.remember(counted);
      for (const window of counted) if (window.retryAfterMs > 0) onRefused(window.name);
    }
    return { isAllowed, windows: counted };
  }

  async function count(windows: NamedWindow[]): Promise<Counted[] | undefined> {
    if (Date.now() < restsUntil) return undefined;
    try {
      const taken = await countUse(windows);
      return windows.flatMap((window, n) => (taken[n] ? [{ ...window, ...taken[n] }] : []));
    } catch (error) {
      restsUntil = Date.now() + restMs;
      onUncounted(error);
      return undefined;
    }
  }

  return {
    takeCall: (principal) => ask(limitsOfCall(principal)),
    async take(name, subject, more) {
      const standing = await ask([{ name, subject, ...more }]);
      if (standing && !standing.isAllowed) throw refusal(standing);
    },
    setShare(next) {
      share = next;
    },
    isThere: slots.isThere,
    close: slots.close,
  };
}

/** What a call of the API counts against. Sessions are people's: generous, and never made smaller. */
function limitsOfCall(principal: Principal): Asked[] {
  if (principal.type === 'member') return [{ name: 'session', subject: principal.sessionId }];
  const { accountId, keyId, limits, isSuperadmin } = principal;
  const tier = isSuperadmin ? 'admin' : principal.tier;
  // Calls for the installation are not taken from what the account may call.
  const subject = isSuperadmin ? `${accountId} admin` : accountId;
  return [
    { name: 'calls', subject, tier },
    { name: 'burst', subject, tier },
    ...(limits.perHour === null ? [] : [{ name: 'keyCalls' as const, subject: keyId, own: limits.perHour }]),
    ...(limits.perMinute === null ? [] : [{ name: 'keyBurst' as const, subject: keyId, own: limits.perMinute }]),
  ];
}

function windowOf({ name, subject, tier = 'enterprise', own }: Asked, share: number): NamedWindow {
  const limiter: { windowMs: number; isAdaptive?: boolean } = limiters[name];
  const limit = limitOf(name, tier, own);
  return {
    name,
    key: `${name} ${subject}`,
    limit: limiter.isAdaptive ? Math.max(1, Math.floor(limit * share)) : limit,
    windowMs: limiter.windowMs,
  };
}

/** The answer to who asks too often. */
export function refusal({ windows }: Standing): ApiError {
  const waitMs = Math.max(...windows.map(({ retryAfterMs }) => retryAfterMs));
  const fullest = windows.find(({ retryAfterMs }) => retryAfterMs === waitMs);
  const seconds = Math.ceil(waitMs / 1000);
  const per = fullest && `${fullest.limit} in ${fullest.windowMs / 60_000} ${fullest.windowMs === 60_000 ? 'minute' : 'minutes'}`;
  return new ApiError('rate_limit_exceeded', `The limit of ${per} is used up. Come back in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  });
}

const entriesMax = 10_000;
/** A limit that was made larger, or a window that was emptied by hand, shows after this at the latest. */
const believedMs = 5_000;

/** Windows that were full a moment ago. It only ever refuses, so that what it forgets or does not know costs a question. */
function createFullWindows() {
  const entries = new Map<string, { counted: Counted; at: number }>();
  return {
    find(windows: NamedWindow[]): Counted[] {
      const now = Date.now();
      return windows.flatMap(({ key, limit }) => {
        const entry = entries.get(key);
        if (!entry) return [];
        const { counted, at } = entry;
        const retryAfterMs = counted.retryAfterMs - (now - at);
        if (retryAfterMs <= 0 || now - at > believedMs || limit > counted.limit) {
          entries.delete(key);
          return [];
        }
        return [{ ...counted, retryAfterMs, resetMs: Math.max(0, counted.resetMs - (now - at)) }];
      });
    },
    remember(windows: Counted[]): void {
      if (entries.size >= entriesMax) entries.clear();
      for (const counted of windows)
        if (counted.retryAfterMs > 0 && !entries.has(counted.key)) entries.set(counted.key, { counted, at: Date.now() });
    },
  };
}
