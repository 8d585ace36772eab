import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog } from './log.ts';

function capture(): { lines: Record<string, unknown>[]; sink: Writable } {
  const lines: Record<string, unknown>[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { lines, sink };
}

test('fields that are not listed never reach the log', () => {
  const { lines, sink } = capture();
  createLog('info', sink).info(
    { requestId: 'r1', email: 'ana@example.org', body: { text: 'secret' }, headers: { authorization: 'x' } },
    'answered',
  );
  expect(lines).toEqual([{ level: 'info', time: expect.any(String), requestId: 'r1', msg: 'answered' }]);
});

test('an error of the database is logged without the value it quotes', () => {
  const { lines, sink } = capture();
  const error = Object.assign(new Error('invalid input syntax for type uuid: "ana@example.org"'), {
    code: '22P02',
    detail: 'Key (email)=(ana@example.org)',
  });
  createLog('info', sink).error({ err: error }, 'failed');
  expect(lines[0]?.err).toMatchObject({ type: 'Error', code: '22P02' });
  expect(JSON.stringify(lines)).not.toContain('ana@example.org');
});

test('an error about JSON is logged without the text that it quotes', () => {
  const { lines, sink } = capture();
  try {
    JSON.parse('ana@example.org');
  } catch (error) {
    createLog('info', sink).error({ err: error }, 'failed');
  }
  expect(lines[0]?.err).toMatchObject({ type: 'SyntaxError' });
  expect(JSON.stringify(lines)).not.toContain('ana');
});
