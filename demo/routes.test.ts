import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../test/support/app.ts';
import { findDemoSignIn, prepareDemo } from './start.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ GUICHET_DEMO: 'true' });
});
afterAll(() => app.close());

const signIn = async (email: string, password = 'guichet-demo') =>
  (await app.api('POST', '/auth/login', { body: { email, password, tokenDelivery: 'body' } })).json.accessToken as string | undefined;
const page = (path = '') => app.call('GET', `/demo/customer${path}`);

test('without a demo there is no page, no stand-in and nothing to remove', async () => {
  expect((await page()).status).toBe(404);
  expect((await app.call('GET', '/demo/provider')).status).toBe(404);
  expect((await app.api('DELETE', '/demo', { token: app.one.admin.token })).json.code).toBe('conflict');
  expect(await findDemoSignIn(app.context)).toBeUndefined();
});

test('with a demo its people sign in as printed, and the page speaks four languages', async () => {
  await prepareDemo(app.context, () => {});
  expect(await findDemoSignIn(app.context)).toEqual({ email: 'demo@guichet.local', password: 'guichet-demo' });
  expect(await signIn('demo@guichet.local')).toBeTruthy();
  expect(await signIn('agent@guichet.local')).toBeTruthy();
  expect(await signIn('tom.whitfield@example.org')).toBeUndefined();
  expect((await page()).text).toContain('<h1>Être client</h1>');
  for (const [language, title] of [
    ['en', 'Be a customer'],
    ['es', 'Ser cliente'],
    ['pt', 'Ser cliente'],
  ]) {
    expect((await page(`?lang=${language}`)).text).toContain(`<h1>${title}</h1>`);
  }
});

test('the page holds no secret and runs no script but its own', async () => {
  const { text, headers } = await page();
  const [inbox] = await app.db.sql<{ account_id: string; secrets_sealed: Buffer }>(
    "select account_id, secrets_sealed from inboxes where channel = 'whatsapp'",
  );
  const secrets = await app.context.sealer.unsealJson<Record<string, string>>(
    inbox?.secrets_sealed ?? Buffer.alloc(0),
    'inbox secrets',
    inbox?.account_id,
  );
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/);
  expect((await page('.js')).headers.get('content-type')).toContain('text/javascript');
});

test('the desk of the demo can be renamed and looked at while it keeps its stand-in', async () => {
  const token = (await signIn('demo@guichet.local')) ?? '';
  const inboxes = (await app.api('GET', '/inboxes', { token })).json.items;
  const whatsapp = inboxes.find((inbox: { channel: string }) => inbox.channel === 'whatsapp');
  const renamed = await app.api('PATCH', `/inboxes/${whatsapp.id}`, { token, body: { name: 'WhatsApp' } });
  expect(renamed.json).toMatchObject({ name: 'WhatsApp', settings: whatsapp.settings });
  const pointed = await app.api('PATCH', `/inboxes/${whatsapp.id}`, { token, body: { settings: { apiUrl: 'http://10.0.0.1' } } });
  expect(pointed.status).toBe(400);
  const real = await app.api('PATCH', `/inboxes/${whatsapp.id}`, { token, body: { settings: { accessToken: 'real' } } });
  expect(real.json.settings).toEqual({ phoneNumberId: '100000000000001' });
});

test('only its admin removes it, and then its sessions and its people are gone', async () => {
  expect((await app.api('DELETE', '/demo')).status).toBe(401);
  expect((await app.api('DELETE', '/demo', { token: (await signIn('agent@guichet.local')) ?? '' })).status).toBe(403);
  expect((await app.api('DELETE', '/demo', { token: app.two.admin.token })).status).toBe(409);
  const token = (await signIn('demo@guichet.local')) ?? '';
  const removed = await app.api('DELETE', '/demo', { token });
  expect(removed.json).toMatchObject({ conversations: 31, users: 5 });
  expect((await app.api('GET', '/auth/me', { token })).status).toBe(401);
  expect(await signIn('demo@guichet.local')).toBeUndefined();
  expect((await page()).status).toBe(404);
  expect((await app.api('GET', '/setup/state')).json.demo).toBe(false);
  expect((await app.api('GET', '/auth/me', { token: app.one.admin.token })).status).toBe(200);
});

test('beyond this machine the known password is replaced by a printed random one, and given back at home', async () => {
  await prepareDemo(app.context, () => {});
  const outside = { ...app.context, config: { ...app.context.config, host: '0.0.0.0' } };
  await prepareDemo(outside, () => {});
  const printed = await findDemoSignIn(outside);
  expect(printed?.password).toMatch(/^[\w-]{16}$/);
  expect(await signIn('demo@guichet.local')).toBeUndefined();
  expect(await signIn('demo@guichet.local', printed?.password)).toBeTruthy();
  expect(await signIn('agent@guichet.local', printed?.password)).toBeTruthy();
  await prepareDemo({ ...app.context, config: { ...app.context.config, publicUrl: 'https://desk.example.org' } }, () => {});
  expect(await signIn('demo@guichet.local')).toBeUndefined();
  await prepareDemo(app.context, () => {});
  expect(await signIn('demo@guichet.local')).toBeTruthy();
});
