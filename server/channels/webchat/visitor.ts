import type { VisitorMessage } from '../../../contract/socket.ts';
import type { Database } from '../../db/pool.ts';
import { ApiError } from '../../http/errors.ts';
import type { InboundInbox } from '../../message/inbound/endpoint.ts';
import type { Receiver } from '../../message/inbound/receive.ts';
import { messageOf, statusOf } from './adapter.ts';
import { findVisitorMessage, listVisitorMessages, type VisitorRow } from './queries.ts';

/** A visitor who has shown a good token: everything below is limited to their own conversation. */
export interface Visitor {
  inbox: InboundInbox;
  visitorId: string;
}

export interface VisitorPage {
  /** Newest first. */
  items: VisitorMessage[];
  nextCursor: string | null;
}

/** One page of the visitor's conversation, back in time from the cursor. */
export async function listMessages(
  database: Database,
  { inbox, visitorId }: Visitor,
  limit: number,
  cursor: string | undefined,
): Promise<VisitorPage> {
  const before = cursor === undefined ? null : readCursor(cursor);
  const rows = await database.withAccount(inbox.accountId, (tx) => listVisitorMessages(tx, inbox.id, visitorId, before, limit + 1));
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(presentToVisitor), nextCursor: last ? Buffer.from(last.id).toString('base64url') : null };
}

export interface Written {
  message: VisitorMessage;
  isNew: boolean;
}

/** Stores what the visitor wrote; the same client id again is the same message. Resolves after the commit. */
export async function writeMessage(
  database: Database,
  receiver: Receiver,
  { inbox, visitorId }: Visitor,
  body: { id: string; text: string },
  requestId: string,
): Promise<Written> {
  const now = new Date();
  const [received] = await receiver.receive([inbox], [messageOf(visitorId, body.id, body.text, now)], {
    requestId,
    receivedAt: now,
    verifiedAt: now,
  });
  if (!received || !('messageId' in received)) throw new ApiError('validation_error', 'The message is kept but could not be shown.');
  const row = await database.withAccount(inbox.accountId, (tx) => findVisitorMessage(tx, inbox.id, visitorId, received.messageId));
  if (!row) throw new ApiError('conflict', 'The message was stored and has been removed since.');
  return { message: presentToVisitor(row), isNew: received.outcome === 'stored' };
}

/** The visitor's page has an answer, or the visitor has seen it: the agent's ticks advance. Foreign ids change nothing. */
export async function acknowledge(
  database: Database,
  receiver: Receiver,
  { inbox, visitorId }: Visitor,
  messageId: string,
  status: 'delivered' | 'read',
  requestId: string,
): Promise<void> {
  const row = await database.withAccount(inbox.accountId, (tx) => findVisitorMessage(tx, inbox.id, visitorId, messageId));
  if (row?.direction !== 'out' || row.status === 'read' || row.status === status) return;
  const now = new Date();
  await receiver.receive([inbox], [statusOf(messageId, status, now)], { requestId, receivedAt: now, verifiedAt: now });
}

/** What a visitor may know of a message. */
export function presentToVisitor(row: VisitorRow): VisitorMessage {
  const prefix = `${row.visitor_id}:`;
  return {
    id: row.id,
    clientId: row.direction === 'in' && row.external_id?.startsWith(prefix) ? row.external_id.slice(prefix.length) : null,
    direction: row.direction,
    text: row.text,
    author: row.direction === 'out' ? row.author || null : null,
    status: row.status,
    sentAt: row.sent_at.toISOString(),
  };
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new ApiError('validation_error', 'The cursor is not one of ours.', { errors: [{ path: 'cursor', message: 'is not one of ours' }] });
}
