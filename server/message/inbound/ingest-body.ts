import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  addressOf,
  type IngestChannel,
  ingestBytesMax,
  ingestEmail,
  ingestForm,
  ingestSms,
  ingestWhatsapp,
  ingestWhatsappEnvelope,
} from '../../../contract/ingest.ts';
import type { InboundItem, MessageItem, StatusItem } from '../../channels/channel.ts';
import { isPhone, toE164 } from '../../channels/phone.ts';
import { isLoose, type Loose } from '../../channels/text.ts';
import { parseEnvelope } from '../../channels/whatsapp/parse.ts';
import { contentTypeOf, safeFilename } from '../../files/type.ts';
import { ApiError, type FieldError } from '../../http/errors.ts';
import { fieldErrorsOf } from '../../http/field-errors.ts';
import { textOfHtml } from './html-text.ts';

export interface IngestBody {
  channel: IngestChannel;
  inboxId: string | undefined;
  /** At least one message or status; every one belongs to the inbox that the call names. */
  items: (MessageItem | StatusItem)[];
}

/** What the ledger notes about a body of the ingest API: `parseIngestBody` reads it again. */
export const ingestRawType = 'application/vnd.guichet.ingest+json';
/** The most that any channel takes: what to read before the channel is known. */
export const ingestBodyBytesMax = Math.max(...Object.values(ingestBytesMax));
const depthMax = 32;

/** Reads a body of `POST /ingest` into items. Throws ApiError with the path of each wrong field. */
export function parseIngestBody(raw: Buffer): IngestBody {
  const body = readJson(raw);
  const channel = channelOf(body);
  if (raw.length > ingestBytesMax[channel]) {
    throw new ApiError('payload_too_large', `A body of ${channel} has ${ingestBytesMax[channel]} bytes at most.`);
  }
  const { inboxId, items } = readers[channel](body, raw);
  return { channel, inboxId, items };
}

interface Read {
  inboxId: string | undefined;
  items: (MessageItem | StatusItem)[];
}

const readers: Record<IngestChannel, (body: Loose, raw: Buffer) => Read> = {
  email: (body, raw) => readEmail(check(ingestEmail, body), raw),
  whatsapp: (body, raw) =>
    Object.hasOwn(body, 'object') || Object.hasOwn(body, 'entry')
      ? readWhatsappEnvelope(body, raw)
      : readWhatsapp(check(ingestWhatsapp, body), raw),
  sms: (body, raw) => readSms(check(ingestSms, body), raw),
  form: (body, raw) => readForm(check(ingestForm, body), raw),
};

function readEmail(mail: z.infer<typeof ingestEmail>, raw: Buffer): Read {
  const from = addressOf(mail.from) ?? mail.from;
  const to = [mail.to].flat().map((one) => addressOf(one) ?? one);
  const externalId = mail.messageId ?? mail.id ?? null;
  const links = (mail.attachments ?? []).filter((file) => file.content === undefined && file.url !== undefined);
  const item = message(raw, externalId, {
    from: { kind: 'email', value: from },
    to: to.join(', '),
    name: mail.fromName?.trim() || nameBefore(mail.from),
    threadKey: threadKeyOf(mail, externalId ?? hash(from, to.join(), mail.subject ?? '', mail.text)),
    subject: mail.subject?.trim() || null,
    type: 'email',
    text: mail.text.trim() === '' && mail.html ? textOfHtml(mail.html) : mail.text,
    attachments: (mail.attachments ?? []).flatMap((file) =>
      file.content === undefined ? [] : [fileOf(file.filename, file.contentType, Buffer.from(file.content, 'base64'))],
    ),
    // Files that are only linked are not fetched: the address is shown.
    fields: links.map((file) => ({ name: file.filename, value: file.url ?? '' })),
  });
  return { inboxId: mail.inboxId, items: [item] };
}

/** What a file is, its bytes decide; its name is made safe to save. */
function fileOf(filename: string, contentType: string, bytes: Buffer) {
  return { filename: safeFilename(filename), contentType: contentTypeOf(contentType, bytes), bytes };
}

/** The oldest known id of the thread; without any the mail is a thread of its own. Long ids are hashed to fit an index. */
function threadKeyOf(mail: z.infer<typeof ingestEmail>, own: string): string {
  const references = typeof mail.references === 'string' ? mail.references.split(/[\s,]+/) : (mail.references ?? []);
  const root = references.find((one) => one.trim() !== '') ?? mail.inReplyTo?.trim();
  const key = (root || own).trim();
  return key.length <= 200 ? key : hash(key);
}

function readWhatsapp(body: z.infer<typeof ingestWhatsapp>, raw: Buffer): Read {
  const value = `+${body.from.replace('+', '')}`;
  const item = message(raw, body.id, {
    from: { kind: 'whatsapp', value },
    to: '',
    name: body.name?.trim() || null,
    type: 'text',
    text: body.text,
  });
  return { inboxId: body.inboxId, items: [item] };
}

function readWhatsappEnvelope(body: Loose, raw: Buffer): Read {
  const { inboxId } = check(ingestWhatsappEnvelope, body);
  const parsed = parseEnvelope(raw);
  const broken = parsed.flatMap((item): FieldError[] => (item.kind === 'unparsed' ? [{ path: 'entry', message: item.reason }] : []));
  if (broken.length > 0) throw invalid(broken);
  const wanted = parsed.filter((item): item is MessageItem | StatusItem => item.kind === 'message' || item.kind === 'status');
  // The answer names a message: statuses alone belong to the inbox's own hook, and none is kept of a call that is refused.
  if (!wanted.some((item) => item.kind === 'message')) throw invalid([{ path: 'entry', message: 'holds no message' }]);
  return {
    inboxId,
    items: wanted.map((item) => ({ ...item, routeKey: null, raw: parsed.length === 1 ? raw : named(item), rawType: ingestRawType })),
  };
}

/** The item's own envelope, with the channel that the ingest API asks for. */
function named(item: InboundItem): Buffer {
  const envelope: Loose = JSON.parse(item.raw.toString('utf8'));
  return Buffer.from(JSON.stringify({ channel: 'whatsapp', ...envelope }));
}

function readSms(body: z.infer<typeof ingestSms>, raw: Buffer): Read {
  const item = message(raw, body.MessageSid ?? body.SmsSid ?? null, {
    from: { kind: 'phone', value: toE164(body.From) },
    to: toE164(body.To),
    type: 'sms',
    text: body.Body,
  });
  return { inboxId: body.inboxId, items: [item] };
}

function readForm(form: z.infer<typeof ingestForm>, raw: Buffer): Read {
  const { formData = {} } = form;
  if (form.phone !== undefined && form.email === undefined && !isPhone(form.phone))
    throw invalid([{ path: 'phone', message: 'must be a phone number' }]);
  const given = Object.entries(formData).map(([name, value]) => ({
    name,
    value: [value]
      .flat()
      .map((one) => (one === null ? '' : String(one)))
      .join(', '),
  }));
  const inner = form.message ?? given.find(({ name, value }) => name === 'message' && value !== '')?.value;
  const rest = given.filter(({ name }) => form.message !== undefined || name !== 'message');
  const consent = [
    ...(form.consentGiven === undefined ? [] : [{ name: 'consentGiven', value: String(form.consentGiven) }]),
    ...(form.consentPurpose ? [{ name: 'consentPurpose', value: form.consentPurpose }] : []),
  ];
  const email = form.email === undefined ? [] : [{ kind: 'email' as const, value: form.email.toLowerCase() }];
  const phone = form.phone !== undefined && isPhone(form.phone) ? [{ kind: 'phone' as const, value: toE164(form.phone) }] : [];
  const [from, ...otherIdentities] = [...email, ...phone];
  if (!from) throw invalid([{ path: 'email', message: 'email or phone is needed' }]);
  const item = message(raw, form.submissionId ?? null, {
    from,
    otherIdentities,
    to: form.formId ?? '',
    name: form.name?.trim() || null,
    subject: form.subject?.trim() || null,
    type: 'form',
    // Without a message the answers themselves are what was said.
    text: inner ?? given.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    fields: [...(inner === undefined ? [] : rest), ...consent],
  });
  return { inboxId: form.inboxId, items: [item] };
}

type Said = Pick<MessageItem, 'from' | 'to' | 'type' | 'text'> & Partial<MessageItem>;

function message(raw: Buffer, externalId: string | null, said: Said): MessageItem {
  return {
    kind: 'message',
    routeKey: null,
    externalId,
    raw,
    rawType: ingestRawType,
    name: null,
    threadKey: '',
    subject: null,
    sentAt: new Date(),
    ...said,
  };
}

function channelOf(body: Loose): IngestChannel {
  const given = Object.hasOwn(body, 'channel') ? body.channel : undefined;
  const lower = typeof given === 'string' ? given.toLowerCase() : '';
  if (Object.hasOwn(ingestBytesMax, lower)) return lower as IngestChannel;
  throw invalid([{ path: 'channel', message: `must be one of ${Object.keys(ingestBytesMax).join(', ')}` }]);
}

function check<Schema extends z.ZodType>(schema: Schema, body: Loose): z.infer<Schema> {
  const result = schema.safeParse(body);
  if (!result.success) throw invalid(fieldErrorsOf(result.error));
  return result.data;
}

function invalid(errors: FieldError[]): ApiError {
  const paths = errors.map(({ path }) => path).filter(Boolean);
  return new ApiError('validation_error', paths.length > 0 ? `Wrong: ${paths.slice(0, 10).join(', ')}.` : 'The body does not fit.', {
    errors,
  });
}

function readJson(raw: Buffer): Loose {
  let body: unknown;
  try {
    body = JSON.parse(raw.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new ApiError('malformed_json', 'The body is not JSON.');
  }
  if (!isLoose(body)) throw invalid([{ path: '', message: 'must be an object' }]);
  if (isDeeperThan(body, depthMax)) throw invalid([{ path: '', message: `is nested deeper than ${depthMax}` }]);
  return body;
}

/** Level by level, without recursion: a hostile body is as deep as it is long. */
function isDeeperThan(value: unknown, max: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > max) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

function nameBefore(address: string): string | null {
  const end = address.lastIndexOf('<');
  return end > 0 ? address.slice(0, end).replaceAll('"', '').trim() || null : null;
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
