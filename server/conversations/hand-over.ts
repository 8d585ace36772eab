import { announce } from '../db/announcements.ts';
import type { Tx } from '../db/pool.ts';
import { reassignWork, releaseFromAbsent, releaseFromTeam, touchConversationsOfTeam } from './assignment-queries.ts';

/**
 * Gives everything that a member has to do (open, pending, snoozed) to another one, or to nobody; returns how many
 * conversations that is. Part of the caller's transaction, under which the member can get no more of them: what is closed
 * keeps the name of who had it.
 */
export async function handOverWork(tx: Tx, from: string, to: string | null): Promise<number> {
  return tell(tx, await reassignWork(tx, from, to));
}

/** Takes conversations that were opened again from members who are suspended or gone; those of others stay as they are. */
export async function releaseDeserted(tx: Tx, conversationIds: string[]): Promise<number> {
  return tell(tx, await releaseFromAbsent(tx, conversationIds));
}

/** Leaves the conversations of a team that is about to go without a team. */
export async function releaseWorkOfTeam(tx: Tx, teamId: string): Promise<number> {
  return tell(tx, await releaseFromTeam(tx, teamId));
}

/** Tells that what conversations show of a team changed. */
export async function refreshConversationsOfTeam(tx: Tx, teamId: string): Promise<void> {
  await tell(tx, await touchConversationsOfTeam(tx, teamId));
}

/** One announcement holds this many. */
const toldTogetherMax = 500;

async function tell(tx: Tx, ids: string[]): Promise<number> {
  for (let at = 0; at < ids.length; at += toldTogetherMax) {
    const changes = ids.slice(at, at + toldTogetherMax).map((conversationId) => ({ type: 'conversation:update' as const, conversationId }));
    await announce(tx, changes);
  }
  return ids.length;
}
