import type { Channel } from '../../contract/common.ts';
import type { Capabilities } from '../../contract/inbox.ts';
import { capabilitiesByChannel } from './capabilities.ts';
import type { ChannelAdapter } from './channel.ts';
import { formAdapter } from './form/adapter.ts';
import { webchatAdapter } from './webchat/adapter.ts';
import { createWhatsappAdapter } from './whatsapp/adapter.ts';

export interface ChannelOptions {
  /** Base of the Graph API, without a trailing version. */
  whatsappApiUrl: string;
}

export interface Channels {
  /** The adapter of a channel; undefined for one that only the ingest API feeds. */
  adapterOf(channel: Channel): ChannelAdapter | undefined;
}

/** Every adapter there is. Adding a channel is a folder and a line here. */
export function createChannels(options: ChannelOptions): Channels {
  const adapters = new Map<Channel, ChannelAdapter>([
    ['whatsapp', createWhatsappAdapter(options.whatsappApiUrl)],
    ['form', formAdapter],
    ['webchat', webchatAdapter],
  ]);
  return { adapterOf: (channel) => adapters.get(channel) };
}

/** What a channel can do, whether or not it has an adapter yet. */
export function capabilitiesOf(channel: Channel): Capabilities {
  return capabilitiesByChannel[channel];
}
