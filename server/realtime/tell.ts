import type { PresenceStatus } from '../../contract/socket.ts';
import type { Tx } from '../db/pool.ts';
import { countUnreadOf } from '../conversations/access.ts';
import { type News, tellsMessage } from '../message/announce.ts';
import { accountRoom, conversationRoom, type Desk, userRoom } from './desk.ts';
import { listPresence, listViewers } from './queries.ts';

/** Turns news into events, each encoded once per room. */
export function createTeller({ context, namespace }: Desk): (news: News) => Promise<void> {
  // What was last told to a room, so that the same state is not told again; forgotten with the room.
  const presenceTold = new Map<string, Map<string, PresenceStatus>>();
  const viewingTold = new Map<string, string>();
  namespace.adapter.on('delete-room', (room: string) => {
    presenceTold.delete(room);
    viewingTold.delete(room);
  });
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

  async function tellPresence(tx: Tx, { accountId, changes }: News): Promise<void> {
    const userIds = [...new Set(changes.flatMap((change) => (change.type === 'presence:update' ? [change.userId] : [])))];
    const room = accountRoom(accountId);
    if (userIds.length === 0 || !hasRoom(room)) return;
    const known = presenceTold.get(room) ?? new Map<string, PresenceStatus>();
    presenceTold.set(room, known);
    const rows = new Map((await listPresence(tx, userIds)).map((row) => [row.user_id, row]));
    for (const userId of userIds) {
      const row = rows.get(userId);
      const status = row?.status ?? 'offline';
      if (known.get(userId) === status) continue;
      known.set(userId, status);
      const lastSeenAt = (row?.last_seen_at ?? new Date()).toISOString();
      namespace.local.to(room).emit('presence:update', { userId, status, lastSeenAt });
    }
  }

  async function tellViewing(tx: Tx, { accountId, changes }: News): Promise<void> {
    const ids = new Set(changes.flatMap((change) => (change.type === 'viewing' ? [change.conversationId] : [])));
    const shown = [...ids].filter((id) => hasRoom(conversationRoom(accountId, id)));
    if (shown.length === 0) return;
    const viewers = new Map((await listViewers(tx, shown)).map((row) => [row.conversation_id, row.user_ids]));
    for (const conversationId of shown) {
      const room = conversationRoom(accountId, conversationId);
      const userIds = viewers.get(conversationId) ?? [];
      if (!hasRoom(room) || viewingTold.get(room) === userIds.join()) continue;
      viewingTold.set(room, userIds.join());
      namespace.local.to(room).emit('viewing', { conversationId, userIds });
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
