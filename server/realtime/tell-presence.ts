import type { PresenceStatus } from '../../contract/socket.ts';
import type { Tx } from '../db/pool.ts';
import type { News } from '../message/announce.ts';
import { accountRoom, conversationRoom, type Desk } from './desk.ts';
import { listPresence, listViewers } from './queries.ts';

export interface PresenceTeller {
  tellPresence(tx: Tx, news: News): Promise<void>;
  tellViewing(tx: Tx, news: News): Promise<void>;
}

/** Who is here and who looks at what. */
export function createPresenceTeller({ namespace }: Pick<Desk, 'namespace'>): PresenceTeller {
  // What was last told to a room, so that the same state is not told again; forgotten with the room.
  const presenceTold = new Map<string, Map<string, PresenceStatus>>();
  const viewingTold = new Map<string, string>();
  namespace.adapter.on('delete-room', (room: string) => {
    presenceTold.delete(room);
    viewingTold.delete(room);
  });
  const hasRoom = (room: string) => namespace.adapter.rooms.has(room);

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

  return { tellPresence, tellViewing };
}
