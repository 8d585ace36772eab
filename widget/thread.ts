import type { VisitorMessage } from '../contract/socket.ts';
import type { ChatState } from './client.ts';
import { element, icon } from './dom.ts';
import type { Waiting } from './kept.ts';
import type { Language, Words } from './words.ts';

export interface ThreadOptions {
  words: Words;
  language: Language;
  retry: (id: string) => void;
  loadOlder: () => void;
}

/** The rows of the conversation; each message keeps its element, so that screen readers hear only what is new. */
export function createThread(log: HTMLElement, options: ThreadOptions): (state: ChatState) => void {
  const rows = new Map<string, { signature: string; node: HTMLElement }>();
  const { words, language } = options;
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  /** French writes 14 h 21. */
  const clock = (at: string) => (language === 'fr' ? time.format(new Date(at)).replace(':', '\u00a0h\u00a0') : time.format(new Date(at)));
  const date = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });

  function row(id: string, signature: string, make: () => HTMLElement): HTMLElement {
    const known = rows.get(id);
    if (known?.signature === signature) return known.node;
    const node = make();
    rows.set(id, { signature, node });
    return node;
  }

  function dayOf(at: string): string {
    const day = new Date(at).toDateString();
    const yesterday = new Date();
    yesterday.setDate(yesterday.getDate() - 1);
    if (day === new Date().toDateString()) return words.today;
    return day === yesterday.toDateString() ? words.yesterday : date.format(new Date(at));
  }

  function answer(message: VisitorMessage, isFirst: boolean): HTMLElement {
    const name = message.author ?? words.us;
    const face = element('span', { class: 'face', 'aria-hidden': 'true' }, ([...name][0] ?? '').toUpperCase());
    if (!isFirst) face.style.visibility = 'hidden';
    return element(
      'div',
      { class: 'msg' },
      face,
      element(
        'div',
        {},
        element('p', { class: isFirst ? 'who' : 'sr' }, `${name}, ${clock(message.sentAt)}`),
        element('div', { class: 'bub' }, message.text),
      ),
    );
  }

  function mine(text: string, meta: HTMLElement): HTMLElement {
    return element('div', { class: 'msg me' }, element('span', { class: 'sr' }, words.you), element('div', { class: 'bub' }, text), meta);
  }

  function sentMeta(message: VisitorMessage): HTMLElement {
    return element(
      'div',
      { class: 'meta' },
      element('time', { datetime: message.sentAt }, clock(message.sentAt)),
      icon('tick', 14),
      element('span', { class: 'sr' }, words.received),
    );
  }

  function waitingMeta(waiting: Waiting): HTMLElement {
    if (!waiting.isFailed) return element('div', { class: 'meta' }, icon('clock', 13), words.sending);
    const button = element('button', { type: 'button' }, words.retry);
    button.addEventListener('click', () => options.retry(waiting.id));
    return element('div', { class: 'meta bad' }, `${words.failed} · `, button);
  }

  return (state) => {
    const nodes: HTMLElement[] = [];
    if (state.hasOlder) {
      nodes.push(
        row('older', '', () => {
          const button = element('button', { class: 'older', type: 'button' }, words.older);
          button.addEventListener('click', options.loadOlder);
          return button;
        }),
      );
    }
    const greeting = state.inbox?.greeting ?? words.greeting;
    if (!state.hasOlder && state.connection !== 'refused')
      nodes.push(row('hello', greeting, () => element('p', { class: 'hello' }, greeting)));
    let day = '';
    let author: string | null | undefined;
    for (const message of state.messages) {
      const now = dayOf(message.sentAt);
      if (now !== day) nodes.push(row(`day ${now}`, now, () => element('div', { class: 'day' }, now)));
      const isFirst = now !== day || message.direction === 'in' || author !== message.author;
      day = now;
      author = message.direction === 'out' ? message.author : undefined;
      nodes.push(
        row(message.id, `${message.text} ${isFirst}`, () =>
          message.direction === 'out' ? answer(message, isFirst) : mine(message.text, sentMeta(message)),
        ),
      );
    }
    for (const waiting of state.waiting) nodes.push(row(waiting.id, `${waiting.isFailed}`, () => mine(waiting.text, waitingMeta(waiting))));
    if (state.isTyping) nodes.push(row('typing', '', () => typingRow(words)));
    place(log, nodes);
  };
}

function typingRow(words: Words): HTMLElement {
  return element(
    'div',
    { class: 'msg' },
    element('div', { class: 'bub dots' }, element('i'), element('i'), element('i'), element('span', { class: 'sr' }, words.typing)),
  );
}

/** Changes as little as possible and stays at the end when the reader is there. */
function place(log: HTMLElement, nodes: HTMLElement[]): void {
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const fromEnd = log.scrollHeight - log.scrollTop;
  const first = log.firstElementChild;
  const wanted = new Set<Element>(nodes);
  for (const gone of Array.from(log.children).filter((child) => !wanted.has(child))) gone.remove();
  nodes.forEach((node, n) => {
    if (log.children[n] !== node) log.insertBefore(node, log.children[n] ?? null);
  });
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
  else if (first !== log.firstElementChild) log.scrollTop = log.scrollHeight - fromEnd;
}
