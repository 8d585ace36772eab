import { createClient } from './client.ts';
import { readKept } from './kept.ts';
import { createView, type View } from './view.ts';
import { chooseLanguage, words } from './words.ts';

// <script src="https://desk/widget.js" data-inbox="KEY" async></script>, where wished with data-language and data-theme.
const script = document.currentScript;
if (script instanceof HTMLScriptElement) mount(script);

function mount(from: HTMLScriptElement): void {
  const { inbox: key, language: asked, theme, mode } = from.dataset;
  if (!key) {
    console.error('Guichet: the script needs data-inbox, the key of a chat inbox.');
    return;
  }
  const language = chooseLanguage(asked, navigator.languages ?? [navigator.language]);
  let view: View | undefined;
  const client = createClient(new URL(from.src).origin, key, () => view?.draw());
  const host = document.createElement('div');
  host.id = 'guichet-chat';
  host.lang = language;
  view = createView(host, { mode: mode === 'page' ? 'page' : 'bubble', theme, words: words[language], language, client });

  const place = () => {
    (mode === 'page' ? (document.getElementById('chat') ?? document.body) : document.body).append(host);
    view?.draw();
    if (mode === 'page') view?.open();
    // Whoever wrote before may have an answer waiting.
    else if (readKept(key).token !== null) client.start();
  };
  if (document.body) place();
  else addEventListener('DOMContentLoaded', place, { once: true });
}
