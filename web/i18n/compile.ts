import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

/** Compiles the catalogues when the site is built, so that no message parser travels to the browser. */
export function compiledCatalogues(): Plugin {
  return {
    name: 'guichet-catalogues',
    enforce: 'pre',
    transform(source, id) {
      const language = /[\\/]i18n[\\/](\w+)\.json$/.exec(id)?.[1];
      if (!language) return null;
      const messages = Object.entries(JSON.parse(source) as Record<string, string>);
      const compiled = messages.map(([key, text]) => [key, compileMessage(language === 'fr' ? withFrenchSpaces(text) : text)]);
      return { code: JSON.stringify(Object.fromEntries(compiled)), map: null };
    },
  };
}

/** French sets a narrow no-break space before high punctuation and inside guillemets. */
export function withFrenchSpaces(text: string): string {
  return text.replaceAll(/ ([;:!?»])/g, '\u202f$1').replaceAll('« ', '«\u202f');
}
