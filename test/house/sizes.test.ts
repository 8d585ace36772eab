import { expect, test } from 'vitest';
import { listSources, readSource } from '../support/sources.ts';

const code = listSources(/^(?!.*\.test\.ts).*\.(ts|tsx|mjs|css|sql)$/).filter((file) => file.path !== 'server/db/schema.sql');

test('no file has more than 400 lines', () => {
  const all = [...code, ...listSources(/\.test\.tsx?$/)];
  expect(all.filter((file) => file.lines > 400).map((file) => `${file.path}: ${file.lines}`)).toEqual([]);
});

test('half of the files have at most 80 lines, nine of ten at most 200', () => {
  const sizes = code.map((file) => file.lines).sort((a, b) => a - b);
  const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)] ?? 0;
  expect({ median: at(0.5) <= 80 || at(0.5), p90: at(0.9) <= 200 || at(0.9) }).toEqual({ median: true, p90: true });
});

/**
 * What one reads to follow a WhatsApp message from the webhook to another member's screen. Three things may be taken at their
 * word: the look-up of an endpoint, the batcher, and the channel's parser.
 */
const walk = [
  'server/message/inbound/routes.ts',
  'server/message/inbound/hook.ts',
  'server/message/inbound/receive.ts',
  'server/message/inbound/rows.ts',
  'server/message/inbound/dedup.ts',
  'server/message/announce.ts',
  'server/realtime/tell.ts',
];

test('the path of one message costs at most 700 lines of reading, its transaction included', () => {
  const files = walk.map((path) => readSource(path).lines).reduce((sum, lines) => sum + lines, 0);
  const decision =
    /^create function receive_messages[\s\S]*?^end \$\$;/m.exec(readSource('server/db/migrations/0004_line.sql').text)?.[0] ?? '';
  expect(decision).not.toBe('');
  expect(files + decision.split('\n').length).toBeLessThanOrEqual(700);
});

test('the root has fewer than 25 entries', () => {
  const entries = new Set(listSources(/./).map((file) => file.path.split('/')[0]));
  expect(entries.size).toBeLessThan(25);
});
