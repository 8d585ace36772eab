import type { IdentityRef, InboundItem, MessageItem, OtherItem, StatusItem } from '../channel.ts';
import { isLoose, type Loose, objectAt, objectsAt, storable, textAt } from '../text.ts';
import { contentOf } from './content.ts';
import { classOfCode } from './errors.ts';

/** Reads an envelope of Meta into its items. Never throws: what cannot be read comes back as `unparsed`, its siblings live. */
export function parseEnvelope(raw: Buffer): InboundItem[] {
  const body = readJson(raw);
  if (!isLoose(body)) return [other('unparsed', 'the body is not a JSON object', raw)];
  if (body.object !== 'whatsapp_business_account') return [other('unparsed', 'object is not whatsapp_business_account', raw)];
  if (!Array.isArray(body.entry)) return [other('unparsed', 'entry is not a list', raw)];
  const parts = body.entry.flatMap(partsOfEntry);
  if (parts.length === 0) return [other('ignored', 'nothing in it', raw)];
  return parts.map((part) => readPart(part, parts.length === 1 ? raw : envelopeOf(part, raw)));
}

const rawType = 'application/json';
const externalIdMax = 998;
/** A clock that is this far ahead is wrong: its message would stay on top of every list. */
const aheadMsMax = 10 * 60_000;

/** One message, status or notice, with what is needed to make an envelope of it alone. */
interface Part {
  kind: 'message' | 'status' | 'echo' | 'notice' | 'unparsed';
  reason: string;
  element: unknown;
  value: Loose;
  contact: Loose | null;
  /** The entry that holds nothing but this part. */
  alone: () => unknown;
}

const lists: { list: string; kind: Part['kind']; reason: string }[] = [
  { list: 'messages', kind: 'message', reason: '' },
  { list: 'statuses', kind: 'status', reason: '' },
  { list: 'message_echoes', kind: 'echo', reason: 'sent from the phone app of the business' },
];

function partsOfEntry(entry: unknown): Part[] {
  const broken = (reason: string, alone: () => unknown): Part[] => [
    { kind: 'unparsed', reason, element: null, value: {}, contact: null, alone },
  ];
  if (!isLoose(entry)) return broken('an entry is not an object', () => entry);
  if (!Array.isArray(entry.changes)) return broken('changes is not a list', () => entry);
  const around = isSmall({ ...entry, changes: [] }) ? entry : {};
  return entry.changes.flatMap((change: unknown) => {
    if (!isLoose(change) || !isLoose(change.value)) return broken('a change has no value', () => ({ ...around, changes: [change] }));
    return partsOfChange(around, change, change.value);
  });
}

function partsOfChange(entry: Loose, change: Loose, value: Loose): Part[] {
  const base = { value, element: null, contact: null, alone: () => ({ ...entry, changes: [change] }) };
  if (change.field !== 'messages' && change.field !== 'smb_message_echoes')
    return [{ ...base, kind: 'notice', reason: `field ${labelOf(change.field)}` }];
  const { contacts: _contacts, messages: _messages, statuses: _statuses, message_echoes: _echoes, ...shared } = value;
  const contacts = contactsByKey(value);
  const isSharedSmall = isSmall({ ...change, value: shared });
  let count = 0;
  const parts = lists.flatMap(({ list, kind, reason }): Part[] => {
    const elements = value[list];
    if (elements === undefined || elements === null) return [];
    const aloneWith = (more: Loose, isWhole = true) =>
      isWhole ? { ...entry, changes: [{ ...change, value: { ...shared, ...more } }] } : barely(change, value, more);
    if (!Array.isArray(elements))
      return [{ ...base, kind: 'unparsed', reason: `${list} is not a list`, alone: () => aloneWith({ [list]: elements }) }];
    return elements.map((element: unknown) => {
      const contact = contactFor(element, contacts, elements.length);
      const isWhole = count++ === 0 || isSharedSmall;
      return {
        kind,
        reason,
        element,
        value,
        contact,
        alone: () =>
          aloneWith({ ...(contact && (isWhole || isSmall(contact)) ? { contacts: [contact] } : {}), [list]: [element] }, isWhole),
      };
    });
  });
  return parts.length > 0
    ? parts
    : [{ ...base, kind: 'notice', reason: Array.isArray(value.errors) ? 'errors without a message' : 'no message and no status' }];
}

/** What is around the items is written again with each; real envelopes have a few hundred bytes of it. */
const sharedBytesMax = 4_096;

function isSmall(shared: Loose): boolean {
  try {
    return JSON.stringify(shared).length <= sharedBytesMax;
  } catch {
    // Nested so deep that it cannot be written at all.
    return false;
  }
}

/** Only what an item needs to be read again: where far more stands around the items, the first keeps it for all. */
function barely(change: Loose, value: Loose, more: Loose): unknown {
  const routeKey = textAt(objectAt(value, 'metadata'), 'phone_number_id');
  const metadata = routeKey === null ? {} : { phone_number_id: routeKey.slice(0, sharedBytesMax) };
  return { changes: [{ field: change.field, value: { messaging_product: 'whatsapp', metadata, ...more } }] };
}

interface Contacts {
  byKey: Map<string, Loose>;
  lone: Loose | null;
}

/** Contacts by their number (samples carry blanks around it) and user id. */
function contactsByKey(value: Loose): Contacts {
  const contacts = objectsAt(value, 'contacts');
  const byKey = new Map<string, Loose>();
  for (const contact of contacts) for (const key of keysOf(contact.wa_id, contact.user_id)) if (!byKey.has(key)) byKey.set(key, contact);
  return { byKey, lone: contacts.length === 1 ? (contacts[0] ?? null) : null };
}

/** A lone contact belongs to the lone message. */
function contactFor(element: unknown, { byKey, lone }: Contacts, siblings: number): Loose | null {
  if (!isLoose(element)) return null;
  const key = keysOf(element.from, element.from_user_id, element.recipient_id).find((one) => byKey.has(one));
  return (key !== undefined && byKey.get(key)) || (siblings === 1 ? lone : null);
}

function keysOf(...keys: unknown[]): string[] {
  return keys.flatMap((key) => (typeof key === 'string' && key.trim() !== '' ? [key.trim()] : []));
}

/** A body that parses to this part alone; the whole body where the part cannot be written again. */
function envelopeOf(part: Part, whole: Buffer): Buffer {
  try {
    return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [part.alone()] }));
  } catch {
    return whole;
  }
}

/** Text that names a value in a reason; an object from outside may have no text form at all. */
function labelOf(value: unknown): string {
  return typeof value === 'string' ? storable(value).slice(0, 60) : typeof value;
}

function readPart(part: Part, raw: Buffer): InboundItem {
  try {
    return readWellFormed(part, raw);
  } catch (error) {
    return other('unparsed', error instanceof Error ? error.message.slice(0, 200) : 'could not be read', raw);
  }
}

function readWellFormed(part: Part, raw: Buffer): InboundItem {
  const routeKey = textAt(objectAt(part.value, 'metadata'), 'phone_number_id');
  if (part.kind === 'notice' || part.kind === 'echo') return other('ignored', part.reason, raw, routeKey);
  if (part.kind === 'unparsed') return other('unparsed', part.reason, raw, routeKey);
  if (!isLoose(part.element)) return other('unparsed', `a ${part.kind} is not an object`, raw, routeKey);
  // Without a number it could land in the inbox of somebody else.
  if (routeKey === null) return other('unparsed', 'metadata.phone_number_id is missing', raw);
  return part.kind === 'message' ? readMessage(part.element, part.contact ?? {}, routeKey, raw) : readStatus(part.element, routeKey, raw);
}

function readMessage(message: Loose, contact: Loose, routeKey: string, raw: Buffer): MessageItem | OtherItem {
  const number = addressOf(textAt(message, 'from') ?? textAt(contact, 'wa_id'));
  const userId = textAt(message, 'from_user_id') ?? textAt(contact, 'user_id');
  const value = number ?? userId?.trim();
  if (!value) return other('unparsed', 'a message has no sender', raw, routeKey);
  const externalId = textAt(message, 'id');
  if (value.length > 320 || (externalId?.length ?? 0) > externalIdMax) return other('unparsed', 'an id is too long', raw, routeKey);
  const { target, ...content } = contentOf(message);
  const replyTo = target ?? textAt(objectAt(message, 'context'), 'id');
  return {
    kind: 'message',
    routeKey,
    externalId,
    raw,
    rawType,
    from: { kind: 'whatsapp', value },
    ...(userId && number && userId.length <= 320
      ? { otherIdentities: [{ kind: 'whatsapp', value: userId.trim() }] satisfies IdentityRef[] }
      : {}),
    to: routeKey,
    name: textAt(objectAt(contact, 'profile'), 'name'),
    threadKey: '',
    subject: null,
    ...content,
    ...(replyTo ? { replyToExternalId: replyTo } : {}),
    sentAt: timeOf(message.timestamp),
  };
}

/** A number in E.164; anything else as it came. */
function addressOf(from: string | null): string | null {
  const trimmed = from?.trim();
  if (!trimmed) return null;
  return /^\d{5,20}$/.test(trimmed) ? `+${trimmed}` : trimmed;
}

const statusNames = ['sent', 'delivered', 'read', 'played', 'failed'] as const;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function readStatus(status: Loose, routeKey: string, raw: Buffer): StatusItem | OtherItem {
  const externalId = textAt(status, 'id');
  if (externalId === null || externalId.length > externalIdMax) return other('unparsed', 'a status has no id', raw, routeKey);
  const name = statusNames.find((candidate) => candidate === status.status);
  if (!name) return other('ignored', `status ${labelOf(status.status)}`, raw, routeKey);
  const echoed = textAt(status, 'biz_opaque_callback_data');
  const error = objectsAt(status, 'errors')[0];
  return {
    kind: 'status',
    routeKey,
    externalId,
    raw,
    rawType,
    status: name,
    messageRef: echoed !== null && uuidPattern.test(echoed) ? echoed.toLowerCase() : null,
    error: error ? readError(error) : null,
    at: timeOf(status.timestamp),
  };
}

function readError(error: Loose): NonNullable<StatusItem['error']> {
  const code = typeof error.code === 'number' || typeof error.code === 'string' ? Number(error.code) : Number.NaN;
  const detail = textAt(objectAt(error, 'error_data'), 'details') ?? textAt(error, 'message') ?? textAt(error, 'title');
  return { class: classOfCode(code), ...(Number.isInteger(code) ? { code: String(code) } : {}), ...(detail ? { detail } : {}) };
}

/** Seconds as text. What is no time, or lies ahead, is now. */
function timeOf(value: unknown): Date {
  const now = Date.now();
  const seconds = (typeof value === 'string' && /^\d{1,12}$/.test(value.trim())) || typeof value === 'number' ? Number(value) : 0;
  const ms = seconds * 1000;
  return new Date(ms > 0 && ms <= now + aheadMsMax ? ms : now);
}

function other(kind: OtherItem['kind'], reason: string, raw: Buffer, routeKey: string | null = null): OtherItem {
  return { kind, reason, routeKey, externalId: null, raw, rawType };
}

function readJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
