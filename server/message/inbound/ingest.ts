import type { z } from 'zod';
import type { ingestAnswer } from '../../../contract/ingest.ts';
import { ApiError } from '../../http/errors.ts';
import type { Endpoints, InboundInbox } from './endpoint.ts';
import { type IngestBody, parseIngestBody } from './ingest-body.ts';
import type { Receiver } from './receive.ts';

export interface IngestOptions {
  endpoints: Endpoints;
  receiver: Receiver;
  /** Counts one call of a source at an inbox; throws 429 when there were too many. */
  takeSlot: (inbox: InboundInbox, source: string) => Promise<void>;
}

export type IngestAnswer = z.infer<typeof ingestAnswer>;

/** One call of the ingest API by a key of the account, answered after the commit. */
export async function receiveIngest(
  options: IngestOptions,
  accountId: string,
  source: string,
  raw: Buffer,
  requestId: string,
): Promise<IngestAnswer> {
  const receivedAt = new Date();
  const body = parseIngestBody(raw);
  const inbox = chooseInbox(await options.endpoints.byAccount(accountId), body);
  await options.takeSlot(inbox, source);
  const items = body.items.map((item) => ({ ...item, routeKey: null }));
  const results = await options.receiver.receive([inbox], items, { requestId, receivedAt, verifiedAt: new Date() });
  const messages = results.flatMap((result, n) => ('checksum' in result ? [{ ...result, externalId: items[n]?.externalId ?? null }] : []));
  // Of several messages the answer tells of the first that is new.
  const first = messages.find(({ outcome }) => outcome === 'stored') ?? messages[0];
  if (!first) throw new ApiError('validation_error', 'There is no message in the body that could be stored.');
  const known = { messageId: first.messageId, externalId: first.externalId, checksum: first.checksum, channel: body.channel };
  if (first.outcome === 'duplicate') {
    throw new ApiError('duplicate_message', 'This message is here already.', { extra: { ...known, duplicate: true } });
  }
  return { ...known, status: 'received', requestId, durationMs: Date.now() - receivedAt.getTime(), duplicate: false };
}

function chooseInbox(inboxes: InboundInbox[], body: IngestBody): InboundInbox {
  const ofChannel = inboxes.filter((inbox) => inbox.channel === body.channel);
  if (body.inboxId !== undefined) {
    const named = ofChannel.find((inbox) => inbox.id === body.inboxId);
    if (named) return named;
    throw new ApiError('validation_error', 'The inbox does not fit.', {
      errors: [{ path: 'inboxId', message: `is not a ${body.channel} inbox of this account` }],
    });
  }
  const [only, ...others] = ofChannel;
  if (only && others.length === 0) return only;
  const detail = only ? `There are several ${body.channel} inboxes: name one.` : `There is no ${body.channel} inbox: create one first.`;
  throw new ApiError('inbox_required', detail, { errors: [{ path: 'inboxId', message: 'required' }] });
}
