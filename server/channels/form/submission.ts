import { createHash } from 'node:crypto';
import { z } from 'zod';
import { contentTypeOf, safeFilename } from '../../files/type.ts';
import { ApiError, type FieldError } from '../../http/errors.ts';
import type { IdentityRef, MessageItem } from '../channel.ts';
import { isPhone, toE164 } from '../phone.ts';
import { isLoose } from '../text.ts';
import { parseMultipart } from './multipart.ts';

export interface Submission {
  /** Values by name, in the order they came; a repeated name has several. */
  values: Map<string, string[]>;
  files: { name: string; filename: string; contentType: string; bytes: Buffer }[];
}

const honeypotName = 'website';
/** Set once per page that was shown, so that a double click is one message. */
export const nonceName = '_idempotency';
/** Where to go afterwards; only to addresses that the inbox lists. */
export const redirectName = '_redirect';

const namesMax = 100;
const valuesMax = 500;
const nameLengthMax = 100;
const valueLengthMax = 100_000;

/** Reads a body of any of the three kinds that forms send. Throws 415 for others and 400 with paths for what cannot be kept. */
export function readSubmission(raw: Buffer, contentType: string): Submission {
  const kind = contentType.split(';')[0]?.trim().toLowerCase();
  const submission =
    kind === 'application/json'
      ? readJson(raw)
      : kind === 'application/x-www-form-urlencoded'
        ? readUrlencoded(raw)
        : kind === 'multipart/form-data'
          ? readMultipart(raw, contentType)
          : null;
  if (!submission)
    throw new ApiError(
      'unsupported_media_type',
      'A form is sent as application/json, application/x-www-form-urlencoded or multipart/form-data.',
    );
  const errors = findUnstorable(submission);
  if (errors.length > 0) throw new ApiError('validation_error', 'Some fields cannot be kept.', { errors });
  return submission;
}

/** The first value of a name that says something; '' when there is none. */
export function valueOf(submission: Submission, name: string): string {
  const found = submission.values.get(name)?.find((value) => value.trim() !== '') ?? '';
  // Browsers end lines with CR LF.
  return found.trim().replace(/\r\n?/g, '\n');
}

/** The field that a person never sees and never fills in; another one where the form asks for a web site. */
export function honeypotOf(fields: { name: string }[]): string {
  return fields.some(({ name }) => name === honeypotName) ? `_${honeypotName}` : honeypotName;
}

/** The message that a submission is. Its sender is the e-mail address, else the phone number. */
export function itemOf(submission: Submission, raw: Buffer, rawType: string): MessageItem | null {
  const [from, ...otherIdentities] = identitiesOf(submission);
  if (!from) return null;
  const said = valueOf(submission, 'message');
  const rest = [...submission.values]
    .filter(([name]) => !name.startsWith('_') && !consumed.has(name))
    .map(([name, given]) => ({ name, value: given.join(', ') }));
  const fields = rest.filter(({ value }) => value !== '');
  return {
    kind: 'message',
    routeKey: null,
    externalId: externalIdOf(submission),
    raw,
    rawType,
    from,
    otherIdentities,
    to: '',
    name: valueOf(submission, 'name') || null,
    threadKey: '',
    subject: valueOf(submission, 'subject').slice(0, 300) || null,
    type: 'form',
    // Without a message field the answers themselves are what was said.
    text: said || fields.map(({ name, value }) => `${name}: ${value}`).join('\n'),
    fields: said ? fields : [],
    attachments: submission.files.map(({ filename, contentType, bytes }) => ({ filename, contentType, bytes })),
    sentAt: new Date(),
  };
}

const consumed = new Set(['name', 'email', 'phone', 'message', 'subject']);

/** Addresses that can be answered, the e-mail first. */
export function identitiesOf(submission: Submission): IdentityRef[] {
  const email = valueOf(submission, 'email');
  const phone = valueOf(submission, 'phone');
  return [
    ...(isEmail(email) ? [{ kind: 'email' as const, value: email.toLowerCase() }] : []),
    ...(isPhone(phone) ? [{ kind: 'phone' as const, value: toE164(phone) }] : []),
  ];
}

export function isEmail(value: string): boolean {
  return z.email().max(254).safeParse(value).success;
}

/** The page's nonce together with what was said: a page that a cache serves to many never makes two people's messages one. */
function externalIdOf(submission: Submission): string | null {
  const nonce = valueOf(submission, nonceName);
  if (nonce === '') return null;
  const hash = createHash('sha256').update(JSON.stringify([nonce, [...submission.values]]));
  for (const file of submission.files) hash.update(file.filename).update(file.bytes);
  return `form:${hash.digest('hex')}`;
}

function readJson(raw: Buffer): Submission {
  let body: unknown;
  try {
    body = JSON.parse(raw.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    throw new ApiError('malformed_json', 'The body is not JSON.');
  }
  if (!isLoose(body))
    throw new ApiError('validation_error', 'The body must be an object.', { errors: [{ path: '', message: 'must be an object' }] });
  const values = new Map<string, string[]>();
  for (const [name, given] of Object.entries(body)) {
    const list = [given].flat();
    if (list.some((value) => typeof value === 'object' && value !== null)) {
      throw new ApiError('validation_error', `${name} must be text, a number, yes or no, or a list of them.`, {
        errors: [{ path: name, message: 'must be a plain value' }],
      });
    }
    values.set(
      name,
      list.map((value) => (value === null ? '' : String(value))),
    );
  }
  return { values, files: [] };
}

function readUrlencoded(raw: Buffer): Submission {
  const values = new Map<string, string[]>();
  // A body of five megabytes holds millions of pairs: no more are taken apart than tell that they are too many.
  const text = raw
    .toString('utf8')
    .split('&', valuesMax + 1)
    .join('&');
  for (const [name, value] of new URLSearchParams(text)) addValue(values, name, value);
  return { values, files: [] };
}

function addValue(values: Map<string, string[]>, name: string, value: string): void {
  const known = values.get(name);
  if (known) known.push(value);
  else values.set(name, [value]);
}

function readMultipart(raw: Buffer, contentType: string): Submission {
  const submission: Submission = { values: new Map(), files: [] };
  for (const part of parseMultipart(raw, contentType)) {
    if (part.filename === null) addValue(submission.values, part.name, part.bytes.toString('utf8'));
    // A file field that was left empty comes as a part without name and bytes.
    else if (part.filename !== '' || part.bytes.length > 0) {
      submission.files.push({
        name: part.name,
        filename: safeFilename(part.filename),
        contentType: contentTypeOf(part.contentType, part.bytes),
        bytes: part.bytes,
      });
    }
  }
  return submission;
}

function findUnstorable(submission: Submission): FieldError[] {
  const names = [...submission.values.keys()];
  const count = [...submission.values.values()].reduce((sum, given) => sum + given.length, 0);
  if (names.length > namesMax || count > valuesMax)
    return [{ path: '', message: `has more than ${namesMax} fields or ${valuesMax} values` }];
  return [...submission.values].flatMap(([name, given]): FieldError[] => {
    const path = name.toWellFormed().replaceAll('\u0000', '\uFFFD').slice(0, nameLengthMax);
    if (name.length > nameLengthMax || !isStorable(name)) return [{ path, message: 'is not a name that can be kept' }];
    if (given.some((value) => value.length > valueLengthMax)) return [{ path, message: `must have ${valueLengthMax} characters at most` }];
    return given.every(isStorable) ? [] : [{ path, message: 'must not hold NUL or lone surrogates' }];
  });
}

function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
