import type { Conversation, Message, MessageStatus } from './conversation.ts';

export type PresenceStatus = 'online' | 'away' | 'busy' | 'offline';
/** The acknowledgement of every client event. */
export type Ack = (answer: { ok: true } | { ok: false; code: string; message: string }) => void;
/** What is the same for every member; unreadCount is each member's own and comes over HTTP. */
export type SharedConversation = Omit<Conversation, 'unreadCount'>;

/** Namespace /ws, client to server. */
export interface ClientEvents {
  authenticate: (body: { token: string }, ack?: Ack) => void;
  join_conversation: (body: { conversationId: string }, ack?: Ack) => void;
  leave_conversation: (body: { conversationId: string }, ack?: Ack) => void;
  typing: (body: { conversationId: string; isTyping: boolean }, ack?: Ack) => void;
  mark_read: (body: { conversationId: string; messageId: string }, ack?: Ack) => void;
  'presence:update_status': (body: { status: PresenceStatus }, ack?: Ack) => void;
  heartbeat: (ack?: Ack) => void;
}

/** Namespace /ws, server to client. Every change of a conversation carries its seq. */
export interface ServerEvents {
  authenticated: (body: {
    userId: string;
    accountId: string;
    presence: { userId: string; status: PresenceStatus; lastSeenAt: string }[];
  }) => void;
  joined_conversation: (body: { conversationId: string; seq: number; userIds: string[] }) => void;
  left_conversation: (body: { conversationId: string }) => void;
  'message:new': (body: { conversationId: string; seq: number; message: Message }) => void;
  'message:update': (body: { conversationId: string; seq: number; message: Message }) => void;
  'message:status': (body: { conversationId: string; seq: number; messageId: string; status: MessageStatus; message: Message }) => void;
  'message:read': (body: { conversationId: string; messageId: string; userId: string; readAt: string }) => void;
  'conversation:new': (body: { conversation: SharedConversation; seq: number }) => void;
  'conversation:update': (body: { conversation: SharedConversation; seq: number }) => void;
  'presence:update': (body: { userId: string; status: PresenceStatus; lastSeenAt: string }) => void;
  viewing: (body: { conversationId: string; userIds: string[] }) => void;
  typing: (body: { conversationId: string; userId: string; isTyping: boolean }) => void;
  marked_read: (body: { conversationId: string; messageId: string; unreadCount: number }) => void;
  'heartbeat:ack': (body: { at: string }) => void;
  error: (body: { code: string; message: string }) => void;
}

/** Namespace /chat, for a visitor who sees only their own conversation. */
export interface VisitorServerEvents {
  'message:new': (body: { message: VisitorMessage }) => void;
  'message:status': (body: { messageId: string; status: string }) => void;
  typing: (body: { isTyping: boolean }) => void;
  error: (body: { code: string; message: string }) => void;
}
export interface VisitorClientEvents {
  typing: (body: { isTyping: boolean }) => void;
  received: (body: { messageId: string }) => void;
  read: (body: { messageId: string }) => void;
}
export interface VisitorMessage {
  id: string;
  /** The id that the visitor's page gave it; null for answers. */
  clientId: string | null;
  direction: 'in' | 'out';
  text: string;
  /** First name of the member who answered; null for the visitor. */
  author: string | null;
  status: string;
  sentAt: string;
}
