import { readdirSync, readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { partOf, withFrenchSpaces } from './compile.ts';

const read = (language: string) =>
  JSON.parse(readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8')) as Record<string, string>;
const english = read('en');
const placeholders = (text: string) => [...new Set(namesIn(compileMessage(text)))].sort();

/** A compiled text is words and [name, kind?, branches?]; branches are compiled texts again. */
function namesIn(compiled: unknown): string[] {
  if (!Array.isArray(compiled)) return [];
  return compiled.flatMap((part: unknown) => {
    if (!Array.isArray(part)) return [];
    const [name, , branches] = part as [string, string?, Record<string, unknown>?];
    return [name, ...Object.values(branches ?? {}).flatMap(namesIn)];
  });
}

describe.each(['fr', 'es', 'pt'])('the %s catalogue', (language) => {
  const catalogue = read(language);

  it('has every text that English has, and no other', () => {
    expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
  });

  it('fills in the same values as English', () => {
    for (const [id, text] of Object.entries(catalogue))
      expect({ id, values: placeholders(text) }).toEqual({ id, values: placeholders(english[id] ?? '') });
  });

  it('compiles', () => {
    for (const text of Object.values(catalogue)) expect(compileMessage(text)).toBeTruthy();
  });
});

it('sets the narrow space that French wants before high punctuation', () => {
  expect(withFrenchSpaces('Pas d’accès ? « messages » : oui')).toBe('Pas d’accès\u202f? «\u202fmessages\u202f»\u202f: oui');
});

it('has every word of the desk’s first page in the part that comes with it', () => {
  const root = new URL('..', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^(ui\/|shell\/|pages\/inbox\/|[\w-]+\.tsx?$).*(?<!\.test)/.test(file) && /\.tsx?$/.test(file),
  );
  // These come with the other part.
  const later = ['shell/confirmation.tsx', 'shell/shortcuts.tsx', 'ui/field.tsx', 'password-fault.ts', 'device.ts'];
  const said = files
    .filter((file) => !later.includes(file))
    .flatMap((file) =>
      [...readFileSync(new URL(file, root), 'utf8').matchAll(/['"`]([a-zA-Z]+\.[\w.]+)['"`]/g)].map(([, id]) => ({ file, id })),
    )
    .filter(({ id }) => id !== undefined && id in english);
  expect(said.length).toBeGreaterThan(100);
  expect(said.filter(({ id }) => partOf(id ?? '') !== 'core')).toEqual([]);
});
