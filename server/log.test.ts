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

test('the message of an error keeps its words and loses what it quotes', () => {
  const { lines, sink } = capture();
  const log = createLog('info', sink);
  const messageOf = (text: string) => {
    log.error({ err: new Error(text) }, 'failed');
    return (lines.at(-1)?.err as { message: string } | undefined)?.message;
  };
  expect(messageOf('a sealed secret is damaged')).toBe('a sealed secret is damaged');
  expect(messageOf('the provider answered 503')).toBe('the provider answered 503');
  expect(messageOf('no mailbox ana@example.org, call +33 6 12 34 56 78')).toBe('no mailbox … call …');
  expect(messageOf('cannot read "Bonjour Ana" from https://api.example/v1?token=abc')).toBe('cannot read "…" from …');
  expect(messageOf('bad token gk_0123456789abcdef_Zm9vYmFyYmF6')).toBe('bad token …');
  expect(messageOf('no row 0193a000-0000-7000-8000-000000000000')).toBe('no row 0193a000-0000-7000-8000-000000000000');
});

test('a message with lines that look like frames adds nothing to the stack, and a code that is a sentence is dropped', () => {
  const { lines, sink } = capture();
  const error = Object.assign(new Error('first\n    at ana@example.org (secret:1:1)\nlast'), { code: 'Mailbox ana is full' });
  createLog('info', sink).error({ err: error }, 'failed');
  expect(JSON.stringify(lines)).not.toMatch(/ana|secret/);
  expect((lines[0]?.err as { stack: string } | undefined)?.stack).toMatch(/^\s+at .*log\.test\.ts/);
});
