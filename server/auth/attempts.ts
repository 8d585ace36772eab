import { createHmac } from 'node:crypto';
import { deriveKey } from '../credentials/seal.ts';
import type { Database } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { limitedAddress } from '../limits/address.ts';
import { forgetSlots, giveBackSlot, takeSlot } from '../limits/sliding.ts';
import { limiters } from '../limits/table.ts';
import type { Logger } from '../log.ts';

export interface Attempts {
  /**
   * Runs one guess; a wrong one (undefined) counts, a right one clears the count. Beyond the limit it throws 429 and does not
   * look at all. `lockedOut` is called by the wrong guess that reaches the limit.
   */
  guess<T>(what: string, work: () => Promise<T | undefined>, lockedOut?: () => void): Promise<T | undefined>;
  /** Starts the count anew: the person proved who they are by other means. */
  forget(what: string): Promise<void>;
}

/** What wrong passwords are counted by: somebody who guesses elsewhere keeps nobody from signing in here. */
export const passwordGuesses = (email: string, ip: string) => `password ${email} ${limitedAddress(ip)}`;

/**
 * The count lives in the database, so that it holds over processes and restarts. A guess is counted before it is
 * looked at and guesses of one key take turns here, so that a hundred at once are not a hundred free ones.
 */
export function createAttempts(database: Database, secretKey: string, log: Logger): Attempts {
  const key = deriveKey(secretKey, 'attempts');
  // Keyed, so that the table does not say who tried to sign in.
  const nameOf = (what: string) => `guess ${createHmac('sha256', key).update(what).digest('base64url')}`;
  const turns = new Map<string, Promise<unknown>>();
  return {
    guess<T>(what: string, work: () => Promise<T | undefined>, lockedOut?: () => void) {
      const name = nameOf(what);
      const mine = (turns.get(name) ?? Promise.resolve()).then(() => guessOnce({ database, log }, name, work, lockedOut));
      const settled = mine.catch(() => undefined);
      turns.set(name, settled);
      void settled.then(() => turns.get(name) === settled && turns.delete(name));
      return mine;
    },
    forget: (what) => forgetSlots(database, nameOf(what)),
  };
}

async function guessOnce<T>(
  { database, log }: { database: Database; log: Logger },
  key: string,
  work: () => Promise<T | undefined>,
  lockedOut: () => void = () => {},
): Promise<T | undefined> {
  const { limit, windowMs } = limiters.guess;
  const slot = await takeSlot(database, key, limit, windowMs).catch((error: unknown) => {
    // What cannot be counted is not looked at: a guess is never free.
    log.error({ err: error }, 'guesses cannot be counted: nobody can sign in');
    throw new ApiError('unavailable', 'Nobody can sign in right now. Try again in a moment.', { headers: { 'retry-after': '2' } });
  });
  if (!slot.isTaken) {
    const seconds = Math.ceil(slot.retryAfterMs / 1000);
    throw new ApiError('rate_limit_exceeded', `Too many wrong attempts. Try again in ${Math.ceil(seconds / 60)} minutes.`, {
      headers: { 'retry-after': String(seconds) },
    });
  }
  const found = await work().catch(async (error: unknown) => {
    // Nothing was looked at: our trouble is not a wrong guess.
    await giveBackSlot(database, key);
    throw error;
  });
  if (found !== undefined) await forgetSlots(database, key);
  else if (slot.used >= limit) lockedOut();
  return found;
}
