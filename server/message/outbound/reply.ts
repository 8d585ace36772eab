import type { z } from 'zod';
import type { Message, newMessage } from '../../../contract/conversation.ts';
import { capabilitiesOf } from '../../channels/index.ts';
import { lockConversation } from '../../conversations/access.ts';
import type { Actor } from '../../conversations/actions.ts';
import { windowExpiresAt } from '../../conversations/present.ts';
import { raiseReadMark } from '../../conversations/reading.ts';
import { announce } from '../../db/announcements.ts';
import { newId } from '../../db/id.ts';
import type { Tx } from '../../db/pool.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import { enqueue } from '../../jobs/job.ts';
import { getMessage } from '../access.ts';
import type { FileUrl } from '../present.ts';
import { findConversationOf, insertReply, isMessageOf, requeue } from './reply-queries.ts';

type LockedConversation = Awaited<ReturnType<typeof lockConversation>>;

/**
 * Writes a member's message or private note: one transaction with the message (`queued`; a note is `sent`), the
 * author's read mark, the job that delivers it and the announcement.
 */
export async function createReply(
  tx: Tx,
  actor: Actor,
  conversationId: string,
  given: z.output<typeof newMessage>,
  fileUrl: FileUrl,
): Promise<Message> {
  const conversation = await lockConversation(tx, conversationId);
  if (given.kind === 'message') requireSendable(conversation, given.text);
  if (given.replyTo !== undefined && !(await isMessageOf(tx, conversationId, given.replyTo))) {
    throw new ApiError('validation_error', 'replyTo: is not a message of this conversation.', {
      errors: [{ path: 'replyTo', message: 'is not a message of this conversation' }],
    });
  }
  const id = newId();
  const status = given.kind === 'note' ? 'sent' : 'queued';
  const seq = await insertReply(tx, {
    id,
    conversationId,
    kind: given.kind,
    status,
    text: given.text,
    authorId: actor.userId,
    replyToId: given.replyTo ?? null,
  });
  await announce(tx, [{ type: 'message:new', conversationId, messageId: id }]);
  if (actor.userId !== null) await raiseReadMark(tx, conversationId, actor.userId, id, seq);
  if (given.kind === 'message') await enqueueDelivery(tx, actor.accountId, id);
  return getMessage(tx, id, fileUrl);
}

/** Sends a message again that failed or whose fate is unknown: the same message, a further attempt, a member's own choice. */
export async function resendMessage(tx: Tx, actor: Actor, messageId: string, fileUrl: FileUrl): Promise<Message> {
  const conversationId = await findConversationOf(tx, messageId);
  if (conversationId === undefined) throw notFound('message');
  const conversation = await lockConversation(tx, conversationId);
  const message = await getMessage(tx, messageId, fileUrl);
  requireSendable(conversation, message.text ?? '');
  if (!(await requeue(tx, conversationId, messageId))) {
    throw new ApiError('conflict', 'Only a message that failed or whose fate is unknown can be sent again.');
  }
  await announce(tx, [{ type: 'message:status', conversationId, messageId, status: 'queued' }]);
  await enqueueDelivery(tx, actor.accountId, messageId);
  return getMessage(tx, messageId, fileUrl);
}

const enqueueDelivery = (tx: Tx, accountId: string, messageId: string) =>
  enqueue(tx, [{ kind: 'deliver', lane: 'outbound', accountId, payload: { messageId } }]);

/** What the channel allows decides before anything is written. */
function requireSendable(conversation: LockedConversation, text: string): void {
  const { canReply, textLengthMax } = capabilitiesOf(conversation.channel);
  if (!canReply) throw new ApiError('channel_refuses', `Nothing can be sent back through ${conversation.channel}.`);
  if ([...text].length > textLengthMax) {
    const message = `must have at most ${textLengthMax} characters on ${conversation.channel}`;
    throw new ApiError('validation_error', `text: ${message}.`, { errors: [{ path: 'text', message }] });
  }
  const expiresAt = windowExpiresAt(conversation);
  if (expiresAt && expiresAt.getTime() <= Date.now()) {
    throw new ApiError('window_closed', 'The contact last wrote too long ago: until they write again the channel takes no free text.');
  }
}
