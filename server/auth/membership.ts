import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { revokeSessionsOfMember } from './queries.ts';

/** Ends the sessions of a member in the transaction's account; their other accounts are not concerned. Returns which ended. */
export function endSessionsOfMember(tx: Tx, userId: string): Promise<string[]> {
  return revokeSessionsOfMember(tx, userId);
}

/** After the commit: access tokens stop at once and sockets close; other processes see it within a second. */
export function forgetSessions(context: Pick<Context, 'auth' | 'realtime'>, sessionIds: string[]): void {
  for (const id of sessionIds) {
    context.auth.forgetSession(id);
    context.realtime?.closeSession(id);
  }
}
