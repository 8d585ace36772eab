import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** The one-time code that lets whoever reads the console make the first desk. */
export interface Setup {
  /** Makes the code of this process, to be printed; the same until it is used. */
  issue(): string;
  /** Uses the code up when it fits; constant time. */
  take(code: string): boolean;
  /** Makes a used code good again: what it was used for did not happen. */
  giveBack(code: string): void;
}

/** Without letters and digits that look alike. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const digest = (text: string) => createHash('sha256').update(text).digest();
const canonical = (code: string) => code.toUpperCase().replace(/[^A-Z0-9]/g, '');

export function createSetup(): Setup {
  let current: string | undefined;
  return {
    issue() {
      current ??= makeCode();
      return current;
    },
    take(code) {
      const fits = timingSafeEqual(digest(canonical(code)), digest(canonical(current ?? makeCode())));
      if (!fits || current === undefined) return false;
      current = undefined;
      return true;
    },
    giveBack(code) {
      current ??= code;
    },
  };
}

/** 60 random bits in three groups that can be typed. */
function makeCode(): string {
  const letters = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
}
