import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { sweepSessions } from './actions.ts';
import { deriveKey } from '../credentials/seal.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const login = (email: string, password = testPassword, more: object = {}) =>
  desk.api('POST', '/auth/login', { body: { email, password, tokenDelivery: 'body', ...more } });
const refresh = (refreshToken: string) => desk.api('POST', '/auth/refresh', { body: { refreshToken, tokenDelivery: 'body' } });
const me = (token: string) => desk.api('GET', '/auth/me', { token });
const forgetSlots = () => desk.db.sql('delete from limit_windows');

describe('signing in', () => {
  it('gives an access token, and the refresh token as a cookie that scripts cannot read', async () => {
    const answer = await desk.api('POST', '/auth/login', { body: { email: ' ADMIN@one.test', password: testPassword } });
    expect(answer.json).toMatchObject({ expiresIn: 900, user: { email: 'admin@one.test', role: 'admin', accountId: desk.one.id } });
    expect(answer.json.refreshToken).toBeUndefined();
    expect(answer.headers.get('set-cookie')).toMatch(/^guichet_refresh=[\w-]{86}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await me(answer.json.accessToken)).json).toMatchObject({
      email: 'admin@one.test',
      account: { name: 'one' },
      timeZone: 'Europe/Paris',
    });
  });

  it('over https binds the cookie to the host', async () => {
    const secure = await testApp({ GUICHET_PUBLIC_URL: 'https://desk.example' });
    const answer = await secure.api('POST', '/auth/login', { body: { email: 'admin@one.test', password: testPassword } });
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-guichet_refresh=.*Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    await secure.close();
  });

  it('answers the same, after as long, for a wrong password and for nobody', async () => {
    await forgetSlots();
    const time = async (email: string) => {
      const start = performance.now();
      const { status, json } = await login(email, 'wrong password');
      return { took: performance.now() - start, answer: { status, code: json.code, detail: json.detail } };
    };
    const known = [];
    const unknown = [];
    // Enough of each that a busy machine lets one of them through in its own time.
    for (const n of [1, 2, 3, 4, 5])
      for (const { email } of [desk.two.viewer, desk.two.admin, desk.one.viewer]) {
        known.push(await time(email));
        unknown.push(await time(`nobody${n}-${email}`));
      }
    expect(known[0]?.answer).toEqual({ status: 401, code: 'invalid_credentials', detail: unknown[0]?.answer.detail });
    const fastest = (times: { took: number }[]) => Math.min(...times.map(({ took }) => took));
    expect(fastest(unknown) / fastest(known)).toBeGreaterThan(0.4);
    expect(fastest(unknown) / fastest(known)).toBeLessThan(2.5);
  });

  it('waits after five wrong passwords, also when a hundred come at once, and nobody else has to', async () => {
    await forgetSlots();
    const email = desk.two.agent.email;
    const answers = await Promise.all(Array.from({ length: 40 }, () => login(email, 'wrong password')));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    const refused = await login(email);
    expect(refused.json).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
    expect(
      (await desk.api('POST', '/auth/login', { body: { email, password: testPassword }, headers: { 'x-forwarded-for': '9.9.9.9' } }))
        .status,
    ).toBe(429);
    expect((await login(desk.two.admin.email)).status).toBe(200);
  });

  it('that succeeds clears the count, and many at once all succeed', async () => {
    await forgetSlots();
    for (const n of [1, 2, 3, 4, 5, 6])
      expect((await login(desk.one.agent.email, n % 3 === 0 ? testPassword : 'wrong password')).status).toBe(n % 3 === 0 ? 200 : 401);
    const answers = await Promise.all(Array.from({ length: 12 }, () => login(desk.one.agent.email)));
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
  });

  it('an address whose letters only look alike is somebody else', async () => {
    // U+212A is the Kelvin sign, whose lower case is "k".
    await desk.db.sql("update users set email = 'k@one.test' where id = $1", [desk.one.viewer.userId]);
    expect((await login('k@one.test')).status).toBe(200);
    expect((await login('\u212A@one.test')).status).toBe(401);
  });
});

describe('an access token', () => {
  const payloadOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('holds for fifteen minutes and names its session', () => {
    const claims = payloadOf(desk.one.admin.token);
    expect(claims.exp - claims.iat).toBe(900);
    expect(Object.keys(claims).sort()).toEqual(['accountId', 'exp', 'iat', 'jti', 'role', 'sid', 'sub']);
  });

  it('that was edited, expired, signed otherwise or not at all opens nothing', async () => {
    const { token } = desk.one.admin;
    const [head, body, signature] = token.split('.') as [string, string, string];
    const key = deriveKey(desk.context.config.secretKey, 'access token');
    const claims = payloadOf(token);
    const sign = (header: object, payload: object, secret: Buffer) => {
      const text = `${encode(header)}.${encode(payload)}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const forged = [
      `${head}.${encode({ ...claims, role: 'admin', accountId: desk.two.id })}.${signature}`,
      `${encode({ alg: 'none', typ: 'JWT' })}.${body}.`,
      `${encode({ alg: 'none' })}.${body}.${signature}`,
      sign({ typ: 'JWT', alg: 'HS256' }, claims, key),
      sign({ alg: 'HS256', typ: 'JWT' }, claims, Buffer.from('another key')),
      sign({ alg: 'HS256', typ: 'JWT' }, { ...claims, exp: claims.iat - 1 }, key),
      sign({ alg: 'HS256', typ: 'JWT' }, { sub: claims.sub }, key),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS512', typ: 'JWT' }).sign(key),
      `${token}.`,
      `${head}.${body}`,
      'Bearer',
      '...',
    ];
    for (const one of forged) expect((await me(one)).json, one).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await me(sign({ alg: 'HS256', typ: 'JWT' }, claims, key))).status).toBe(200);
  });

  it('does what the role allows now, not what it allowed when it was made', async () => {
    const { token, userId } = desk.two.admin;
    expect((await desk.api('GET', '/api-keys', { token })).status).toBe(200);
    await desk.db.sql("update members set role = 'viewer' where user_id = $1", [userId]);
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect((await desk.api('GET', '/api-keys', { token })).status).toBe(403);
    await desk.db.sql("update members set status = 'suspended' where user_id = $1", [userId]);
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect((await me(token)).status).toBe(401);
    await desk.db.sql("update members set role = 'admin', status = 'active' where user_id = $1", [userId]);
  });
});

describe('a refresh token', () => {
  it('gives a successor and is not good again after the grace: then the session ends', async () => {
    const { refreshToken: first } = (await login(desk.one.admin.email)).json;
    const second = await refresh(first);
    expect(second.status).toBe(200);
    expect(second.json.refreshToken).not.toBe(first);
    expect((await refresh(first)).json.refreshToken, 'the answer was lost').toBe(second.json.refreshToken);
    await desk.db.sql("update sessions set rotated_at = now() - interval '11 seconds'");
    expect((await refresh(first)).json).toMatchObject({ status: 401, code: 'unauthenticated' });
    expect((await refresh(second.json.refreshToken)).status).toBe(401);
    expect((await me(second.json.accessToken)).status).toBe(401);
  });

  it('used fifty times at once leaves one lineage, and an old one of it ends all', async () => {
    const { refreshToken } = (await login(desk.one.admin.email)).json;
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    const successors = new Set(answers.map(({ json }) => json.refreshToken));
    expect(successors.size).toBe(1);
    const [successor] = successors;
    const next = (await refresh(successor)).json;
    expect((await refresh(refreshToken)).status).toBe(401);
    expect((await refresh(next.refreshToken)).status).toBe(401);
    expect((await me(next.accessToken)).status).toBe(401);
  });

  it('that we did not make ends nobody', async () => {
    const { refreshToken } = (await login(desk.one.admin.email)).json;
    const bytes = Buffer.from(refreshToken, 'base64url');
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    for (const made of [bytes.toString('base64url'), 'nonsense', '', `${refreshToken}A`]) expect((await refresh(made)).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  it('that came as a cookie is not given to scripts, whatever they ask for', async () => {
    const opened = await desk.api('POST', '/auth/login', { body: { email: desk.one.agent.email, password: testPassword } });
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const answer = await desk.api('POST', '/auth/refresh', { body: { tokenDelivery: 'body' }, headers: { cookie, origin: desk.base } });
    expect(answer.status).toBe(200);
    expect(answer.json).not.toHaveProperty('refreshToken');
    expect(answer.headers.get('set-cookie')).toContain('guichet_refresh=');
  });

  it('as a cookie works from our own page only', async () => {
    const opened = await desk.api('POST', '/auth/login', { body: { email: desk.one.admin.email, password: testPassword } });
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const send = (headers: Record<string, string>) => desk.api('POST', '/auth/refresh', { body: {}, headers: { cookie, ...headers } });
    for (const origin of ['https://evil.example', 'null']) expect((await send({ origin })).status).toBe(403);
    expect((await send({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const own = await send({ origin: desk.base });
    expect(own.status).toBe(200);
    expect(own.headers.get('set-cookie')).toContain('guichet_refresh=');
    expect((await desk.api('POST', '/auth/refresh')).status).toBe(401);
  });

  it('is kept as a hash', async () => {
    const { refreshToken } = (await login(desk.one.admin.email)).json;
    await refresh(refreshToken);
    const rows = await desk.db.sql<{ text: string }>('select s::text as text from sessions s');
    expect(rows.map(({ text }) => text).join()).not.toContain(refreshToken);
  });
});

describe('a session', () => {
  it('that is ended stops at once, and its sockets are told', async () => {
    const closed: string[] = [];
    desk.context.realtime = { closeSession: (id) => closed.push(id) };
    const { accessToken } = (await login(desk.one.agent.email)).json;
    const { sessionId } = (await me(accessToken)).json;
    expect((await desk.api('POST', '/auth/logout', { token: accessToken })).status).toBe(204);
    expect((await me(accessToken)).status).toBe(401);
    expect(closed).toEqual([sessionId]);
    delete desk.context.realtime;
  });

  it('is listed with its device and can be ended from another one', async () => {
    const here = (await login(desk.one.agent.email)).json;
    const there = (await login(desk.one.agent.email)).json;
    const { items } = (await desk.api('GET', '/auth/sessions', { token: here.accessToken })).json;
    expect(items.filter((one: { current: boolean }) => one.current)).toHaveLength(1);
    const { sessionId } = (await me(there.accessToken)).json;
    expect((await desk.api('DELETE', `/auth/sessions/${sessionId}`, { token: here.accessToken })).status).toBe(204);
    expect((await me(there.accessToken)).status).toBe(401);
    expect((await me(here.accessToken)).status).toBe(200);
  });

  it('is listed page by page, and forgotten a month after its end', async () => {
    const { accessToken: token } = (await login(desk.one.agent.email)).json;
    await login(desk.one.agent.email);
    const first = (await desk.api('GET', '/auth/sessions?limit=1', { token })).json;
    const second = (await desk.api('GET', `/auth/sessions?limit=1&cursor=${first.nextCursor}`, { token })).json;
    expect(first.items[0].id > second.items[0].id).toBe(true);
    for (const limit of ['0', '101', 'many']) expect((await desk.api('GET', `/auth/sessions?limit=${limit}`, { token })).status).toBe(400);
    await desk.db.sql("update sessions set revoked_at = now() - interval '31 days' where id = $1", [first.items[0].id]);
    await desk.db.sql("update sessions set revoked_at = now() - interval '29 days' where id = $1", [second.items[0].id]);
    await sweepSessions(desk.db.database);
    const left = await desk.db.sql<{ id: string }>('select id from sessions where id = any($1)', [[first.items[0].id, second.items[0].id]]);
    expect(left).toEqual([{ id: second.items[0].id }]);
  });

  it('of somebody else is not there', async () => {
    const mine = (await me(desk.one.admin.token)).json.sessionId;
    for (const token of [desk.one.agent.token, desk.two.agent.token])
      expect((await desk.api('DELETE', `/auth/sessions/${mine}`, { token })).status).toBe(404);
    expect((await me(desk.one.admin.token)).status).toBe(200);
  });

  it('ends with all others of the person', async () => {
    const one = (await login(desk.two.viewer.email)).json;
    const other = (await login(desk.two.viewer.email)).json;
    expect((await desk.api('POST', '/auth/logout-all', { token: one.accessToken })).status).toBe(204);
    for (const { accessToken, refreshToken } of [one, other]) {
      expect((await me(accessToken)).status).toBe(401);
      expect((await refresh(refreshToken)).status).toBe(401);
    }
    expect((await me(desk.two.viewer.token)).status).toBe(401);
  });
});

it('a suspended account can be read and not be changed', async () => {
  const { token } = desk.one.admin;
  await desk.db.sql("update accounts set status = 'suspended' where id = $1", [desk.one.id]);
  await new Promise((resolve) => setTimeout(resolve, 900));
  expect((await desk.api('GET', '/inboxes', { token })).status).toBe(200);
  expect((await desk.api('POST', '/inboxes', { token, body: {} })).json).toMatchObject({ status: 403, code: 'account_read_only' });
  await desk.db.sql("update accounts set status = 'active' where id = $1", [desk.one.id]);
});
