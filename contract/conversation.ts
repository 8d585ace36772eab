import { z } from 'zod';
import { channel, id, pageQuery, safeText, time } from './common.ts';

export const conversationStatus = z.enum(['open', 'pending', 'snoozed', 'closed']);
export const priority = z.enum(['low', 'normal', 'high']);
export const messageStatus = z.enum([
  'received',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'played',
  'failed',
  'uncertain',
  'cancelled',
]);
export type MessageStatus = z.infer<typeof messageStatus>;

export const person = z.object({ id, name: z.string() });

export const attachment = z.object({
  id,
  filename: z.string(),
  contentType: z.string(),
  size: z.number().int().describe('Bytes'),
  url: z.string().describe('Signed, valid for some minutes'),
});

/** Why a message did not go, as a code of ours and the provider's own words where there are any. */
export const deliveryError = z.object({
  class: z.enum(['auth', 'throttle', 'window', 'recipient', 'content', 'transient', 'unknown']),
  code: z.string().optional(),
  detail: z.string().optional(),
});
export type DeliveryError = z.infer<typeof deliveryError>;

export const message = z.object({
  id,
  conversationId: id,
  seq: z.number().int().describe('Order in the conversation'),
  changeSeq: z.number().int().describe("The conversation's seq when this message last changed"),
  direction: z.enum(['in', 'out']),
  kind: z.enum(['message', 'note']),
  type: z.string().describe('text, form, unsupported, …'),
  text: z.string().nullable(),
  subject: z.string().nullable(),
  status: messageStatus,
  author: person.nullable().describe('The member who wrote it; null for the contact'),
  replyToId: id.nullable(),
  error: deliveryError.nullable(),
  fields: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullable()
    .describe('What a form carried beside the text'),
  language: z.string().nullable(),
  attachments: z.array(attachment),
  sentAt: time.describe("The sender's clock where the channel tells it"),
  createdAt: time,
});
export type Message = z.infer<typeof message>;

export const identity = z.object({ id, kind: z.string(), value: z.string() });
export const contactSummary = z.object({ id, name: z.string().nullable(), label: z.string().describe('The name, else the address') });
export const contact = contactSummary.extend({
  company: z.string().nullable(),
  language: z.string().nullable(),
  identities: z.array(identity),
  createdAt: time,
});
export type Contact = z.infer<typeof contact>;

export const conversation = z.object({
  id,
  inboxId: id,
  channel,
  status: conversationStatus,
  subject: z.string().nullable(),
  priority,
  contact: contactSummary,
  assignee: person.nullable(),
  team: person.nullable().describe('Id and name of the team that has it'),
  labels: z.array(z.object({ id, name: z.string() })),
  unreadCount: z.number().int().describe('Inbound messages this member has not read'),
  lastMessage: message
    .pick({ id: true, direction: true, kind: true, text: true, status: true, seq: true, sentAt: true, type: true })
    .nullable(),
  lastActivityAt: time,
  lastInboundAt: time.nullable(),
  windowExpiresAt: time.nullable().describe('Until when the channel takes free text; null where it always does'),
  nextActionAt: time.nullable(),
  snoozedUntil: time.nullable(),
  seq: z.number().int().describe('Grows with every change'),
  createdAt: time,
});
export type Conversation = z.infer<typeof conversation>;

export const conversationView = z.enum(['all', 'mine', 'unassigned', 'closed']);
export const conversationQuery = pageQuery.extend({
  status: conversationStatus.optional(),
  inboxId: id.optional(),
  assigneeId: id.optional(),
  teamId: id.optional(),
  contactId: id.optional(),
  unread: z.stringbool().optional(),
  view: conversationView.optional(),
  q: safeText(1, 200).optional().describe("Part of the contact's name or address"),
});

export const conversationCounts = z.object({
  views: z.object({ all: z.number(), mine: z.number(), unassigned: z.number(), closed: z.number() }).describe('Conversations in the view'),
  unread: z.object({ all: z.number(), mine: z.number(), unassigned: z.number() }).describe('Of them with something unread'),
  inboxes: z.record(z.string(), z.object({ open: z.number(), unread: z.number() })).describe('By inbox id'),
  members: z.record(z.string(), z.object({ open: z.number() })).describe('Open conversations by assignee'),
  teams: z.record(z.string(), z.object({ open: z.number() })).describe('Open conversations by team'),
});
export type ConversationCounts = z.infer<typeof conversationCounts>;

export const newMessage = z.strictObject({
  text: safeText(0, 65_536).refine((text) => text.trim() !== '', 'must say something'),
  kind: z.enum(['message', 'note']).default('message'),
  replyTo: id.optional(),
});
export type NewMessage = z.input<typeof newMessage>;

export const conversationPatch = z.strictObject({
  status: z.enum(['open', 'pending', 'closed']).optional(),
  priority: priority.optional(),
  subject: safeText(0, 300).nullable().optional(),
});

export const assignment = z
  .strictObject({
    assigneeId: id.nullable().optional().describe('An active member; null for nobody; left out: as it is'),
    teamId: id.nullable().optional().describe('null for no team; left out: as it is'),
  })
  .refine((body) => body.assigneeId !== undefined || body.teamId !== undefined, 'needs assigneeId or teamId');
export type Assignment = z.infer<typeof assignment>;
export const snooze = z.strictObject({ until: time });
export const mute = z.strictObject({ until: time.optional().describe('Without it: until it is taken back') });
export const readMark = z.strictObject({ messageId: id });
/** The body of a change that needs none. */
export const noBody = z.strictObject({}).optional();

export const changesQuery = z.strictObject({
  since: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('The last seq that is known'),
});
export const unread = z.object({ unreadCount: z.number().int() });

/** Everything that changed in a conversation after a seq. */
export const conversationChanges = z.object({
  seq: z.number().int(),
  conversation,
  messages: z.array(message).describe('New, edited and ticked, by changeSeq'),
  more: z.boolean().describe('True when more changes follow: ask again from the last changeSeq'),
});

export const contactQuery = pageQuery.extend({ q: safeText(1, 200).optional().describe('Part of the name or of an address') });
export const contactPatch = z.strictObject({
  name: safeText(1, 200).nullable().optional(),
  company: safeText(1, 200).nullable().optional(),
});
