import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Translate } from '../i18n/use-t.ts';
import { explainFault } from './fault-words.ts';

const t: Translate = (id, values) => `${id}${values ? ` ${JSON.stringify(values)}` : ''}`;
const server = join(import.meta.dirname, '../../server');
const sources = readdirSync(server, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .map((path) => readFileSync(join(server, path), 'utf8'))
  .join('\n');

it.each([
  'is a member already',
  'is taken',
  'is over already',
  'is not a permission that you hold',
  'is not a member',
  'is in use with another password',
  'is one that is tried first; take a longer phrase',
])('what the API says as %j has words for people', (message) => {
  expect(sources).toContain(`'${message}'`);
  expect(explainFault(message, t)).toMatch(/^(fault|reset)\.\w+$/);
});

it('what has no words of its own is told as the API says it', () => {
  expect(explainFault('is odd', t)).toBe('form.refused {"message":"is odd"}');
});
