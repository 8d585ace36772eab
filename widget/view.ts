import type { ChatClient } from './client.ts';
import { element, icon } from './dom.ts';
import { style } from './style.ts';
import { createThread } from './thread.ts';
import type { Language, Words } from './words.ts';

export interface ViewOptions {
  mode: 'bubble' | 'page';
  theme: string | undefined;
  words: Words;
  language: Language;
  client: ChatClient;
}

export interface View {
  draw(): void;
  open(): void;
}

const typingEveryMs = 1_000;
const typingEndsMs = 2_000;
const textLengthMax = 10_000;

/** Launcher and panel, in a shadow root of `host`. */
export function createView(host: HTMLElement, options: ViewOptions): View {
  const { words, client, mode } = options;
  const isPage = mode === 'page';
  const shadow = host.attachShadow({ mode: 'open' });
  host.dataset.mode = mode;
  if (options.theme) host.dataset.theme = options.theme;
  addStyle(shadow);

  const title = element(isPage ? 'h1' : 'b');
  const initial = element('span', { class: 'mono', 'aria-hidden': 'true' });
  const close = element('button', { type: 'button', 'aria-label': words.close, hidden: isPage }, icon('down', 18));
  const log = element('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': words.conversation, tabindex: '0' });
  const bar = element('div', { class: 'bar', role: 'status', hidden: true });
  const text = element('textarea', {
    rows: '1',
    'aria-label': words.write,
    placeholder: words.write,
    maxlength: String(textLengthMax),
    autocomplete: 'off',
  });
  const send = element('button', { class: 'send', type: 'submit', 'aria-label': words.send, disabled: true }, icon('send', 16));
  const form = element('form', {}, text, send);
  const header = element('header', {}, initial, element('div', {}, title, element('span', {}, words.subtitle)), close);
  const panel = element(
    'section',
    { class: 'panel root', id: 'panel', role: isPage ? 'region' : 'dialog', 'aria-label': words.conversation, hidden: !isPage },
    header,
    log,
    bar,
    form,
    isPage && element('div', { class: 'foot' }, words.poweredBy),
  );
  const badge = element('span', { class: 'badge', hidden: true });
  const launch = element('button', {
    class: 'launch',
    type: 'button',
    'aria-expanded': 'false',
    'aria-controls': 'panel',
    'aria-label': words.open,
    hidden: isPage,
  });
  shadow.append(panel, launch);

  const drawThread = createThread(log, { ...options, retry: client.retry, loadOlder: () => void client.loadOlder() });

  function draw() {
    const state = client.state();
    const name = state.inbox?.title ?? state.inbox?.name ?? '';
    title.textContent = name || words.conversation;
    initial.textContent = ([...name][0] ?? '').toUpperCase();
    initial.hidden = name === '';
    if (name) panel.setAttribute('aria-label', name);
    drawThread(state);
    const problem = state.connection === 'refused' ? words.unavailable : state.connection === 'offline' ? words.offline : '';
    bar.hidden = problem === '';
    bar.classList.toggle('bad', state.connection === 'refused');
    if (bar.textContent !== problem) bar.textContent = problem;
    text.disabled = state.connection === 'refused';
    drawLauncher(state.unread);
  }

  function drawLauncher(unread: number) {
    const isOpen = !panel.hidden;
    launch.replaceChildren(icon(isOpen ? 'close' : 'chat', 22), badge);
    launch.setAttribute('aria-expanded', String(isOpen));
    badge.hidden = isOpen || unread === 0;
    badge.textContent = unread > 99 ? '99+' : String(unread);
    launch.setAttribute('aria-label', isOpen ? words.close : unread > 0 ? `${words.open}, ${words.unread(unread)}` : words.open);
  }

  function show(isOpen: boolean) {
    panel.hidden = !isOpen;
    if (isOpen) {
      client.start();
      log.scrollTop = log.scrollHeight;
      text.focus();
    } else launch.focus();
    look();
    draw();
  }

  /** Seen is what an open panel shows in a page that has the person's attention. */
  const look = () => client.look(!panel.hidden && document.visibilityState === 'visible' && document.hasFocus());

  launch.addEventListener('click', () => show(panel.hidden === true));
  close.addEventListener('click', () => show(false));
  panel.addEventListener('keydown', (event) => {
    // The page's own shortcuts must not fire while somebody writes here.
    event.stopPropagation();
    if (event.key === 'Escape' && !isPage) show(false);
  });
  for (const event of ['visibilitychange', 'focusin'] as const) document.addEventListener(event, look);
  for (const event of ['focus', 'blur'] as const) addEventListener(event, look);

  listenToForm(form, text, send, client, draw);
  draw();
  return { draw, open: () => show(true) };
}

function listenToForm(
  form: HTMLFormElement,
  text: HTMLTextAreaElement,
  send: HTMLButtonElement,
  client: ChatClient,
  draw: () => void,
): void {
  let toldAt = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;

  function stopTyping() {
    clearTimeout(idle);
    if (toldAt > 0) client.typing(false);
    toldAt = 0;
  }

  text.addEventListener('input', () => {
    send.disabled = text.value.trim() === '';
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 120)}px`;
    clearTimeout(idle);
    idle = setTimeout(stopTyping, typingEndsMs);
    if (Date.now() - toldAt < typingEveryMs) return;
    toldAt = Date.now();
    client.typing(true);
  });
  text.addEventListener('keydown', (event) => {
    // While a word is being composed (Japanese, dictation) Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const said = text.value.trim();
    if (said === '') return;
    text.value = '';
    text.style.height = '';
    send.disabled = true;
    stopTyping();
    client.send(said);
    draw();
    text.focus();
  });
}

/** A constructed sheet passes content policies that forbid inline styles; old browsers get an element. */
function addStyle(shadow: ShadowRoot): void {
  if ('adoptedStyleSheets' in shadow && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    shadow.adoptedStyleSheets = [sheet];
  } else (shadow as ShadowRoot).append(element('style', {}, style));
}
