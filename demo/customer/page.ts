import { createHash } from 'node:crypto';
import { html, Markup } from '../../server/public/html.ts';
import { type Language, languages } from '../../server/public/language.ts';
import { publicStyle } from '../../server/public/style.ts';
import { providerModes } from '../provider/protocol.ts';
import { customerStyle } from './style.ts';
import { type CustomerWords, customerWords } from './words.ts';

export interface CustomerPage {
  language: Language;
  hasWhatsapp: boolean;
  formKey: string | undefined;
  chatKey: string | undefined;
  /** Whoever reads this may tell the stand-in what to do. */
  canSteer: boolean;
}

export const customerStyleHash = `'sha256-${createHash('sha256').update(customerStyle).digest('base64')}'`;

/** One page with the three ways in: a phone, the form and the chat. */
export function customerPage(page: CustomerPage): string {
  const words = customerWords[page.language];
  return html`<!doctype html>
<html lang="${page.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="robots" content="noindex">
<title>${words.title} · Guichet</title>
<link rel="icon" href="/logo.svg">
<style>${new Markup(publicStyle)}</style>
<style>${new Markup(customerStyle)}</style>
<script type="module" src="/demo/customer.js"></script>
</head>
<body><div class="site" role="main" aria-label="${words.title}" data-words="${JSON.stringify(words)}">
<div class="head"><span class="brand">${icon(logo, 24, true)}<span>Guichet</span></span><nav aria-label="${words.language}">${languages.map(
    (language) =>
      html`<a href="?lang=${language}" hreflang="${language}" lang="${language}"${language === page.language && html` aria-current="true"`}>${language.toUpperCase()}</a>`,
  )}</nav></div>
<div class="intro"><div><h1>${words.title}</h1><p class="soft">${words.lead}</p><p class="hint">${words.sample}</p></div><a class="btn" href="/" target="guichet-desk">${words.openDesk}</a></div>
<div class="counters">
${page.hasWhatsapp && phone(words)}
${page.formKey && frame(words, words.form, words.formHint, `/forms/${page.formKey}?lang=${page.language}`, sheet)}
${page.chatKey && frame(words, words.chat, words.chatHint, `/chat/${page.chatKey}?lang=${page.language}`, bubble)}
</div>
${page.hasWhatsapp && page.canSteer && controls(words)}
</div></body>
</html>`.text;
}

function phone(words: CustomerWords): Markup {
  return html`<section class="counter" aria-labelledby="h-phone">
<div class="top"><span class="tile" aria-hidden="true">${icon(handset, 16)}</span><div><h2 id="h-phone">${words.whatsapp}</h2><p class="hint">${words.whatsappHint}</p></div></div>
<div class="who"><label>${words.you}<input class="text" id="name" maxlength="80" autocomplete="off"></label><button class="quiet" id="other" type="button">${words.somebodyElse}</button><p class="hint" id="number"></p></div>
<div class="thread" id="thread" tabindex="0" role="log" aria-label="${words.whatsapp}"><p class="none">${words.empty}</p></div>
<form class="say" id="say"><textarea class="text" id="text" rows="1" maxlength="4096" placeholder="${words.write}" aria-label="${words.write}"></textarea><button class="icon" type="submit" aria-label="${words.send}" title="${words.send}">${icon(plane, 18)}</button></form>
</section>`;
}

function frame(words: CustomerWords, title: string, hint: string, url: string, glyph: string): Markup {
  return html`<section class="counter" aria-label="${title}">
<div class="top"><span class="tile" aria-hidden="true">${icon(glyph, 16)}</span><div><h2>${title}</h2><p class="hint">${hint}</p></div><a class="alone" href="${url}" target="_blank" rel="noopener">${words.openAlone}</a></div>
<iframe src="${url}" title="${title}" loading="lazy"></iframe>
</section>`;
}

function controls(words: CustomerWords): Markup {
  return html`<fieldset class="provider" id="provider"><legend>${words.provider}</legend><p class="hint">${words.providerHint}</p>
<div class="modes">${providerModes.map((mode) => html`<label><input type="radio" name="mode" value="${mode}"${mode === 'works' && html` checked`}>${words[mode]}<span>${words[`${mode}Hint`]}</span></label>`)}</div>
<p class="state" id="state" role="status"></p></fieldset>`;
}

const logo =
  '<path d="M12 1.5C7 1.5 3.4 5.2 3.4 10.2V17h4.1v-6.6C7.5 7.6 9.4 5.6 12 5.6s4.5 2 4.5 4.8V17h4.1v-6.8c0-5-3.6-8.7-8.6-8.7Z"/><rect x="1" y="18.6" width="22" height="3.6" rx="1.3"/><rect x="9.8" y="13" width="4.4" height="4" rx="2.2"/>';
const handset = '<rect x="4.5" y="1.5" width="7" height="13" rx="1.8"/><path d="M7 12.4h2"/>';
const sheet = '<rect x="2.5" y="2" width="11" height="12" rx="1.5"/><path d="M5 5.5h6M5 8h6M5 10.5h3.5"/>';
const bubble = '<path d="M2.5 4.2c0-1 .8-1.7 1.7-1.7h7.6c1 0 1.7.8 1.7 1.7v5c0 1-.8 1.8-1.7 1.8H7l-3 2.5V11c-.9 0-1.5-.8-1.5-1.7Z"/>';
const plane = '<path d="M14 2 7.2 8.8M14 2 9.6 14l-2.4-5.2L2 6.4Z"/>';

function icon(path: string, size: number, isLogo = false): Markup {
  const paint = isLogo
    ? 'viewBox="0 0 24 24" fill="currentColor"'
    : 'viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"';
  return new Markup(`<svg width="${size}" height="${size}" ${paint} aria-hidden="true">${path}</svg>`);
}
