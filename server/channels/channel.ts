import type { IncomingHttpHeaders } from 'node:http';
import type { Channel } from '../../contract/common.ts';
import type { DeliveryError, MessageStatus } from '../../contract/conversation.ts';
import type { Capabilities } from '../../contract/inbox.ts';

/** An inbox as a channel sees it; secrets are open here and nowhere else. */
export interface ChannelInbox {
  accountId: string;
  id: string;
  channel: Channel;
  name: string;
  routeKey: string | null;
  settings: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** One HTTP call of a provider, before anything in it is believed. */
export interface HookRequest {
  method: string;
  /** The public URL that was called. */
  url: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
}

export interface IdentityRef {
  kind: 'whatsapp' | 'phone' | 'email' | 'webchat' | 'instagram' | 'messenger' | 'telegram' | 'api';
  /** Canonical: E.164 for phones, lower case for mail. */
  value: string;
}

interface ItemBase {
  /** Names the inbox on a shared endpoint (a phone number id); null when the endpoint has one inbox. */
  routeKey: string | null;
  externalId: string | null;
  /** A body that parses to this item alone: what the ledger keeps and a replay reads. */
  raw: Buffer;
  rawType: string;
}

export interface MessageItem extends ItemBase {
  kind: 'message';
  from: IdentityRef;
  /** Other addresses the sender gave; they join the contact when nobody has them. */
  otherIdentities?: IdentityRef[];
  to: string;
  name: string | null;
  /** '' for channels with one thread per contact. */
  threadKey: string;
  subject: string | null;
  type: string;
  text: string;
  fields?: { name: string; value: string }[];
  replyToExternalId?: string;
  attachments?: { filename: string; contentType: string; bytes: Buffer }[];
  sentAt: Date;
}

export interface StatusItem extends ItemBase {
  kind: 'status';
  externalId: string;
  status: Extract<MessageStatus, 'sent' | 'delivered' | 'read' | 'played' | 'failed'>;
  /** Our own message id, where the provider echoes it. */
  messageRef: string | null;
  error: DeliveryError | null;
  at: Date;
}

/** Signed and understood, but of no interest to the desk: kept in the ledger, answered 2xx. */
export interface OtherItem extends ItemBase {
  kind: 'ignored' | 'unparsed';
  reason: string;
}

export type InboundItem = MessageItem | StatusItem | OtherItem;

export interface OutboundMessage {
  id: string;
  to: IdentityRef;
  text: string;
  replyToExternalId: string | null;
}

/** What became of one attempt. `uncertain`: the call left and its answer is missing. */
export type SendOutcome =
  | { outcome: 'sent'; externalId: string | null; status?: 'sent' | 'delivered' }
  | { outcome: 'retry'; error: DeliveryError; retryAfterMs?: number }
  | { outcome: 'failed'; error: DeliveryError }
  | { outcome: 'uncertain'; error: DeliveryError };

/** A channel's adapter. Adding a channel is a folder with one of these and a line in index.ts. */
export interface ChannelAdapter {
  channel: Channel;
  capabilities: Capabilities;
  /** Bytes that the provider endpoint takes. */
  bodyBytesMax: number;
  /** GET on the endpoint: the provider's challenge; null answers 403. */
  handshake?(query: Record<string, unknown>, inboxes: ChannelInbox[]): string | null;
  /** Checks the signature on the raw bytes; any inbox of the endpoint may hold the secret. */
  verify(request: HookRequest, inboxes: ChannelInbox[]): { ok: true } | { ok: false; reason: string };
  /** Never throws: what cannot be read comes back as `unparsed`. */
  parse(raw: Buffer, rawType: string): InboundItem[];
  /** True when the provider honours our message id as an idempotency key, so that an attempt may be repeated. */
  idempotent: boolean;
  /** Absent where nothing can be sent. Never throws for what a provider does. */
  send?(message: OutboundMessage, inbox: ChannelInbox, signal: AbortSignal): Promise<SendOutcome>;
}
