import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../http/errors.ts';
import { isCommonPassword, isMadeOf, type Person } from './common-passwords.ts';

/** argon2id with 19 MiB and two passes: some 40 ms of one core. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** At once: more would take the threads that files and look-ups need. */
const runningMax = 2;
/** Beyond these a sign-in waits longer than a person does. */
const waitingMax = 200;

let running = 0;
const waiting: (() => void)[] = [];

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normalise(password), cost));
}

let nobody: Promise<string> | undefined;

/** Takes the same time for somebody who does not exist: their password is compared with one that nobody has. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password');
  const wanted = stored ?? (await nobody);
  const isRight = await inTurn(() => verify(wanted, normalise(password)));
  return isRight && typeof stored === 'string';
}

/** Throws when a new password is one that everybody tries first, or is made of what is known of the person. */
export function refuseWeakPassword(password: string, person: Person): void {
  if (!isMadeOf(password, person) && !isCommonPassword(normalise(password))) return;
  throw new ApiError('validation_error', 'password: is one that is tried first.', {
    errors: [{ path: 'password', message: 'is one that is tried first; take a longer phrase' }],
  });
}

/** The same password typed on another keyboard is the same password. */
function normalise(password: string): string {
  return password.normalize('NFKC');
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= runningMax) {
    if (waiting.length >= waitingMax)
      throw new ApiError('unavailable', 'Too many people are signing in. Try again in a moment.', { headers: { 'retry-after': '5' } });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
