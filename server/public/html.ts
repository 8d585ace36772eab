const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup that is safe to send: made only by `html`, which escapes everything put into it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Insert = string | number | null | undefined | false | Markup | Insert[];

/** A template whose inserts are escaped, unless they are markup made the same way. */
export function html(strings: TemplateStringsArray, ...inserts: Insert[]): Markup {
  return new Markup(strings.map((text, n) => text + (n < inserts.length ? render(inserts[n]) : '')).join(''));
}

function render(insert: Insert): string {
  if (insert instanceof Markup) return insert.text;
  if (Array.isArray(insert)) return insert.map(render).join('');
  if (insert === null || insert === undefined || insert === false) return '';
  return String(insert).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
