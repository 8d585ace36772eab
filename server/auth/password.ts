import { hash, verify } from '@node-rs/argon2';
import { ApiError } from '../http/errors.ts';
import { isCommonPassword, isMadeOf, type Person } from './common-passwords.ts';

/** argon2id with 19 MiB and two passes: some 40 ms of one core. */
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** At once: more would take the threads that files and look-ups need. */
const runningMax = 2;
/** Beyond these a sign-in waits longer than a person does. */
const waitingMax = 200;
/** Of one caller: an office that signs in in the morning, and less than all the places there are. */
const waitingOfOneMax = 40;

let running = 0;
/** Those who wait, by who asked; callers take turns, so that a flood from one place holds up its own. */
const waiting = new Map<string, (() => void)[]>();

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normalise(password), cost));
}

let nobody: Promise<string> | undefined;

/**
 * Takes the same time for somebody who does not exist: their password is compared with one that nobody has. `caller` is
 * whoever asks, where strangers can: the address that limits count.
 */
export async function verifyPassword(stored: string | null | undefined, password: string, caller?: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password').catch((error: unknown) => {
    nobody = undefined;
    throw error;
  });
  const wanted = stored ?? (await nobody);
  const isRight = await inTurn(() => verify(wanted, normalise(password)), caller);
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

async function inTurn<T>(work: () => Promise<T>, caller = ''): Promise<T> {
  if (running >= runningMax) await waitForTurn(caller);
  else running += 1;
  try {
    return await work();
  } finally {
    const next = takeNext();
    if (next) next();
    else running -= 1;
  }
}

function waitForTurn(caller: string): Promise<void> {
  const line = waiting.get(caller) ?? [];
  const total = [...waiting.values()].reduce((sum, { length }) => sum + length, 0);
  if (total >= waitingMax || line.length >= waitingOfOneMax)
    throw new ApiError('unavailable', 'Too many people are signing in. Try again in a moment.', { headers: { 'retry-after': '5' } });
  waiting.set(caller, line);
  return new Promise<void>((resolve) => line.push(resolve));
}

/** The first of the caller whose turn it is, who then goes to the end of the line of callers. */
function takeNext(): (() => void) | undefined {
  for (const [caller, line] of waiting) {
    const next = line.shift();
    waiting.delete(caller);
    if (line.length > 0) waiting.set(caller, line);
    return next;
  }
  return undefined;
}
