import { mayRead } from '../http/access.ts';
import { accountRoom, conversationRoom, type Desk, type DeskSocket, userRoom } from './desk.ts';

/**
 * Puts a connection into the rooms that its member may hear now. Whoever may no longer read conversations, or whose
 * account lost that module, leaves the account's room and those of the conversations they had open, before anything else
 * is told there.
 */
export async function takeSeat(desk: Desk, socket: DeskSocket): Promise<void> {
  const { member, viewing } = socket.data;
  if (!member) return;
  const { accountId, userId } = member;
  await socket.join(userRoom(accountId, userId));
  if (mayRead(member, 'conversation.read')) {
    await socket.join(accountRoom(accountId));
    return;
  }
  const left = [...viewing];
  viewing.clear();
  for (const room of [accountRoom(accountId), ...left.map((id) => conversationRoom(accountId, id))]) await socket.leave(room);
  for (const conversationId of left) await desk.presence.writeViewing(socket, conversationId);
}
