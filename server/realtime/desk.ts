import type { Namespace, Socket } from 'socket.io';
import type { MemberPrincipal } from '../auth/principal.ts';
import type { ClientEvents, PresenceStatus, ServerEvents } from '../../contract/socket.ts';
import type { Context } from '../context.ts';
import type { Presence } from './presence.ts';

/** What the server keeps of a connection. */
export interface Held {
  /** Names the connection in the presence table. */
  id: string;
  member?: MemberPrincipal & { expiresAt: Date };
  status: PresenceStatus;
  viewing: Set<string>;
  heardAt: number;
  /** Conversations in which this connection is known to type. */
  typing: Map<string, { timer: NodeJS.Timeout; toldAt: number }>;
  /** Closes the connection where it has not signed in, or its token ended. */
  deadline?: NodeJS.Timeout;
  /** Events of one connection run one after the other. */
  last: Promise<void>;
  allowance: { left: number; at: number };
}

export type DeskNamespace = Namespace<ClientEvents, ServerEvents, Record<string, never>, Held>;
export type DeskSocket = Socket<ClientEvents, ServerEvents, Record<string, never>, Held>;

/** What the parts of the members' namespace share. */
export interface Desk {
  context: Pick<Context, 'database' | 'announcer' | 'auth' | 'log' | 'config'>;
  namespace: DeskNamespace;
  presence: Presence;
}

export const accountRoom = (accountId: string) => `account:${accountId}`;
export const userRoom = (accountId: string, userId: string) => `user:${accountId}:${userId}`;
export const conversationRoom = (accountId: string, conversationId: string) => `conversation:${accountId}:${conversationId}`;
