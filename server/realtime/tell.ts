import type { Tx } from '../db/pool.ts';
import { countUnreadOf } from '../conversations/access.ts';
import { type News, tellsMessage } from '../message/announce.ts';
import { accountRoom, conversationRoom, type Desk, userRoom } from './desk.ts';
import { createPresenceTeller } from './tell-presence.ts';

/** Turns news into events, each encoded once per room. */
export function createTeller({ context, namespace }: Desk): (news: News) => Promise<void> {
  const { tellPresence, tellViewing } = createPresenceTeller({ namespace });
  const hasRoom = (room: string) => namespace.adapter.rooms.has(room);

  function tellMessages({ accountId, changes, messages }: News): void {
    for (const change of changes) {
      if (!tellsMessage(change)) continue;
      const message = messages.get(change.messageId);
      if (!message) continue;
      const room = namespace.local.to(conversationRoom(accountId, change.conversationId));
      const body = { conversationId: change.conversationId, seq: message.changeSeq, message };
      if (change.type === 'message:status') room.emit('message:status', { ...body, messageId: message.id, status: message.status });
      else room.emit(change.type, body);
    }
  }

  /** Once per conversation, after its messages. It is new when its first message is. */
  function tellConversations({ accountId, changes, messages, conversations }: News): void {
    const isNew = new Set(
      changes.flatMap((change) =>
        change.type === 'message:new' && messages.get(change.messageId)?.seq === 1 ? [change.conversationId] : [],
      ),
    );
    for (const conversation of conversations.values()) {
      const event = isNew.has(conversation.id) ? 'conversation:new' : 'conversation:update';
      namespace.local.to(accountRoom(accountId)).emit(event, { conversation, seq: conversation.seq });
    }
  }

  function tellTyping({ accountId, changes }: News): void {
    for (const change of changes) {
      if (change.type !== 'typing') continue;
      const { conversationId, userId, isTyping } = change;
      namespace.local
        .to(conversationRoom(accountId, conversationId))
        .except(userRoom(accountId, userId))
        .emit('typing', { conversationId, userId, isTyping });
    }
  }

  /** To all who see the account; the member who read hears on all tabs what is left unread. */
  async function tellReading(tx: Tx, { accountId, changes }: News): Promise<void> {
    for (const change of changes) {
      if (change.type !== 'message:read') continue;
      const { conversationId, messageId, userId, readAt } = change;
      namespace.local.to(accountRoom(accountId)).emit('message:read', { conversationId, messageId, userId, readAt });
      const tabs = userRoom(accountId, userId);
      if (hasRoom(tabs))
        namespace.local
          .to(tabs)
          .emit('marked_read', { conversationId, messageId, unreadCount: await countUnreadOf(tx, conversationId, userId) });
    }
  }

  return async (news) => {
    if (!hasRoom(accountRoom(news.accountId))) return;
    tellMessages(news);
    tellConversations(news);
    tellTyping(news);
    if (!news.changes.some((change) => ['message:read', 'presence:update', 'viewing'].includes(change.type))) return;
    await context.database.withAccount(news.accountId, async (tx) => {
      await tellReading(tx, news);
      await tellPresence(tx, news);
      await tellViewing(tx, news);
    });
  };
}
