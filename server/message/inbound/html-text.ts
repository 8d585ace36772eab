const charactersMax = 1_000_000;
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'", '#39': "'" };

/** The words of HTML, without tags, styles and scripts. One pass forward: unclosed tags cost no more than closed ones. */
export function textOfHtml(html: string): string {
  const source = html.slice(0, charactersMax);
  const words: string[] = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('<', at);
    const close = open === -1 ? -1 : source.indexOf('>', open);
    words.push(source.slice(at, open === -1 || close === -1 ? source.length : open));
    if (open === -1 || close === -1) break;
    const name = /^\/?[a-z0-9]+/i.exec(source.slice(open + 1, Math.min(close, open + 20)))?.[0]?.toLowerCase() ?? '';
    words.push(/^\/?(p|div|tr|li|br|h[1-6]|blockquote)$/.test(name) ? '\n' : ' ');
    at = /^(style|script|head|title)$/.test(name) ? endOf(source, name, close) : close + 1;
  }
  return words
    .join('')
    .replace(/&(amp|lt|gt|quot|nbsp|apos|#39);/g, (_, name: string) => entities[name] ?? '')
    .split('\n')
    .map((line) => line.replace(/[^\S\n]+/g, ' ').trim())
    .filter((line, n, lines) => line !== '' || (n > 0 && lines[n - 1] !== ''))
    .join('\n')
    .trim();
}

/** Past what is never shown; to the end when it is not closed. */
function endOf(source: string, name: string, from: number): number {
  const closing = new RegExp(`</${name}`, 'gi');
  closing.lastIndex = from;
  const found = closing.exec(source);
  return found ? found.index : source.length;
}
