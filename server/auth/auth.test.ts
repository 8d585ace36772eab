import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

test('signing in gives a token that says who one is', async () => {
  const answer = await desk.api('POST', '/auth/login', { body: { email: 'ADMIN@one.test', password: testPassword } });
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({ expiresIn: 900, user: { email: 'admin@one.test', role: 'admin', accountId: desk.one.id } });
  expect(answer.json.refreshToken).toBeUndefined();
  expect(answer.headers.get('set-cookie')).toMatch(/^guichet_refresh=[\w-]{86}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  const me = await desk.api('GET', '/auth/me', { token: answer.json.accessToken });
  expect(me.json).toMatchObject({ email: 'admin@one.test', account: { name: 'one' }, timeZone: 'Europe/Paris' });
});
