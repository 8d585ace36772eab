import { expect, test } from 'vitest';
import { ingestEmail } from '../../../contract/ingest.ts';
import { readSubmission } from '../../channels/form/submission.ts';
import { safeFilename } from '../../files/type.ts';
import { extract } from './extract.ts';

/** Generous for a busy machine; what these texts cost while they were read in quadratic time was seconds to hours. */
const readWithinMs = 1_000;

const attachment = (content: string) =>
  ingestEmail.safeParse({
    channel: 'email',
    from: 'a@example.fr',
    to: 'b@example.fr',
    text: 'x',
    attachments: [{ filename: 'a', contentType: 'text/plain', size: 1, content }],
  }).success;

test.each<[string, () => unknown]>([
  ['a word of references and blanks', () => extract(`dossier${' '.repeat(50_000)}`)],
  ['a file name of a whole header', () => Array.from({ length: 200 }, () => safeFilename('a'.repeat(16_000)))],
  [
    'millions of values of one name',
    () =>
      expect(() => readSubmission(Buffer.from('a&'.repeat(2_500_000)), 'application/x-www-form-urlencoded')).toThrow(
        'Some fields cannot be kept',
      ),
  ],
  ['base64 of line ends that is none', () => expect(attachment(`${'\n'.repeat(200_000)}!`)).toBe(false)],
])('%s is read at once', (_name, read) => {
  const started = performance.now();
  read();
  expect(performance.now() - started).toBeLessThan(readWithinMs);
});

test('a long file name keeps its beginning and its extension', () => {
  expect(safeFilename(`${'é'.repeat(3_000)}.jpeg`)).toBe(`${'é'.repeat(97)}.jpeg`);
  expect(safeFilename(`${'a'.repeat(300)}.pdf`)).toBe(`${'a'.repeat(196)}.pdf`);
});

test('base64 may be wrapped and padded', () => {
  expect(attachment('QUJD\r\nRA==\r\n')).toBe(true);
  expect(attachment('QU=JD')).toBe(false);
});
