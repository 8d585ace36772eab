import { randomBytes } from 'node:crypto';
import type { FieldError } from '../../http/errors.ts';
import { html, Markup } from '../../public/html.ts';
import type { Language } from '../../public/language.ts';
import { publicStyle } from '../../public/style.ts';
import type { FormDefinition, FormField } from './definition.ts';
import { honeypotOf, nonceName, type Submission, valueOf } from './submission.ts';
import type { FormWords } from './words.ts';

export interface FormPage {
  language: Language;
  words: FormWords;
  /** Whose form it is, as customers may read it. */
  brand: string;
  definition: FormDefinition;
  /** What was sent and is wrong; the page then shows it again with the reasons. */
  sent?: { submission: Submission; errors: FieldError[] };
}

/** The hosted form: one HTML document without a script. */
export function formPage(page: FormPage): string {
  const { words, definition, sent } = page;
  const title = definition.title ?? words.title;
  const fields = groupsOf(definition.fields);
  // The rule stands where the second of the two addresses is asked for.
  const hintAfter = needsEither(definition) ? fields.findLast((group) => group.some(isAddress)) : undefined;
  return document(
    page,
    title,
    html`<main>
<div class="intro"><h1>${title}</h1>${definition.intro && html`<p class="soft">${definition.intro}</p>`}</div>
<form class="card" method="post" action="?lang=${page.language}" enctype="multipart/form-data" accept-charset="utf-8" novalidate>
${sent && html`<p class="summary" role="alert">${words.summary}</p>`}
${fields.map((group) => groupMarkup(group, page, hintAfter))}
<div class="trap" aria-hidden="true"><label>${words.honeypot}<input type="text" name="${honeypotOf(definition.fields)}" tabindex="-1" autocomplete="off"></label></div>
<input type="hidden" name="${nonceName}" value="${sent ? valueOf(sent.submission, nonceName) || newNonce() : newNonce()}">
<div class="foot"><button class="btn" type="submit">${words.send}</button><span class="muted">${words.noTracker}</span></div>
</form>
</main>`,
  );
}

/** A page that says one thing: received, refused, not found. */
export function resultPage(
  page: Pick<FormPage, 'language' | 'words' | 'brand'>,
  result: { title: string; text: string; isGood: boolean; again: boolean },
): string {
  return document(
    page,
    result.title,
    html`<main class="one"><div class="card result" role="status">
<span class="arch${result.isGood ? '' : ' bad'}" aria-hidden="true">${icon(result.isGood ? checkPath : crossPath, 20)}</span>
<h1>${result.title}</h1><p class="soft">${result.text}</p>
${result.again && html`<a class="btn" href="?lang=${page.language}">${page.words.again}</a>`}
</div></main>`,
  );
}

function document(page: Pick<FormPage, 'language' | 'words' | 'brand'>, title: string, body: Markup): string {
  const initial = [...page.brand.trim()][0]?.toUpperCase() ?? '';
  return html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}${page.brand && ` · ${page.brand}`}</title>
<style>${new Markup(publicStyle)}</style>
</head>
<body><div class="site">
<header class="head">${page.brand && html`<span class="mono" aria-hidden="true">${initial}</span><span>${page.brand}</span>`}</header>
${body}
<footer>${icon(logoPath, 15, '0 0 24 24', true)}${page.words.poweredBy}</footer>
</div></body>
</html>`.text;
}

function groupMarkup(group: FormField[], page: FormPage, hintAfter: FormField[] | undefined): Markup {
  const inner = group.map((field) => fieldMarkup(field, page));
  const fields = group.length === 2 ? html`<div class="two">${inner}</div>` : html`${inner}`;
  return group === hintAfter ? html`<div class="field">${fields}<p class="hint">${page.words.emailOrPhone}</p></div>` : fields;
}

function fieldMarkup(field: FormField, page: FormPage): Markup {
  const { words } = page;
  const error = page.sent?.errors.find(({ path }) => path === field.name)?.message;
  const value = page.sent ? valueOf(page.sent.submission, field.name) : '';
  const id = `f-${field.name}`;
  const note = !field.required && field.type !== 'checkbox' && !isAddress(field) && html` <span class="muted">— ${words.optional}</span>`;
  const state = html` id="${id}" name="${field.name}"${field.required && html` aria-required="true"`}${error && html` aria-invalid="true" aria-describedby="${id}-error"`}`;
  const problem = error && html`<p class="err" id="${id}-error">${icon(warnPath, 14)}${error}</p>`;
  if (field.type === 'checkbox') {
    return html`<div class="field"><label class="tick"><input type="checkbox" value="true"${state}${value !== '' && html` checked`}><span>${field.label}</span></label>${problem}</div>`;
  }
  if (field.type === 'select' && (field.options?.length ?? 0) <= 6) {
    return html`<fieldset class="field"><legend>${field.label}${note}</legend><div class="opts">${(field.options ?? []).map(
      (option) =>
        html`<label><input type="radio" name="${field.name}" value="${option}"${option === value && html` checked`}>${option}</label>`,
    )}</div>${problem}</fieldset>`;
  }
  return html`<div class="field"><label for="${id}">${field.label}${note}</label>${controlMarkup(field, state, value, words)}${problem}</div>`;
}

function controlMarkup(field: FormField, state: Markup, value: string, words: FormWords): Markup {
  if (field.type === 'textarea') return html`<textarea class="text" rows="5"${state}>${value}</textarea>`;
  if (field.type === 'file')
    return html`<div class="drop"><input type="file" multiple${state}><span class="muted">${words.fileHint}</span></div>`;
  if (field.type === 'select') {
    return html`<select class="text"${state}><option value="">${words.choose}</option>${(field.options ?? []).map((option) => html`<option${option === value && html` selected`}>${option}</option>`)}</select>`;
  }
  return html`<input class="text" type="${field.type}" value="${value}"${autocompleteOf(field)}${state}>`;
}

function autocompleteOf(field: FormField): Markup | false {
  const known: Record<string, string> = { name: 'name', email: 'email', tel: 'tel' };
  const token =
    field.type === 'email' || field.type === 'tel' ? known[field.type] : Object.hasOwn(known, field.name) ? known[field.name] : undefined;
  return token !== undefined && html` autocomplete="${token}"`;
}

/** Two short fields beside each other, everything else alone. */
function groupsOf(fields: FormField[]): FormField[][] {
  const groups: FormField[][] = [];
  for (const field of fields) {
    const last = groups.at(-1);
    const isShort = field.type === 'text' || field.type === 'tel';
    if (isShort && last?.length === 1 && (last[0]?.type === 'text' || last[0]?.type === 'tel')) last.push(field);
    else groups.push([field]);
  }
  return groups;
}

const isAddress = (field: FormField) => field.name === 'email' || field.name === 'phone';

function needsEither(definition: FormDefinition): boolean {
  const addresses = definition.fields.filter(isAddress);
  return addresses.length === 2 && addresses.every((field) => !field.required);
}

const newNonce = () => randomBytes(16).toString('hex');

const logoPath =
  '<path d="M12 1.5C7 1.5 3.4 5.2 3.4 10.2V17h4.1v-6.6C7.5 7.6 9.4 5.6 12 5.6s4.5 2 4.5 4.8V17h4.1v-6.8c0-5-3.6-8.7-8.6-8.7Z"/><rect x="1" y="18.6" width="22" height="3.6" rx="1.3"/><rect x="9.8" y="13" width="4.4" height="4" rx="2.2"/>';
const checkPath = '<path d="m3 8.5 3.2 3.2L13 4.8"/>';
const crossPath = '<path d="m4 4 8 8M12 4l-8 8"/>';
const warnPath = '<path d="M8 2.5 14.5 13.5h-13ZM8 6.5v3.2M8 11.6v.1"/>';

function icon(path: string, size: number, box = '0 0 16 16', filled = false): Markup {
  const paint = filled
    ? 'fill="currentColor"'
    : 'fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"';
  return new Markup(`<svg width="${size}" height="${size}" viewBox="${box}" ${paint} aria-hidden="true">${path}</svg>`);
}
