import type { z } from 'zod';
import type { Assignment, Conversation, conversationPatch } from '../../contract/conversation.ts';
import type { Context } from '../context.ts';
import { announce } from '../db/announcements.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { enqueue } from '../jobs/job.ts';
import { getConversation, lockConversation } from './access.ts';
import { lockTakers, type Takers } from './assignment-queries.ts';
import { type ConversationSet, type LockedConversation, touchConversationsOf, updateConversation } from './queries.ts';

/** Who acts, in which account. */
export interface Actor {
  accountId: string;
  userId: string | null;
}

/** What actions need of the server. */
export type ActionContext = Pick<Context, 'database' | 'announcer'>;

/** Changes fields of a conversation; opening and closing obey the same rules as their own paths. */
export function patchConversation(
  context: ActionContext,
  actor: Actor,
  id: string,
  patch: z.output<typeof conversationPatch>,
): Promise<Conversation> {
  const { status, priority, subject } = patch;
  return change(context, actor, id, async (tx, locked) => ({
    ...(status === undefined || status === locked.status ? {} : statusSet(status)),
    ...(status === undefined || status === 'closed' ? {} : await assigneeOnReopening(tx, locked)),
    ...(priority === undefined ? {} : { priority }),
    ...(subject === undefined ? {} : { subject }),
  }));
}

/**
 * Gives a conversation to a member, a team, or nobody. Who gets it is locked before the conversation is: somebody who is
 * being suspended waits for the work that is being given to them, or is seen as suspended, and a deadlock has no way in.
 */
export function assignConversation(context: ActionContext, actor: Actor, id: string, to: Assignment): Promise<Conversation> {
  return change(
    context,
    actor,
    id,
    (_tx, _locked, takers) => {
      if (to.assigneeId && !takers.hasMember) throw refuseField('assigneeId', 'is not an active member');
      if (to.teamId && !takers.hasTeam) throw refuseField('teamId', 'is not a team of this account');
      return {
        ...(to.assigneeId === undefined ? {} : { assignee_id: to.assigneeId }),
        ...(to.teamId === undefined ? {} : { team_id: to.teamId }),
      };
    },
    to,
  );
}

export function closeConversation(context: ActionContext, actor: Actor, id: string): Promise<Conversation> {
  return change(context, actor, id, (_tx, locked) => (locked.status === 'closed' ? {} : statusSet('closed')));
}

/** Opens a closed conversation again; one that is not closed stays as it is. */
export function reopenConversation(context: ActionContext, actor: Actor, id: string): Promise<Conversation> {
  return change(context, actor, id, async (tx, locked) =>
    locked.status === 'closed' ? { ...statusSet('open'), ...(await assigneeOnReopening(tx, locked)) } : {},
  );
}

/** Puts a conversation aside until a time or the next message of the contact. */
export function snoozeConversation(context: ActionContext, actor: Actor, id: string, until: Date): Promise<Conversation> {
  if (until.getTime() <= Date.now()) {
    return Promise.reject(refuseField('until', 'must be in the future'));
  }
  return change(context, actor, id, async (tx) => {
    await enqueue(tx, [
      { kind: 'wake conversation', lane: 'default', accountId: actor.accountId, payload: { conversationId: id }, runAt: until },
    ]);
    return { status: 'snoozed', snoozed_until: until, closed_at: null };
  });
}

export function unsnoozeConversation(context: ActionContext, actor: Actor, id: string): Promise<Conversation> {
  return change(context, actor, id, (_tx, locked) => (locked.status === 'snoozed' ? statusSet('open') : {}));
}

/** The end of a snooze. A conversation that was woken, closed or snoozed anew since stays as it is. */
export async function wakeConversation(context: ActionContext, accountId: string, id: string): Promise<void> {
  await change(context, { accountId, userId: null }, id, (_tx, locked) => {
    const isDue = locked.status === 'snoozed' && locked.snoozed_until !== null && locked.snoozed_until.getTime() <= Date.now();
    return isDue ? statusSet('open') : {};
  });
}

/** Tells that what conversations show of a contact changed; part of the caller's transaction. */
export async function refreshConversationsOf(tx: Tx, contactId: string): Promise<void> {
  const ids = await touchConversationsOf(tx, contactId, refreshedMax);
  await announce(
    tx,
    ids.map((conversationId) => ({ type: 'conversation:update', conversationId })),
  );
}

const refreshedMax = 100;

const refuseField = (path: string, message: string) =>
  new ApiError('validation_error', `${path}: ${message}.`, { errors: [{ path, message }] });

function statusSet(status: 'open' | 'pending' | 'closed'): ConversationSet {
  return { status, snoozed_until: null, closed_at: status === 'closed' ? new Date() : null };
}

/** What is closed keeps the name of who had it; when it opens again and they are suspended or gone, nobody has it. */
async function assigneeOnReopening(tx: Tx, locked: LockedConversation): Promise<ConversationSet> {
  if (locked.status !== 'closed' || locked.assignee_id === null) return {};
  const { hasMember } = await lockTakers(tx, { assigneeId: locked.assignee_id });
  return hasMember ? {} : { assignee_id: null };
}

/** Every change: lock, decide, write with the next seq, announce; one transaction. Nothing changed: nothing is announced. */
async function change(
  context: ActionContext,
  actor: Actor,
  id: string,
  decide: (tx: Tx, locked: LockedConversation, takers: Takers) => ConversationSet | Promise<ConversationSet>,
  to: Assignment = {},
): Promise<Conversation> {
  const changed = await context.database
    .withAccount(actor.accountId, async (tx) => {
      const takers = await lockTakers(tx, to);
      const locked = await lockConversation(tx, id);
      const isChanged = await updateConversation(tx, id, await decide(tx, locked, takers));
      if (isChanged) await announce(tx, [{ type: 'conversation:update', conversationId: id }]);
      return getConversation(tx, actor, id);
    })
    .catch((error: unknown) => {
      throw isOpenThreadTaken(error)
        ? new ApiError('conflict', 'Another conversation with this contact is open in this inbox: continue there, or close it first.')
        : error;
    });
  context.announcer.wake();
  return changed;
}

/** One thread of a contact in an inbox is open at a time; the unique index decided. */
function isOpenThreadTaken(error: unknown): boolean {
  return error instanceof Error && 'constraint' in error && error.constraint === 'conversations_open_thread';
}
