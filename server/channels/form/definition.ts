import { z } from 'zod';
import { formField, formSettings } from '../../../contract/inbox.ts';
import type { FieldError } from '../../http/errors.ts';
import { isPhone } from '../phone.ts';
import { identitiesOf, isEmail, type Submission, valueOf } from './submission.ts';
import type { FormWords } from './words.ts';

export type FormField = z.infer<typeof formField>;

export interface FormDefinition {
  title: string | null;
  intro: string | null;
  fields: FormField[];
  allowedOrigins: string[];
  redirectUrls: string[];
}

/** What the inbox's settings say, with the default fields where it names none. */
export function definitionOf(settings: Record<string, unknown>, words: FormWords): FormDefinition {
  const parsed = formSettings.partial().safeParse(pick(settings));
  const own = parsed.success ? parsed.data : {};
  const fields = own.fields?.length ? own.fields : defaultFields(words, own.consentText);
  return {
    title: own.title ?? null,
    intro: own.intro || null,
    fields,
    allowedOrigins: own.allowedOrigins ?? [],
    redirectUrls: own.redirectUrls ?? [],
  };
}

/** Settings may hold more than a form knows of; that must not hide the rest. */
function pick(settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(formSettings.shape, name)));
}

function defaultFields(words: FormWords, consentText: string | undefined): FormField[] {
  return [
    { name: 'name', label: words.name, type: 'text', required: false },
    { name: 'phone', label: words.phone, type: 'tel', required: false },
    { name: 'email', label: words.email, type: 'email', required: false },
    { name: 'message', label: words.message, type: 'textarea', required: true },
    { name: 'consent', label: consentText || words.consent, type: 'checkbox', required: false },
  ];
}

const lengthMax: Record<FormField['type'], number> = {
  text: 300,
  email: 254,
  tel: 40,
  textarea: 100_000,
  select: 120,
  checkbox: 100,
  file: 300,
};

/** What is wrong with a submission, field by field, in the words of the person who filled it in. */
export function findErrors(definition: FormDefinition, submission: Submission, words: FormWords): FieldError[] {
  const errors = definition.fields.flatMap((field) => {
    const message = errorOf(field, submission, words);
    return message === null ? [] : [{ path: field.name, message }];
  });
  // A form of one's own may leave the address fields out; an address is needed all the same.
  for (const [name, isGood, message] of [
    ['email', isEmail, words.badEmail],
    ['phone', isPhone, words.badPhone],
  ] as const) {
    const value = valueOf(submission, name);
    if (value !== '' && !isGood(value) && !errors.some(({ path }) => path === name)) errors.push({ path: name, message });
  }
  const isUnreachable = identitiesOf(submission).length === 0 && !errors.some(({ path }) => path === 'email' || path === 'phone');
  if (isUnreachable) errors.push({ path: 'email', message: words.needAddress }, { path: 'phone', message: words.needAddress });
  return errors;
}

function errorOf(field: FormField, submission: Submission, words: FormWords): string | null {
  if (field.type === 'file') return field.required && !submission.files.some(({ name }) => name === field.name) ? words.missing : null;
  const value = valueOf(submission, field.name);
  if (value === '') return field.required ? words.missing : null;
  if (value.length > lengthMax[field.type]) return words.tooLong;
  if (field.type === 'email' && !isEmail(value)) return words.badEmail;
  if (field.type === 'tel' && !isPhone(value)) return words.badPhone;
  if (field.type === 'select' && field.options && !submission.values.get(field.name)?.every((one) => field.options?.includes(one)))
    return words.badOption;
  return null;
}
