import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InboundItem } from '../channel.ts';
import { parseEnvelope } from './parse.ts';

const contact = (waId: string, name: string) => ({ wa_id: waId, profile: { name } });
const text = (id: string, from: string, body: string, more: object = {}) => ({
  id,
  from,
  timestamp: '1750000000',
  type: 'text',
  text: { body },
  ...more,
});
const value = (more: object, phone = '1010') => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '33100000000', phone_number_id: phone },
  ...more,
});
const envelope = (...values: unknown[]) => ({
  object: 'whatsapp_business_account',
  entry: values.map((one) => ({ id: '200', changes: [{ field: 'messages', value: one }] })),
});
const parse = (body: unknown): InboundItem[] => parseEnvelope(Buffer.from(JSON.stringify(body)));
const one = (message: object) => {
  const [item] = parse(envelope(value({ messages: [message] })));
  if (item?.kind !== 'message') throw new Error(`not a message: ${JSON.stringify(item)}`);
  return item;
};

describe('parseEnvelope', () => {
  it('reads every message of every change and routes each by its number', () => {
    const items = parse(
      envelope(
        value({
          contacts: [contact('33612345678 ', 'Ana'), contact('33700000000', 'Bo')],
          messages: [text('w1', '33612345678', 'one'), text('w2', '33700000000', 'two')],
        }),
        value({ messages: [text('w3', '33612345678', 'three')] }, '2020'),
      ),
    );
    expect(items.map((item) => [item.kind, item.routeKey, item.externalId, item.kind === 'message' && item.name])).toEqual([
      ['message', '1010', 'w1', 'Ana'],
      ['message', '1010', 'w2', 'Bo'],
      ['message', '2020', 'w3', null],
    ]);
    expect(items[0]).toMatchObject({
      from: { kind: 'whatsapp', value: '+33612345678' },
      text: 'one',
      sentAt: new Date('2025-06-15T15:06:40.000Z'),
    });
  });

  it('keeps duplicates within one payload as items', () => {
    expect(parse(envelope(value({ messages: [text('w1', '336', 'x'), text('w1', '336', 'x')] })))).toHaveLength(2);
  });

  it('keeps the original bytes of a lone item and a body of its own for each of several', () => {
    const raw = Buffer.from(`\uFEFF ${JSON.stringify(envelope(value({ messages: [text('w1', '33612345678', '\u00e9t\u00e9')] })))}`);
    expect(parseEnvelope(raw)[0]?.raw).toBe(raw);
    for (const item of parse(
      envelope(
        value({
          contacts: [contact('33612345678', 'Ana')],
          messages: [text('w1', '33612345678', 'a'), text('w2', '33612345678', 'b')],
          statuses: [{ id: 's1', status: 'read', timestamp: '1750000000' }, 7],
        }),
      ),
    )) {
      const [again, ...more] = parseEnvelope(item.raw);
      expect(more).toEqual([]);
      expect({ ...again, raw: null }).toEqual({ ...item, raw: null });
    }
  });

  it.each([
    ['button', { type: 'button', button: { text: 'Yes', payload: 'y' } }, 'Yes'],
    ['interactive', { type: 'interactive', interactive: { type: 'list_reply', list_reply: { id: '1', title: 'Express' } } }, 'Express'],
    ['interactive', { type: 'interactive', interactive: { type: 'new_kind' } }, 'unsupported (interactive new_kind)'],
    ['image', { type: 'image', image: { id: '1', caption: 'The door' } }, 'The door'],
    ['video', { type: 'video', video: { id: '1' } }, '[video]'],
    ['audio', { type: 'audio', audio: { id: '1', voice: true } }, '[voice]'],
    ['document', { type: 'document', document: { id: '1', filename: 'bail.pdf' } }, 'bail.pdf'],
    ['location', { type: 'location', location: { latitude: 47.2, longitude: -1.55, name: 'Atelier' } }, 'Atelier\n47.2, -1.55'],
    ['contacts', { type: 'contacts', contacts: [{ name: { formatted_name: 'Bo' }, phones: [{ phone: '+33 6' }] }] }, 'Bo, +33 6'],
    [
      'order',
      { type: 'order', order: { product_items: [{ product_retailer_id: 'sku1', quantity: 2, item_price: 30, currency: 'EUR' }] } },
      '2 × sku1, 30 EUR',
    ],
    ['system', { type: 'system', system: { body: 'Number changed', type: 'user_changed_number' } }, 'Number changed'],
    ['unsupported', { type: 'unsupported', errors: [{ code: 131051, title: 'Unknown type' }] }, 'unsupported (Unknown type)'],
    ['poll_creation', { type: 'poll_creation', poll_creation: {} }, 'unsupported (poll_creation)'],
    ['unsupported', { type: { toString: 1 } }, 'unsupported (unknown)'],
    ['constructor', { type: 'constructor' }, 'unsupported (constructor)'],
  ])('makes a message of type %s', (type, message, expected) => {
    expect(one({ id: 'w1', from: '33612345678', timestamp: '1750000000', ...message })).toMatchObject({ type, text: expected });
  });

  it('points reactions, edits and quotes at their message', () => {
    const base = { id: 'w1', from: '33612345678', timestamp: '1750000000' };
    expect(one({ ...base, type: 'reaction', reaction: { message_id: 'w0', emoji: '👍' } })).toMatchObject({
      text: '👍',
      replyToExternalId: 'w0',
    });
    expect(one({ ...base, type: 'reaction', reaction: { message_id: 'w0' } })).toMatchObject({
      text: '[reaction removed]',
      replyToExternalId: 'w0',
    });
    expect(
      one({ ...base, type: 'edit', edit: { original_message_id: 'w0', message: { type: 'text', text: { body: 'new' } } } }),
    ).toMatchObject({ text: 'new', replyToExternalId: 'w0' });
    expect(one({ ...base, type: 'text', text: { body: 'q' }, context: { id: 'w9' } })).toMatchObject({ replyToExternalId: 'w9' });
  });

  it('reads the fields of a flow, valid JSON or not', () => {
    const flow = (given: string) =>
      one({
        id: 'w1',
        from: '33612345678',
        type: 'interactive',
        interactive: { type: 'nfm_reply', nfm_reply: { body: 'Sent', response_json: given } },
      });
    expect(flow('{"size":"M","flow_token":"t"}')).toMatchObject({ text: 'Sent', fields: [{ name: 'size', value: 'M' }] });
    expect(flow('{broken')).toMatchObject({ text: 'Sent', fields: [{ name: 'response_json', value: '{broken' }] });
  });

  it('knows a person without a number by the user id', () => {
    expect(one({ id: 'w1', from_user_id: 'FR.42', timestamp: '1750000000', type: 'text', text: { body: 'x' } }).from).toEqual({
      kind: 'whatsapp',
      value: 'FR.42',
    });
  });

  it('replaces NUL and halves of surrogate pairs', () => {
    expect(one(text('w1', '33612345678', 'a\u0000b\ud800c')).text).toBe('a\uFFFDb\uFFFDc');
  });

  it('takes now for a time that is no number or lies ahead', () => {
    for (const timestamp of ['soon', '', null, '99999999999', -5, { a: 1 }]) {
      const sentAt = one(text('w1', '33612345678', 'x', { timestamp })).sentAt.getTime();
      const age = Date.now() - sentAt;
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(5_000);
    }
  });

  it('stores a message without an id', () => {
    expect(one({ from: '33612345678', type: 'text', text: { body: 'x' } }).externalId).toBeNull();
  });

  it('reads statuses with their error and our own reference', () => {
    const ours = '0193a000-0000-7000-8000-000000000001';
    const items = parse(
      envelope(
        value({
          statuses: [
            {
              id: 's1',
              status: 'failed',
              timestamp: '1750000000',
              biz_opaque_callback_data: ours,
              errors: [{ code: 131047, title: 'Re-engagement', error_data: { details: 'closed' } }],
            },
            { id: 's2', status: 'played', timestamp: '1750000000', biz_opaque_callback_data: 'not ours' },
            { id: 's3', status: 'melted' },
            { status: 'read' },
          ],
        }),
      ),
    );
    expect(items[0]).toMatchObject({
      kind: 'status',
      status: 'failed',
      messageRef: ours,
      error: { class: 'window', code: '131047', detail: 'closed' },
    });
    expect(items[1]).toMatchObject({ kind: 'status', status: 'played', messageRef: null, error: null });
    expect(items.slice(2).map((item) => item.kind)).toEqual(['ignored', 'unparsed']);
  });

  it('keeps echoes and other fields as ignored, with the reason', () => {
    const items = parse({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '200',
          changes: [
            { field: 'smb_message_echoes', value: value({ message_echoes: [text('w1', '331', 'x', { to: '336' })] }) },
            { field: 'account_update', value: { event: 'X' } },
          ],
        },
      ],
    });
    expect(items).toMatchObject([
      { kind: 'ignored', reason: 'sent from the phone app of the business' },
      { kind: 'ignored', reason: 'field account_update' },
    ]);
  });

  it('lets the siblings of a malformed part live', () => {
    const items = parse({
      object: 'whatsapp_business_account',
      entry: [
        null,
        [],
        { changes: 3 },
        { changes: [null, { field: 'messages' }] },
        ...envelope(value({ messages: [7, text('w1', '33612345678', 'alive'), { id: 'w2' }], statuses: {} })).entry,
      ],
    });
    expect(items.map((item) => item.kind)).toEqual([
      'unparsed',
      'unparsed',
      'unparsed',
      'unparsed',
      'unparsed',
      'unparsed',
      'message',
      'unparsed',
      'unparsed',
    ]);
  });

  it.each([
    '',
    '{',
    '[]',
    'null',
    '"x"',
    '{"object":"page","entry":[]}',
    '{"object":"whatsapp_business_account","entry":{"0":1}}',
    '['.repeat(200_000),
  ])('keeps %.40s as unparsed', (body) => {
    expect(parseEnvelope(Buffer.from(body)).map((item) => item.kind)).toEqual(['unparsed']);
  });

  it('refuses a message that names no number rather than guess an inbox', () => {
    expect(parse(envelope({ messages: [text('w1', '33612345678', 'x')] }))).toMatchObject([
      { kind: 'unparsed', reason: 'metadata.phone_number_id is missing' },
    ]);
  });

  it('reads thousands of items at once, and writes what stands around them once', () => {
    const junk = 'z'.repeat(60_000);
    const body = envelope(
      value({
        junk,
        contacts: Array.from({ length: 20_000 }, (_, n) => ({ wa_id: `y${n}` })),
        messages: Array.from({ length: 20_000 }, (_, n) => text(`w${n}`, `33${n}`, 'x')),
      }),
    );
    const raw = Buffer.from(JSON.stringify({ ...body, entry: body.entry.map((entry) => ({ ...entry, junk })) }));
    const started = performance.now();
    const items = parseEnvelope(raw);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(items.reduce((sum, item) => sum + item.raw.length, 0)).toBeLessThan(3 * raw.length);
    expect(parseEnvelope(items.at(-1)?.raw ?? Buffer.alloc(0))).toMatchObject([{ externalId: 'w19999', routeKey: '1010', text: 'x' }]);
  });

  it('does not throw for what is nested too deep to be written again', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const message = JSON.stringify(text('w1', '33600000001', 'x'));
    const around = `{"object":"whatsapp_business_account","entry":[{"deep":${deep},"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1"},"deep":${deep},"messages":[${message},${message}]}}]}]}`;
    expect(parseEnvelope(Buffer.from(around)).map(({ kind }) => kind)).toEqual(['message', 'message']);
  });

  it('never throws, whatever is put in the place of whatever', () => {
    const sample = envelope(
      value({
        contacts: [contact('33612345678', 'Ana')],
        messages: [text('w1', '33612345678', 'x', { context: { id: 'w0' } })],
        statuses: [{ id: 's', status: 'failed', errors: [{ code: 1 }] }],
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), fc.jsonValue()), { maxLength: 4 }), (changes) => {
        const mutated = changes.reduce<unknown>((body, [place, replacement]) => replaceAt(body, { left: place }, replacement), sample);
        for (const item of parseEnvelope(Buffer.from(JSON.stringify(mutated)))) expect(parseEnvelope(item.raw).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => parseEnvelope(Buffer.from(bytes)).length === 1));
  });
});

/** Puts something else in the place of the n-th node of a JSON tree. */
function replaceAt(node: unknown, count: { left: number }, replacement: unknown): unknown {
  if (count.left-- === 0) return replacement;
  if (Array.isArray(node)) return node.map((child) => replaceAt(child, count, replacement));
  if (typeof node === 'object' && node !== null)
    return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, replaceAt(child, count, replacement)]));
  return node;
}
