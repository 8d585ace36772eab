import { capabilitiesByChannel } from '../capabilities.ts';
import type { ChannelAdapter, InboundItem } from '../channel.ts';
import { itemOf, readSubmission } from './submission.ts';

export const formBytesMax = 5 * 1024 * 1024;

/** Forms come in through their public route; the hook takes none, and there is no way back but the sender's other addresses. */
export const formAdapter: ChannelAdapter = {
  channel: 'form',
  capabilities: capabilitiesByChannel.form,
  bodyBytesMax: formBytesMax,
  verify: () => ({ ok: false, reason: 'forms are sent to /forms' }),
  parse: parseSubmission,
  idempotent: false,
};

function parseSubmission(raw: Buffer, rawType: string): InboundItem[] {
  const unparsed = (reason: string): InboundItem => ({ kind: 'unparsed', reason, routeKey: null, externalId: null, raw, rawType });
  try {
    return [itemOf(readSubmission(raw, rawType), raw, rawType) ?? unparsed('no e-mail and no phone')];
  } catch (error) {
    return [unparsed(error instanceof Error ? error.message : 'could not be read')];
  }
}
