import { compileMessage } from '@lingui/message-utils/compileMessage';
import type { Plugin } from 'vite';

/** What the desk says before anything else is opened; the words of everything else come with it. */
const coreNouns = new Set(
  `accent account assign banner channel composer context conversation copy demo error forbidden form list loading look message nav no
  notFound offline ok outgoing person presence priority problem row status switch team thread trouble undo view views yes`.split(/\s+/),
);

export const partOf = (id: string): 'core' | 'more' => (coreNouns.has(id.split('.', 1)[0] ?? id) ? 'core' : 'more');

/** Compiles the catalogues when the site is built, so that no message parser travels to the browser. */
export function compiledCatalogues(): Plugin {
  return {
    name: 'guichet-catalogues',
    enforce: 'pre',
    transform(source, id) {
      const [, language, part] = /[\\/]i18n[\\/](\w+)\.json\?(core|more)$/.exec(id) ?? [];
      if (!language) return null;
      const messages = Object.entries(JSON.parse(source) as Record<string, string>).filter(([key]) => partOf(key) === part);
      const compiled = messages.map(([key, text]) => [key, compileMessage(language === 'fr' ? withFrenchSpaces(text) : text)]);
      return { code: `export default ${JSON.stringify(Object.fromEntries(compiled))};`, moduleType: 'js', map: null };
    },
  };
}

/** French sets a narrow no-break space before high punctuation and inside guillemets. */
export function withFrenchSpaces(text: string): string {
  return text.replaceAll(/ ([;:!?»])/g, '\u202f$1').replaceAll('« ', '«\u202f');
}
