import type { Channel } from '../../contract/common.ts';
import type { Conversation } from '../../contract/conversation.ts';
import type { SharedConversation } from '../../contract/socket.ts';
import { capabilitiesOf } from '../channels/index.ts';

/** A conversation as the statements of queries.ts read it. */
export interface ConversationRow {
  id: string;
  inbox_id: string;
  channel: Channel;
  status: Conversation['status'];
  subject: string | null;
  priority: Conversation['priority'];
  contact_id: string;
  contact_name: string | null;
  contact_label: string;
  assignee_id: string | null;
  assignee_name: string | null;
  team_id: string | null;
  team_name: string | null;
  last_activity_at: Date;
  last_inbound_at: Date | null;
  snoozed_until: Date | null;
  seq: string;
  created_at: Date;
  message_id: string | null;
  message_direction: 'in' | 'out';
  message_kind: 'message' | 'note';
  message_type: string;
  message_text: string | null;
  message_status: NonNullable<Conversation['lastMessage']>['status'];
  message_seq: string;
  message_sent_at: Date;
}

/** The part that is the same for every member. */
export function presentShared(row: ConversationRow): SharedConversation {
  return {
    id: row.id,
    inboxId: row.inbox_id,
    channel: row.channel,
    status: row.status,
    subject: row.subject,
    priority: row.priority,
    contact: { id: row.contact_id, name: row.contact_name, label: row.contact_label },
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
    team: row.team_id === null ? null : { id: row.team_id, name: row.team_name ?? '' },
    labels: [],
    lastMessage: presentLastMessage(row),
    lastActivityAt: row.last_activity_at.toISOString(),
    lastInboundAt: row.last_inbound_at?.toISOString() ?? null,
    windowExpiresAt: windowExpiresAt(row)?.toISOString() ?? null,
    nextActionAt: null,
    snoozedUntil: row.snoozed_until?.toISOString() ?? null,
    seq: Number(row.seq),
    createdAt: row.created_at.toISOString(),
  };
}

export function presentConversation(row: ConversationRow & { unread_count: number }): Conversation {
  return { ...presentShared(row), unreadCount: row.unread_count };
}

/** Until when the channel takes free text; null where it always does. Nobody wrote yet: the window never opened. */
export function windowExpiresAt(conversation: { channel: Channel; last_inbound_at: Date | null; created_at: Date }): Date | null {
  const { windowHours } = capabilitiesOf(conversation.channel);
  if (windowHours === null) return null;
  return conversation.last_inbound_at === null
    ? conversation.created_at
    : new Date(conversation.last_inbound_at.getTime() + windowHours * 3_600_000);
}

function presentLastMessage(row: ConversationRow): Conversation['lastMessage'] {
  if (row.message_id === null) return null;
  return {
    id: row.message_id,
    direction: row.message_direction,
    kind: row.message_kind,
    type: row.message_type,
    text: row.message_text,
    status: row.message_status,
    seq: Number(row.message_seq),
    sentAt: row.message_sent_at.toISOString(),
  };
}
