import { announce } from '../db/announcements.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { lockConversation } from './access.ts';
import type { ActionContext, Actor } from './actions.ts';
import { countUnread, findLastInbound, findMessageSeq, setMute, setReadMark } from './participant-queries.ts';

/** Marks everything up to a message as read by this member; returns what is left unread. */
export function markRead(context: ActionContext, actor: Actor, conversationId: string, messageId: string): Promise<number> {
  return change(context, actor, conversationId, async (tx, userId) => {
    const seq = await findMessageSeq(tx, conversationId, messageId);
    if (seq === undefined) {
      throw new ApiError('validation_error', 'messageId: is not a message of this conversation.', {
        errors: [{ path: 'messageId', message: 'is not a message of this conversation' }],
      });
    }
    await raiseReadMark(tx, conversationId, userId, messageId, seq);
  });
}

/** Makes the contact's last message unread again for this member. */
export function markUnread(context: ActionContext, actor: Actor, conversationId: string): Promise<number> {
  return change(context, actor, conversationId, async (tx, userId) => {
    const last = await findLastInbound(tx, conversationId);
    if (last) await setReadMark(tx, conversationId, userId, last.seq - 1, false);
  });
}

/** Keeps a conversation quiet for this member until a time; null: it speaks again. */
export function muteConversation(context: ActionContext, actor: Actor, conversationId: string, until: string | null): Promise<number> {
  return change(context, actor, conversationId, (tx, userId) => setMute(tx, conversationId, userId, until));
}

/** Raises a member's mark and announces it, inside the caller's transaction. */
export async function raiseReadMark(tx: Tx, conversationId: string, userId: string, messageId: string, seq: number): Promise<void> {
  const moved = await setReadMark(tx, conversationId, userId, seq, true);
  if (moved) await announce(tx, [{ type: 'message:read', conversationId, messageId, userId, readAt: moved.read_at.toISOString() }]);
}

/** A member's own state in a conversation, changed under its lock so that unread counts are those of one moment. */
async function change(
  context: ActionContext,
  actor: Actor,
  conversationId: string,
  work: (tx: Tx, userId: string) => Promise<void>,
): Promise<number> {
  const { userId } = actor;
  if (userId === null) throw new ApiError('forbidden', 'An API key has no read state: only a member reads.');
  const unreadCount = await context.database.withAccount(actor.accountId, async (tx) => {
    await lockConversation(tx, conversationId);
    await work(tx, userId);
    return countUnread(tx, conversationId, userId);
  });
  context.announcer.wake();
  return unreadCount;
}
