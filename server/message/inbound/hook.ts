import type { IncomingMessage } from 'node:http';
import type { ChannelAdapter } from '../../channels/channel.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import type { Endpoints, InboundInbox } from './endpoint.ts';
import { readRaw } from './raw-body.ts';
import type { Receiver } from './receive.ts';

export interface HookOptions {
  endpoints: Endpoints;
  receiver: Receiver;
  adapterOf: (channel: InboundInbox['channel']) => ChannelAdapter | undefined;
  /** What providers call: signatures of some cover it. */
  publicUrl: string;
  refused: (channel: string, reason: 'too_large' | 'bad_signature') => void;
}

interface Endpoint {
  inboxes: InboundInbox[];
  adapter: ChannelAdapter;
}

/** A provider's call, from raw bytes to committed rows. It answers 2xx only after the commits. */
export async function receiveHook(options: HookOptions, key: string, request: IncomingMessage, requestId: string): Promise<void> {
  const receivedAt = new Date();
  const { inboxes, adapter } = await findEndpoint(options, key);
  const raw = await readRaw(request, adapter.bodyBytesMax).catch((error: unknown) => {
    if (error instanceof ApiError) options.refused(adapter.channel, 'too_large');
    throw error;
  });
  const url = new URL(request.url ?? '/', options.publicUrl).href;
  const verdict = adapter.verify({ method: request.method ?? 'POST', url, headers: request.headers, raw }, inboxes);
  if (!verdict.ok) {
    options.refused(adapter.channel, 'bad_signature');
    throw new ApiError('invalid_signature', `The signature does not fit: ${verdict.reason}.`, {
      errors: [{ path: 'signature', message: verdict.reason }],
    });
  }
  const items = adapter.parse(raw, request.headers['content-type'] ?? '');
  await options.receiver.receive(inboxes, items, { requestId, receivedAt, verifiedAt: new Date() });
}

/** A provider's question whether we are the ones it thinks; null is answered 403. */
export async function answerChallenge(options: HookOptions, key: string, query: Record<string, unknown>): Promise<string | null> {
  const { inboxes, adapter } = await findEndpoint(options, key);
  return adapter.handshake?.(query, inboxes) ?? null;
}

async function findEndpoint(options: HookOptions, key: string): Promise<Endpoint> {
  const inboxes = await options.endpoints.byKey(key);
  const adapter = inboxes[0] && options.adapterOf(inboxes[0].channel);
  if (!adapter) throw notFound('hook');
  return { inboxes, adapter };
}
