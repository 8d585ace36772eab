import type { Channel } from '../../contract/common.ts';
import type { Capabilities } from '../../contract/inbox.ts';

/** What each channel can do, as data. `canReply` is false where there is no adapter that sends. */
export const capabilitiesByChannel: Record<Channel, Capabilities> = {
  whatsapp: { canReply: true, textLengthMax: 4_096, windowHours: 24, statuses: ['sent', 'delivered', 'read', 'played'], replyTo: true },
  webchat: { canReply: true, textLengthMax: 10_000, windowHours: null, statuses: ['sent', 'delivered', 'read'], replyTo: false },
  form: { canReply: false, textLengthMax: 65_536, windowHours: null, statuses: [], replyTo: false },
  email: { canReply: false, textLengthMax: 65_536, windowHours: null, statuses: ['sent', 'delivered', 'read'], replyTo: true },
  sms: { canReply: false, textLengthMax: 1_600, windowHours: null, statuses: ['sent', 'delivered'], replyTo: false },
  instagram: { canReply: false, textLengthMax: 1_000, windowHours: 24, statuses: ['sent', 'delivered', 'read'], replyTo: true },
  messenger: { canReply: false, textLengthMax: 2_000, windowHours: 24, statuses: ['sent', 'delivered', 'read'], replyTo: true },
  telegram: { canReply: false, textLengthMax: 4_096, windowHours: null, statuses: ['sent'], replyTo: true },
  api: { canReply: false, textLengthMax: 65_536, windowHours: null, statuses: ['sent', 'delivered', 'read'], replyTo: false },
};
