import { z } from 'zod';
import { capabilitiesByChannel } from '../capabilities.ts';
import type { ChannelAdapter, InboundItem, MessageItem, StatusItem } from '../channel.ts';

/** Live chat has no provider: an answer is delivered by being stored, and the visitor's page tells when it came and was read. */
export const webchatAdapter: ChannelAdapter = {
  channel: 'webchat',
  capabilities: capabilitiesByChannel.webchat,
  bodyBytesMax: 64 * 1024,
  verify: () => ({ ok: false, reason: 'visitors write to /chat' }),
  parse: parseKept,
  idempotent: true,
  send: async (message) => ({ outcome: 'sent', externalId: message.id }),
};

const rawType = 'application/vnd.guichet.chat+json';
const kept = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('message'),
    visitorId: z.string().min(1).max(100),
    clientId: z.string().min(1).max(100),
    text: z.string().min(1),
    at: z.iso.datetime(),
  }),
  z.object({ kind: z.literal('status'), messageId: z.uuid(), status: z.enum(['delivered', 'read']), at: z.iso.datetime() }),
]);

/** What a visitor wrote. The client's own id makes repeated sending one message. */
export function messageOf(visitorId: string, clientId: string, text: string, at = new Date()): MessageItem {
  return {
    kind: 'message',
    routeKey: null,
    externalId: externalIdOf(visitorId, clientId),
    raw: Buffer.from(JSON.stringify({ kind: 'message', visitorId, clientId, text, at: at.toISOString() })),
    rawType,
    from: { kind: 'webchat', value: visitorId },
    to: '',
    name: null,
    threadKey: '',
    subject: null,
    type: 'text',
    text,
    sentAt: at,
  };
}

/** What the visitor's page says about an answer of ours. */
export function statusOf(messageId: string, status: 'delivered' | 'read', at = new Date()): StatusItem {
  return {
    kind: 'status',
    routeKey: null,
    externalId: messageId,
    raw: Buffer.from(JSON.stringify({ kind: 'status', messageId, status, at: at.toISOString() })),
    rawType,
    status,
    messageRef: messageId,
    error: null,
    at,
  };
}

/** One visitor's ids cannot be those of another. */
export function externalIdOf(visitorId: string, clientId: string): string {
  return `${visitorId}:${clientId}`;
}

function parseKept(raw: Buffer, type: string): InboundItem[] {
  let body: unknown;
  try {
    body = JSON.parse(raw.toString('utf8'));
  } catch {
    body = undefined;
  }
  const parsed = kept.safeParse(body);
  if (!parsed.success)
    return [{ kind: 'unparsed', reason: 'not what a visitor sends', routeKey: null, externalId: null, raw, rawType: type }];
  const said = parsed.data;
  const item =
    said.kind === 'message'
      ? messageOf(said.visitorId, said.clientId, said.text, new Date(said.at))
      : statusOf(said.messageId, said.status, new Date(said.at));
  return [{ ...item, raw }];
}
