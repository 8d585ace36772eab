import type { Tx } from '../db/pool.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { endEmailChanges } from './links.ts';
import { revokeOtherSessions, revokeSessionsOf } from './queries.ts';
import { forgetOtherWays, markVerified } from './verification-queries.ts';

/**
 * Notes that somebody read mail at a person's address. The first time it takes away what was set up before: whoever made the
 * person may have been somebody else, with a password, a passkey or an identity of theirs. `keptSessionId`: the proof came from
 * within this session of the person, so they hold both and keep what is theirs. Returns the sessions that ended.
 */
export async function proveAddress(tx: Tx, userId: string, keptSessionId: string | null): Promise<string[]> {
  const first = await markVerified(tx, userId, keptSessionId !== null);
  if (!first) return [];
  await endEmailChanges(tx, userId);
  if (keptSessionId !== null) return revokeOtherSessions(tx, userId, keptSessionId);
  await forgetOtherWays(tx, userId);
  if (first.had_password) await enqueueMail(tx, 'password_removed_notice', { userId });
  return revokeSessionsOf(tx, userId, null);
}
