import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { makeInbox, type PublicApp, publicApp, type TestInbox } from '../../../test/support/public-app.ts';
import { registerForms } from './routes.ts';

let db: TestDatabase;
let site: PublicApp;
beforeAll(async () => {
  db = await testDatabase();
  site = await publicApp(db, ({ app, endpoints, receiver, limits }) =>
    registerForms(app, { endpoints, receiver, limits, publicUrl: 'http://desk.example' }),
  );
});
afterAll(async () => {
  await site.close();
  await db.drop();
});

const post = (inbox: TestInbox, body: string | Buffer, contentType: string, headers: Record<string, string> = {}) =>
  fetch(`${site.base}/forms/${inbox.key}`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType, ...headers },
    redirect: 'manual',
  });
const postJson = (inbox: TestInbox, body: unknown, headers?: Record<string, string>) =>
  post(inbox, JSON.stringify(body), 'application/json', headers);
const messages = (inbox: TestInbox) =>
  db.sql<{ id: string; text: string; subject: string | null; meta: { fields?: unknown[] } | null }>(
    'select id, text, subject, meta from messages where account_id = $1 order by created_at',
    [inbox.accountId],
  );
const paths = async (response: Response) => ((await response.json()) as { errors: { path: string }[] }).errors.map(({ path }) => path);
const ana = { name: 'Ana', email: 'Ana@Client.example', phone: '06 12 34 56 78', message: 'Bonjour' };
const html = { accept: 'text/html,application/xhtml+xml' };
const boundary = '----WebKitFormBoundaryTest';
const multipart = (...parts: string[]) =>
  Buffer.from(parts.map((part) => `--${boundary}\r\nContent-Disposition: form-data; ${part}\r\n`).join('') + `--${boundary}--\r\n`);

describe('POST /forms/{key}', () => {
  it('stores what a program sends as JSON, with everything it carries', async () => {
    const inbox = await makeInbox(db, 'form');
    const response = await postJson(inbox, { ...ana, subject: 'Devis', utm_source: 'ads', consent: true, sizes: ['S', 'M'] });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { id: string };
    const [stored] = await messages(inbox);
    expect(answer).toEqual({ id: stored?.id, status: 'received' });
    expect(stored).toMatchObject({
      text: 'Bonjour',
      subject: 'Devis',
      meta: {
        fields: [
          { name: 'utm_source', value: 'ads' },
          { name: 'consent', value: 'true' },
          { name: 'sizes', value: 'S, M' },
        ],
      },
    });
    expect(await db.sql('select kind, value from identities where account_id = $1 order by kind', [inbox.accountId])).toEqual([
      { kind: 'email', value: 'ana@client.example' },
      { kind: 'phone', value: '+33612345678' },
    ]);
  });

  it('stores a urlencoded form, and HTML in it as text', async () => {
    const inbox = await makeInbox(db, 'form');
    expect(
      (
        await post(
          inbox,
          new URLSearchParams({ ...ana, message: '<img src=x onerror=alert(1)>', website: '' }).toString(),
          'application/x-www-form-urlencoded',
        )
      ).status,
    ).toBe(200);
    expect(await messages(inbox)).toMatchObject([{ text: '<img src=x onerror=alert(1)>' }]);
  });

  it('keeps files of a multipart form, by what they are and under a safe name', async () => {
    const inbox = await makeInbox(db, 'form');
    const body = multipart(
      'name="email"\r\n\r\nana@client.example',
      'name="message"\r\n\r\nvoir pièce jointe',
      'name="file"; filename="../../devis été\u202Efdp.pdf"\r\nContent-Type: text/html\r\n\r\n%PDF-1.4\n%EOF',
      'name="file"; filename="page.html"\r\nContent-Type: text/html\r\n\r\n<script>1</script>',
      'name="empty"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
    );
    expect((await post(inbox, body, `multipart/form-data; boundary=${boundary}`)).status).toBe(200);
    expect(
      await db.sql('select filename, content_type, size::int from attachments where account_id = $1 order by filename', [inbox.accountId]),
    ).toEqual([
      { filename: 'devis étéfdp.pdf', content_type: 'application/pdf', size: 13 },
      { filename: 'page.html', content_type: 'application/octet-stream', size: 18 },
    ]);
  });

  it.each([
    ['no address', { name: 'X', message: 'no way to answer' }, ['email', 'phone']],
    ['no message', { email: 'a@b.example' }, ['message']],
    ['a broken address', { email: 'nobody', message: 'x' }, ['email']],
    ['NUL', { ...ana, message: 'a\u0000b' }, ['message']],
    ['a nested value', { ...ana, extra: { a: 1 } }, ['extra']],
  ])('refuses %s and names the field', async (_, body, expected) => {
    const inbox = await makeInbox(db, 'form');
    const response = await postJson(inbox, body);
    expect([response.status, await paths(response)]).toEqual([400, expected]);
    expect(await messages(inbox)).toEqual([]);
  });

  it('asks for what its own definition requires', async () => {
    const inbox = await makeInbox(db, 'form', {
      fields: [
        { name: 'email', label: 'E-mail', type: 'email', required: true },
        { name: 'need', label: 'Need', type: 'select', required: true, options: ['A', 'B'] },
      ],
    });
    expect(await paths(await postJson(inbox, { phone: '+33612345678' }))).toEqual(['email', 'need']);
    expect(await paths(await postJson(inbox, { email: 'a@b.example', need: 'C' }))).toEqual(['need']);
    expect((await postJson(inbox, { email: 'a@b.example', need: 'B' })).status).toBe(200);
    expect(await messages(inbox)).toMatchObject([{ text: 'need: B' }]);
  });

  it('answers a robot as a person and stores nothing', async () => {
    const inbox = await makeInbox(db, 'form');
    const response = await postJson(inbox, { ...ana, website: 'http://spam.example' });
    expect([response.status, Object.keys((await response.json()) as object)]).toEqual([200, ['id', 'status']]);
    expect(await messages(inbox)).toEqual([]);
  });

  it('makes one message of a double click, and two of one page used twice', async () => {
    const inbox = await makeInbox(db, 'form');
    const send = (message: string) => postJson(inbox, { ...ana, message, _idempotency: 'f1b0c3aa' }).then((response) => response.json());
    const [one, two] = await Promise.all([send('double'), send('double')]);
    expect(one).toEqual(two);
    await send('another');
    expect((await messages(inbox)).map(({ text }) => text).sort()).toEqual(['another', 'double']);
  });

  it('refuses other types with 415, broken JSON and a multipart that was cut off with 400', async () => {
    const inbox = await makeInbox(db, 'form');
    const whole = multipart('name="email"\r\n\r\na@b.example', 'name="message"\r\n\r\nx');
    const statuses = await Promise.all([
      post(inbox, 'a,b', 'text/csv'),
      post(inbox, '{"a"', 'application/json'),
      post(inbox, '[]', 'application/json'),
      post(inbox, whole.subarray(0, -6), `multipart/form-data; boundary=${boundary}`),
      post(inbox, whole, 'multipart/form-data'),
      post(inbox, '', `multipart/form-data; boundary=${boundary}`),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([415, 400, 400, 400, 400, 400]);
    expect(await messages(inbox)).toEqual([]);
  });

  it('takes five megabytes and not one byte more', async () => {
    const inbox = await makeInbox(db, 'form');
    const sized = (bytes: number) => {
      const body = (filler: number) =>
        multipart('name="email"\r\n\r\na@b.example', 'name="message"\r\n\r\nx', `name="f"; filename="f.bin"\r\n\r\n${'x'.repeat(filler)}`);
      return body(bytes - body(0).length);
    };
    const exact = sized(5 * 1024 * 1024);
    expect(exact.length).toBe(5 * 1024 * 1024);
    expect((await post(inbox, exact, `multipart/form-data; boundary=${boundary}`)).status).toBe(200);
    expect((await post(inbox, sized(5 * 1024 * 1024 + 1), `multipart/form-data; boundary=${boundary}`)).status).toBe(413);
  });

  it('gives each address its share of an hour and says when to come back', async () => {
    const inbox = await makeInbox(db, 'form', {}, { perHour: 3 });
    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => postJson(inbox, { ...ana, message: `n ${n}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 429, 429]);
    const retryAfter = Number(answers.find(({ status }) => status === 429)?.headers.get('retry-after'));
    expect(retryAfter).toBeGreaterThan(3_500);
    expect(retryAfter).toBeLessThanOrEqual(3_660);
  });

  it('lets only the listed origins read, and only they may send when there is a list', async () => {
    const open = await makeInbox(db, 'form');
    const listed = await makeInbox(db, 'form', { allowedOrigins: ['https://shop.example'] });
    const foreign = await postJson(open, ana, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    expect((await postJson(listed, ana, { origin: 'https://evil.example' })).status).toBe(403);
    const friend = await postJson(listed, ana, { origin: 'https://shop.example' });
    expect([friend.status, friend.headers.get('access-control-allow-origin')]).toEqual([200, 'https://shop.example']);
    const preflight = await fetch(`${site.base}/forms/${listed.key}`, {
      method: 'OPTIONS',
      headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([204, 'content-type']);
  });

  it('sends a browser only to addresses that the inbox lists', async () => {
    const inbox = await makeInbox(db, 'form', { redirectUrls: ['https://shop.example/thanks'] });
    const good = await postJson(inbox, { ...ana, _redirect: 'https://shop.example/thanks' }, html);
    expect([good.status, good.headers.get('location')]).toEqual([303, 'https://shop.example/thanks']);
    const bad = await postJson(inbox, { ...ana, message: 'again', _redirect: 'https://evil.example/' }, html);
    expect([bad.status, bad.headers.get('location')]).toEqual([200, null]);
  });

  it('writes addresses of other alphabets and with more in them as headers can carry them', async () => {
    const inbox = await makeInbox(db, 'form', {
      allowedOrigins: ['https://例え.jp', 'https://shop.example/;script-src *'],
      redirectUrls: ['https://例え.jp/merci'],
    });
    const page = await fetch(`${site.base}/forms/${inbox.key}`, { headers: html });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(
      /frame-ancestors 'self' https:\/\/xn--r8jz45g\.jp https:\/\/shop\.example$/,
    );
    const sent = await postJson(inbox, { ...ana, _redirect: 'https://例え.jp/merci' }, html);
    expect([sent.status, sent.headers.get('location')]).toEqual([303, 'https://xn--r8jz45g.jp/merci']);
  });

  it('shows a browser its form again with what was typed and why it stays', async () => {
    const inbox = await makeInbox(db, 'form');
    const response = await post(
      inbox,
      new URLSearchParams({ name: '<b>Ana</b>', message: 'Hello', email: 'nobody' }).toString(),
      'application/x-www-form-urlencoded',
      { ...html, 'accept-language': 'en' },
    );
    const page = await response.text();
    expect(response.status).toBe(400);
    expect(page).toContain('value="&lt;b&gt;Ana&lt;/b&gt;"');
    expect(page).toContain('This address is not complete.');
    expect(page).toContain('aria-invalid="true"');
    expect(
      await (
        await post(inbox, new URLSearchParams(ana).toString(), 'application/x-www-form-urlencoded', { ...html, 'accept-language': 'pt-BR' })
      ).text(),
    ).toContain('Mensagem recebida');
  });
});

describe('GET /forms/{key}', () => {
  it('is a page without a script, in the language of the browser, under a strict policy', async () => {
    const inbox = await makeInbox(db, 'form', { title: 'Essayer un <vélo>' });
    const get = (language: string) => fetch(`${site.base}/forms/${inbox.key}`, { headers: { 'accept-language': language } });
    const response = await get('fr-FR,fr;q=0.9,en;q=0.8');
    const page = await response.text();
    expect(page).toContain('<html lang="fr">');
    expect(page).toContain('Essayer un &lt;vélo&gt;');
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'$/,
    );
    for (const [language, word] of [
      ['en', 'Send'],
      ['es', 'Enviar'],
      ['pt', 'A sua mensagem'],
      ['de,en;q=0.1', 'Your message'],
    ] as const)
      expect(await (await get(language)).text()).toContain(word);
  });

  it('is 404 for an unknown key and for an inbox of another channel', async () => {
    const chat = await makeInbox(db, 'webchat');
    expect((await fetch(`${site.base}/forms/nothing-here`)).status).toBe(404);
    expect((await fetch(`${site.base}/forms/${chat.key}`, { headers: html })).status).toBe(404);
    expect((await postJson(chat, ana)).status).toBe(404);
  });
});
