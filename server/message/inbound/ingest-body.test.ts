import { describe, expect, it } from 'vitest';
import { ApiError } from '../../http/errors.ts';
import { textOfHtml } from './html-text.ts';
import { parseIngestBody } from './ingest-body.ts';

const parse = (body: unknown) => parseIngestBody(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const item = (body: unknown) => {
  const [first] = parse(body).items;
  if (first?.kind !== 'message') throw new Error('not a message');
  return first;
};
function refusal(body: unknown): { code: string; paths: string[] } {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, paths: error.errors.map(({ path }) => path) };
    throw error;
  }
  throw new Error('it was accepted');
}

const email = { channel: 'email', from: 'Ana@Client.example', to: 'desk@firm.example', text: 'Bonjour' };
const whatsapp = { channel: 'whatsapp', from: '33612345678', id: 'wamid.1', text: 'Salut' };
const sms = { channel: 'sms', MessageSid: 'SM1', From: '+33612345678', To: '+33700000000', Body: 'Oui' };
const form = { channel: 'form', email: 'Ana@Client.example', message: 'Un devis' };
const envelope = {
  channel: 'whatsapp',
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '2',
      changes: [
        {
          field: 'messages',
          value: {
            metadata: { phone_number_id: '9' },
            messages: ['a', 'b'].map((id) => ({ id, from: '33612345678', timestamp: '1750000000', type: 'text', text: { body: id } })),
          },
        },
      ],
    },
  ],
};

describe('parseIngestBody', () => {
  it('takes the channel in either letter case', () => {
    expect(['EMAIL', 'Email', 'email'].map((channel) => parse({ ...email, channel }).channel)).toEqual(['email', 'email', 'email']);
  });

  it('reads an e-mail of three fields, and one with all', () => {
    expect(item(email)).toMatchObject({
      externalId: null,
      from: { kind: 'email', value: 'ana@client.example' },
      to: 'desk@firm.example',
      subject: null,
      text: 'Bonjour',
      name: null,
    });
    const full = item({
      ...email,
      from: '"Ana R." <ana@client.example>',
      to: ['Desk <desk@firm.example>', 'b@firm.example'],
      id: '<3@client.example>',
      subject: 'Devis',
      html: '<p>x</p>',
      inReplyTo: '<2@firm.example>',
      references: '<1@client.example> <2@firm.example>',
      attachments: [
        { filename: 'a.txt', contentType: 'text/plain', size: 2, content: 'aGk=' },
        { filename: 'b.pdf', contentType: 'application/pdf', size: 9, url: 'https://client.example/b.pdf' },
      ],
    });
    expect(full).toMatchObject({
      externalId: '<3@client.example>',
      name: 'Ana R.',
      to: 'desk@firm.example, b@firm.example',
      threadKey: '<1@client.example>',
      subject: 'Devis',
    });
    expect(full.attachments).toEqual([{ filename: 'a.txt', contentType: 'text/plain', bytes: Buffer.from('hi') }]);
    expect(full.fields).toEqual([{ name: 'b.pdf', value: 'https://client.example/b.pdf' }]);
  });

  it('joins the mails of a thread and keeps unrelated ones apart', () => {
    const first = item({ ...email, messageId: '<1@x.example>' });
    expect(item({ ...email, messageId: '<2@x.example>', inReplyTo: '<1@x.example>' }).threadKey).toBe(first.threadKey);
    expect(item({ ...email, text: 'other' }).threadKey).not.toBe(item(email).threadKey);
    expect(item({ ...email, messageId: 'é'.repeat(900) }).threadKey).toHaveLength(64);
  });

  it('reads the words of a mail that has only HTML', () => {
    expect(item({ ...email, text: '', html: '<style>p{}</style><p>Bonjour &amp; merci</p><p>Ana</p>' }).text).toBe(
      'Bonjour & merci\n\nAna',
    );
  });

  it('reads WhatsApp in both forms, an envelope item by item', () => {
    expect(item(whatsapp)).toMatchObject({ externalId: 'wamid.1', from: { kind: 'whatsapp', value: '+33612345678' }, text: 'Salut' });
    const { items } = parse(envelope);
    expect(items.map((one) => [one.externalId, one.routeKey])).toEqual([
      ['a', null],
      ['b', null],
    ]);
    for (const one of items)
      expect(parseIngestBody(one.raw).items.map((again) => ({ ...again, raw: null }))).toEqual([{ ...one, raw: null }]);
  });

  it('reads an SMS with either name of its id', () => {
    expect(item(sms)).toMatchObject({ externalId: 'SM1', from: { kind: 'phone', value: '+33612345678' }, to: '+33700000000', text: 'Oui' });
    expect(item({ channel: 'sms', SmsSid: 'SM2', From: '06 12 34 56 78', To: '38000', Body: '' })).toMatchObject({
      externalId: 'SM2',
      from: { value: '+33612345678' },
      to: '38000',
    });
  });

  it('reads a form with a message, with data, and with a phone alone', () => {
    expect(
      item({ ...form, phone: '06 12 34 56 78', name: 'Ana', formData: { budget: 300, tags: ['a', 'b'], none: null }, consentGiven: true }),
    ).toMatchObject({
      from: { kind: 'email', value: 'ana@client.example' },
      otherIdentities: [{ kind: 'phone', value: '+33612345678' }],
      text: 'Un devis',
      fields: [
        { name: 'budget', value: '300' },
        { name: 'tags', value: 'a, b' },
        { name: 'none', value: '' },
        { name: 'consentGiven', value: 'true' },
      ],
    });
    expect(item({ channel: 'form', phone: '+33612345678', formData: { size: 'M' }, submissionId: 's1' })).toMatchObject({
      externalId: 's1',
      from: { kind: 'phone', value: '+33612345678' },
      text: 'size: M',
    });
    expect(item('{"channel":"form","email":"a@b.example","formData":{"__proto__":"x","message":"hi"}}').text).toBe('hi');
  });

  it.each([
    [{}, ['channel']],
    [{ ...email, channel: 'fax' }, ['channel']],
    [{ ...email, channel: 7 }, ['channel']],
    [{ channel: 'email' }, ['from', 'to', 'text']],
    [{ ...email, from: 'nobody' }, ['from']],
    [{ ...email, to: ['x@y.example', 'bad'] }, ['to.1']],
    [{ ...email, text: '' }, ['text']],
    [{ ...email, text: 'a\u0000b' }, ['text']],
    [{ ...email, extra: 1 }, ['extra']],
    [{ ...email, attachments: [{ filename: 'a', contentType: 'b', size: 1 }] }, ['attachments.0.content']],
    [{ ...whatsapp, id: undefined }, ['id']],
    [{ ...whatsapp, from: 'me' }, ['from']],
    [{ ...envelope, entry: {} }, ['entry']],
    [{ ...envelope, object: 'page' }, ['object']],
    [{ ...envelope, entry: [{ id: '2' }] }, ['entry']],
    [{ ...envelope, entry: [{ changes: [] }] }, ['entry']],
    [{ ...sms, From: '' }, ['From']],
    [{ channel: 'sms' }, ['From', 'To', 'Body']],
    [{ channel: 'form' }, ['email', 'message']],
    [{ channel: 'form', message: 'x' }, ['email']],
    [{ channel: 'form', email: 'x', message: 'x' }, ['email']],
    [{ channel: 'form', phone: 'call me', message: 'x' }, ['phone']],
    [{ channel: 'form', email: 'a@b.example', formData: { a: { b: 1 } } }, ['formData.a']],
    [{ ...form, inboxId: 'mine' }, ['inboxId']],
  ])('names what is wrong in %j', (body, paths) => {
    expect(refusal(body)).toEqual({ code: 'validation_error', paths });
  });

  it('refuses what is not JSON, no object, or nested without end', () => {
    expect(refusal('{"channel":').code).toBe('malformed_json');
    expect(refusal('[]').code).toBe('validation_error');
    expect(refusal(`{"channel":"form","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).code).toBe('validation_error');
  });

  it('counts the cap in bytes and takes the last one', () => {
    const sized = (bytes: number) => {
      const empty = JSON.stringify({ ...sms, Body: '' }).length;
      const body = `é${' '.repeat(bytes - empty - 2)}`;
      return JSON.stringify({ ...sms, Body: '' }).replace('"Body":""', '"Body":"é"') + body.slice(1);
    };
    expect(Buffer.byteLength(sized(51_200))).toBe(51_200);
    expect(parse(sized(51_200)).items).toHaveLength(1);
    expect(refusal(sized(51_201)).code).toBe('payload_too_large');
  });

  it('reads a mail of nearly ten megabytes in base64', () => {
    const bytes = Buffer.alloc(7_000_000, 1);
    expect(
      item({
        ...email,
        attachments: [
          { filename: 'a.bin', contentType: 'application/octet-stream', size: bytes.length, content: bytes.toString('base64') },
        ],
      }).attachments?.[0]?.bytes.length,
    ).toBe(7_000_000);
  });

  it('reads hostile HTML in linear time', () => {
    const started = Date.now();
    for (const piece of ['<', '<style>', '<style ', '</p', '&amp', '<p>\n', ' \n']) textOfHtml(piece.repeat(100_000));
    expect(Date.now() - started).toBeLessThan(1_500);
  });
});
