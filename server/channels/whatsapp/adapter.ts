import { capabilitiesByChannel } from '../capabilities.ts';
import type { ChannelAdapter } from '../channel.ts';
import { parseEnvelope } from './parse.ts';
import { sendText } from './send.ts';
import { answerChallenge, verifySignature } from './signature.ts';

/** WhatsApp Cloud API. `apiUrl` is the Graph API's base, set by the operator; a demo inbox may name a stand-in of its own. */
export function createWhatsappAdapter(apiUrl: string): ChannelAdapter {
  return {
    channel: 'whatsapp',
    capabilities: capabilitiesByChannel.whatsapp,
    bodyBytesMax: 4 * 1024 * 1024,
    handshake: answerChallenge,
    verify: verifySignature,
    parse: parseEnvelope,
    idempotent: false,
    send: (message, inbox, signal) =>
      sendText(message, inbox, typeof inbox.settings.apiUrl === 'string' ? inbox.settings.apiUrl : apiUrl, signal),
  };
}
