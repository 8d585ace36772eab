import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/support/app.ts';
import { type CustomerText, signed, whatsappMessages, whatsappSecrets } from '../../../test/support/whatsapp.ts';

let test: TestApp;
let hook: { path: string; inboxId: string };
let key: string;

beforeAll(async () => {
  test = await testApp();
  hook = await makeWhatsapp('100200300');
  const answer = await test.api('POST', '/api-keys', {
    token: test.one.admin.token,
    body: { name: 'ingest', permissions: ['ingest.write'] },
  });
  key = answer.json.key;
});
afterAll(() => test.close());

async function makeWhatsapp(phoneNumberId: string, limits?: { perHour: number }) {
  const body = { channel: 'whatsapp', name: `WhatsApp ${phoneNumberId}`, settings: { phoneNumberId, ...whatsappSecrets } };
  const answer = await test.api('POST', '/inboxes', { token: test.one.admin.token, body });
  expect(answer.status).toBe(201);
  if (limits) await test.api('PATCH', `/inboxes/${answer.json.id}`, { token: test.one.admin.token, body: { limits } });
  return { path: new URL(answer.json.hookUrl).pathname, inboxId: answer.json.id as string };
}

const deliver = (raw: string | Buffer, headers = signed(raw), path = hook.path) => test.call('POST', path, { raw, headers });
const texts = (...messages: CustomerText[]) => whatsappMessages('100200300', messages);
const ledger = (outcome: string) =>
  test.db.sql<{ raw: Buffer; reason: string }>('select raw, reason from ledger where account_id = $1 and outcome = $2 order by id desc', [
    test.one.id,
    outcome,
  ]);

describe('a provider’s hook', () => {
  it('takes several messages of several senders in one call, each as a message of its own', async () => {
    const raw = texts(
      { id: 'wamid.m1', from: '33611111111', text: 'un' },
      { id: 'wamid.m2', from: '33622222222', text: 'deux' },
      { id: 'wamid.m3', from: '33611111111', text: 'trois' },
    );
    expect((await deliver(raw)).status).toBe(200);
    const list = await test.api('GET', `/conversations?inboxId=${hook.inboxId}`, { token: test.one.agent.token });
    expect(
      list.json.items
        .map((item: { lastMessage: { text: string }; unreadCount: number }) => [item.lastMessage.text, item.unreadCount])
        .sort(),
    ).toEqual([
      ['deux', 1],
      ['trois', 2],
    ]);
  });

  it.each(['%00', 'a%00b', '%F0%9F%90%9F', '..%2f', 'x'.repeat(90)])('is 404 for %s, which is no key', async (key) => {
    for (const path of ['hooks', 'forms', 'chat']) expect((await test.call('GET', `/${path}/${key}`)).status).toBe(404);
  });

  it('answers the challenge with the right token only', async () => {
    const ask = (token: string) => test.call('GET', `${hook.path}?hub.mode=subscribe&hub.verify_token=${token}&hub.challenge=4711`);
    expect(await ask(whatsappSecrets.verifyToken)).toMatchObject({ status: 200, text: '4711' });
    expect((await ask('wrong')).status).toBe(403);
  });

  it.each([
    ['no signature', { 'content-type': 'application/json' }],
    ['a wrong signature', signed('something else')],
    ['a signature of another length', { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=00' }],
    ['another secret', signed('{}', 'another secret')],
  ])('%s is a problem that names the signature, and stores nothing', async (_name, headers) => {
    const answer = await deliver('{}', headers);
    expect(answer).toMatchObject({ status: 401, json: { code: 'invalid_signature', errors: [{ path: 'signature' }] } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('signed bytes that are not JSON are answered 200 and lie in the ledger as they came', async () => {
    const raw = Buffer.from('{"object": \u00e9 broken \u0000');
    expect((await deliver(raw)).status).toBe(200);
    expect((await ledger('unparsed'))[0]?.raw.equals(raw)).toBe(true);
  });

  it('takes exactly 4 MB and not a byte more', async () => {
    const body = texts({ id: 'wamid.big', from: '33633333333', text: 'grand' });
    const full = body + ' '.repeat(4 * 1024 * 1024 - body.length);
    expect((await deliver(full)).status).toBe(200);
    expect((await deliver(`${full} `)).status).toBe(413);
    expect((await deliver('x'.repeat(6_000_000))).json).toMatchObject({ code: 'payload_too_large' });
  });

  it('an address that nobody has is 404', async () => {
    expect((await deliver('{}', signed('{}'), '/hooks/nothing-here')).status).toBe(404);
  });

  it('keeps what is for another number as not ours and answers 200', async () => {
    const raw = whatsappMessages('999', [{ id: 'wamid.other', from: '33644444444', text: 'pas ici' }]);
    expect((await deliver(raw)).status).toBe(200);
    expect((await ledger('not_ours')).length).toBe(1);
  });

  it('a text with NUL is stored with U+FFFD', async () => {
    await deliver(texts({ id: 'wamid.nul', from: '33655555555', text: 'a\u0000b' }));
    const rows = await test.db.sql('select text from messages where external_id = $1', ['wamid.nul']);
    expect(rows).toEqual([{ text: 'a\uFFFDb' }]);
  });
});

describe('the ingest API', () => {
  const ingest = (body: unknown, options: { raw?: string; headers?: Record<string, string>; token?: string } = {}) =>
    test.api('POST', '/ingest', {
      token: options.token ?? key,
      ...(options.raw === undefined ? { body } : { raw: options.raw }),
      ...(options.headers && { headers: options.headers }),
    });
  const message = { channel: 'WHATSAPP', from: '+33677777777', id: 'api-1', text: 'Bonjour' };

  it('answers with what it stored, and 409 with the same checksum the second time', async () => {
    const first = await ingest(message);
    expect(first).toMatchObject({ status: 200, json: { channel: 'whatsapp', externalId: 'api-1', status: 'received', duplicate: false } });
    const second = await ingest(message);
    expect(second).toMatchObject({
      status: 409,
      json: { code: 'duplicate_message', checksum: first.json.checksum, messageId: first.json.messageId },
    });
  });

  it('a channel without an inbox, or with several, asks for one', async () => {
    expect(await ingest({ channel: 'sms', MessageSid: 'SM1', From: '+33612345678', To: '+33600000000', Body: 'x' })).toMatchObject({
      status: 400,
      json: { code: 'inbox_required', errors: [{ path: 'inboxId' }] },
    });
    const other = await makeWhatsapp('100200301');
    expect((await ingest({ ...message, id: 'api-2' })).json.code).toBe('inbox_required');
    expect((await ingest({ ...message, id: 'api-2', inboxId: other.inboxId })).status).toBe(200);
  });

  it('the same call with the same Idempotency-Key gets the same answer, another body 422', async () => {
    const body = { ...message, id: 'idem-1', inboxId: hook.inboxId };
    const headers = { 'idempotency-key': 'ingest-1' };
    const first = await ingest(body, { headers });
    expect(first.status).toBe(200);
    expect(await ingest(body, { headers })).toMatchObject({ status: 200, json: first.json });
    expect((await ingest({ ...body, text: 'other' }, { headers })).status).toBe(422);
    expect((await ingest(body)).json).toMatchObject({ code: 'duplicate_message', checksum: first.json.checksum });
    expect((await ingest(body, { headers: { 'idempotency-key': ' ' } })).status).toBe(400);
  });

  it('an envelope is answered with its first new message; one without any is refused and not kept', async () => {
    const envelope = (value: object) => ({
      channel: 'whatsapp',
      inboxId: hook.inboxId,
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [{ field: 'messages', value: { metadata: { phone_number_id: '100200300' }, ...value } }] }],
    });
    const said = (id: string) => ({ id, from: '33611111111', timestamp: '1750000000', type: 'text', text: { body: id } });
    expect((await ingest(envelope({ messages: [said('env-1')] }))).json).toMatchObject({ externalId: 'env-1', duplicate: false });
    expect((await ingest(envelope({ messages: [said('env-1'), said('env-2')] }))).json).toMatchObject({ externalId: 'env-2' });
    expect((await ingest(envelope({ messages: [said('env-1'), said('env-2')] }))).json.code).toBe('duplicate_message');
    const alone = await ingest(envelope({ statuses: [{ id: 'wamid.lonely', status: 'read', timestamp: '1750000000' }] }));
    expect([alone.status, alone.json.errors]).toEqual([400, [{ path: 'entry', message: 'holds no message' }]]);
    expect(await test.db.sql('select from ledger where external_id = $1', ['wamid.lonely'])).toEqual([]);
  });

  it('an inbox of another account is like one that does not exist', async () => {
    const foreign = await test.api('POST', '/inboxes', {
      token: test.two.admin.token,
      body: { channel: 'whatsapp', name: 'Two', settings: { phoneNumberId: '5', ...whatsappSecrets } },
    });
    const answers = await Promise.all(
      [foreign.json.id, '0193a000-0000-7000-8000-000000000000'].map((inboxId) => ingest({ ...message, inboxId })),
    );
    expect(answers.map(({ status, json }) => [status, json.errors])).toEqual(
      Array(2).fill([400, [{ path: 'inboxId', message: 'is not a whatsapp inbox of this account' }]]),
    );
  });

  it.each([
    ['an unknown channel', { channel: 'pigeon' }, 'channel'],
    ['no text', { channel: 'whatsapp', from: '33611111111', id: 'x' }, 'text'],
    ['NUL', { ...message, text: 'a\u0000' }, 'text'],
    ['an unknown key', { ...message, colour: 'red' }, 'colour'],
  ])('%s is 400 and names the field', async (_name, body, path) => {
    const answer = await ingest(body);
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe('validation_error');
    expect(JSON.stringify(answer.json.errors)).toContain(path);
  });

  it('malformed JSON, a wrong type, too many bytes, no key and a member without the right are refused each in its way', async () => {
    expect(await ingest(undefined, { raw: '{"a"', headers: { 'content-type': 'application/json' } })).toMatchObject({
      status: 400,
      json: { code: 'malformed_json' },
    });
    expect((await ingest(undefined, { raw: 'a=b', headers: { 'content-type': 'text/csv' } })).status).toBe(415);
    expect((await ingest({ ...message, id: 'big', text: 'x'.repeat(110_000) })).status).toBe(413);
    expect((await ingest(message, { token: 'gk_wrong_key' })).status).toBe(401);
    expect((await ingest(message, { token: test.one.agent.token })).status).toBe(403);
  });

  it('is limited per hour, inbox and key, and says when to come back', async () => {
    await test.api('PATCH', `/inboxes/${hook.inboxId}`, { token: test.one.admin.token, body: { limits: { perHour: 3 } } });
    const other = await test.api('POST', '/api-keys', {
      token: test.one.admin.token,
      body: { name: 'limited', permissions: ['ingest.write'] },
    });
    const answers = [];
    for (let n = 0; n < 4; n += 1)
      answers.push(await ingest({ ...message, id: `limit-${n}`, inboxId: hook.inboxId }, { token: other.json.key }));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.json.code).toBe('rate_limit_exceeded');
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
