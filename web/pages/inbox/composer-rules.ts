import type { Conversation } from '../../../contract/conversation.ts';
import type { Inbox } from '../../../contract/inbox.ts';

export type Refusal = 'noReply' | 'window' | 'paused';

/** Why no reply can go this way now; null when one can. */
export function refusalOf(conversation: Conversation, inbox: Inbox, now: number): Refusal | null {
  if (!inbox.capabilities.canReply) return 'noReply';
  if (inbox.status === 'paused') return 'paused';
  if (inbox.capabilities.windowHours === null) return null;
  const isOpen = conversation.windowExpiresAt !== null && new Date(conversation.windowExpiresAt).getTime() > now;
  return isOpen ? null : 'window';
}

/** Characters the channel takes in one message. */
export const replyRoom = (inbox: Inbox | undefined): number => inbox?.capabilities.textLengthMax ?? 4096;
