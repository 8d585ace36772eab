import type { MailKind } from './enqueue.ts';
import { type Facts, type Language, wordsOf } from './words.ts';

export interface ComposedMail {
  subject: string;
  text: string;
  html: string;
}

/** One mail in words: plain text, and simple HTML that loads nothing and counts nobody. */
export function composeMail(kind: MailKind, language: Language, facts: Facts): ComposedMail {
  const words = wordsOf(language);
  const { subject, lines, button } = words[kind](facts);
  const hello = words.hello(facts.name);
  const link = button === undefined ? undefined : facts.link;
  const text = [hello, ...lines, ...(link === undefined ? [] : [`${button}${words.colon}\n${link}`, words.ignore]), words.signature].join(
    '\n\n',
  );
  const html = [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<title>${escapeHtml(subject)}</title></head>`,
    '<body style="margin:0;padding:24px;background:#ffffff;color:#1c1c1e;font:16px/1.5 system-ui,sans-serif"><main style="max-width:560px">',
    `<h1 style="font-size:20px;line-height:1.3">${escapeHtml(subject)}</h1>`,
    ...[hello, ...lines].map(paragraph),
    ...(link === undefined || button === undefined ? [] : [linkHtml(button, link), paragraph(words.ignore)]),
    `<p style="color:#5b5b60;font-size:14px">${escapeHtml(words.signature)}</p>`,
    '</main></body></html>',
  ].join('\n');
  return { subject, text, html };
}

const paragraph = (line: string) => `<p>${escapeHtml(line)}</p>`;

/** A link that looks like a button, and the address itself for whoever cannot click. */
function linkHtml(button: string, link: string): string {
  const address = escapeHtml(link);
  return [
    `<p><a href="${address}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#14614e;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(button)}</a></p>`,
    `<p style="font-size:13px;word-break:break-all;color:#5b5b60">${address}</p>`,
  ].join('\n');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
