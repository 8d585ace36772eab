import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { readOperations } from '../../test/support/openapi.ts';

let desk: TestApp;
let secure: TestApp;
let routes: { method: string; url: string }[];
/** Addresses with a form or a chat behind them. */
let formPath = '';
let chatPath = '';
const evil = 'https://evil.example';

beforeAll(async () => {
  desk = await testApp();
  secure = await testApp({ GUICHET_PUBLIC_URL: 'https://desk.example' });
  const make = async (channel: string) => {
    const body = { channel, name: channel, settings: { allowedOrigins: ['https://shop.example'] } };
    return new URL((await desk.api('POST', '/inboxes', { token: desk.one.admin.token, body })).json.hookUrl).pathname.split('/').at(-1);
  };
  formPath = `/forms/${await make('form')}`;
  chatPath = `/chat/${await make('webchat')}`;
  routes = readRoutes(desk.app.printRoutes({ commonPrefix: false }));
}, 60_000);
afterAll(async () => {
  await desk.close();
  await secure.close();
});

/** "├── /a (GET, HEAD)", each step deeper by four characters. */
function readRoutes(printed: string): { method: string; url: string }[] {
  const trail: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const match = /^((?:[│ ] {3})*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (!match) return [];
    const [, indent = '', part = '', methods] = match;
    trail.length = indent.length / 4;
    trail.push(part);
    const url = trail.join('');
    return (methods ?? '')
      .split(', ')
      .filter((method) => method !== '' && method !== 'HEAD')
      .map((method) => ({ method, url }));
  });
}

const addressOf = (url: string) =>
  url
    .replace('/forms/:formKey', formPath)
    .replace('/chat/:inboxKey', chatPath)
    .replace('*', 'x')
    .replaceAll(/:[A-Za-z]+/g, '0193a000-0000-7000-8000-000000000000');

describe('every route', () => {
  it('is found', () => {
    expect(routes.length).toBeGreaterThan(80);
    for (const url of [
      '/health/ready',
      '/api/v1/auth/login',
      '/forms/:formKey',
      '/chat/:inboxKey',
      '/hooks/:inboxKey',
      '/api/docs',
      '/widget.js',
    ])
      expect(routes.map((route) => route.url)).toContain(url);
  });

  it.each([
    ['a stranger', undefined],
    ['a member', 'member'],
  ])(
    'answers %s with its armour on, whatever it answers',
    async (_name, who) => {
      const wrong: string[] = [];
      for (const { method, url } of routes) {
        if (who === 'member' && /logout|sessions|switch/.test(url)) continue;
        const token = who === 'member' ? { token: desk.one.viewer.token } : {};
        const body = ['GET', 'OPTIONS', 'DELETE'].includes(method) ? {} : { body: {} };
        const answer = await desk.call(method, addressOf(url), { ...token, ...body, headers: { origin: evil, host: 'evil.example' } });
        const missing = Object.entries({
          'x-content-type-options': /^nosniff$/,
          'referrer-policy': /^(no-referrer|same-origin)$/,
          'cross-origin-opener-policy': /^same-origin$/,
          'cross-origin-resource-policy': /^(same-origin|cross-origin)$/,
          'permissions-policy': /camera=\(\).*geolocation=\(\)/,
          'content-security-policy': /default-src 'none'.*frame-ancestors/,
          'x-request-id': /./,
        }).flatMap(([name, pattern]) => (pattern.test(answer.headers.get(name) ?? '') ? [] : [name]));
        const { headers } = answer;
        if (/unsafe-inline|unsafe-eval|\*|https?:\/\/(?!shop\.example)/.test(headers.get('content-security-policy') ?? ''))
          missing.push('a strict policy');
        if (url.startsWith('/api/v1') && headers.get('cache-control') !== 'no-store') missing.push('no-store');
        if (headers.get('access-control-allow-origin') !== null) missing.push('no access for other sites');
        if (headers.get('access-control-allow-credentials') !== null) missing.push('no credentials for other sites');
        if (headers.get('server') !== null || headers.get('x-powered-by') !== null) missing.push('no name of what serves');
        if ((answer.text + JSON.stringify([...headers])).includes('evil.example')) missing.push('no trace of a foreign host');
        if (missing.length > 0) wrong.push(`${method} ${url} (${answer.status}): ${missing.join(', ')}`);
      }
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it('asks browsers for https where the desk has it, and only there', async () => {
    expect((await desk.call('GET', '/health/live')).headers.get('strict-transport-security')).toBeNull();
    const wrong: string[] = [];
    for (const { method, url } of routes) {
      const answer = await secure.call(method, url.replace('*', 'x').replaceAll(/:[A-Za-z]+/g, 'nothing'));
      if (answer.headers.get('strict-transport-security') !== 'max-age=31536000') wrong.push(`${method} ${url}`);
    }
    expect(wrong).toEqual([]);
  });
});

it('what is no route, no address or no HTTP wears it too, and so do the sockets', async () => {
  for (const path of ['/nothing', '/api/v1/%ff', '/%ff', '/socket.io/?EIO=4&transport=polling', '/socket.io/?EIO=9'])
    expect(Object.fromEntries((await raw('GET', path)).headers), path).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  expect(await exchange('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400[\s\S]*x-content-type-options: nosniff/);
  expect(await exchange(`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431[\s\S]*"status":431/);
});

it('a connection whose headers trickle is answered and closed, others are not kept waiting', async () => {
  const trickle = exchange('GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: ', 1_000);
  expect((await desk.call('GET', '/health/live')).status).toBe(200);
  const start = performance.now();
  expect(await trickle).toMatch(/^HTTP\/1\.1 408[\s\S]*"code":"validation_error"/);
  expect(performance.now() - start).toBeLessThan(25_000);
}, 40_000);

describe('a page of another site', () => {
  it('can make no browser call a public operation that changes something', async () => {
    const open = (await readOperations(desk)).filter(({ access, method }) => access === 'public' && method !== 'GET');
    expect(open.length).toBeGreaterThan(3);
    for (const { method, path, name } of open)
      for (const app of [desk, secure])
        for (const headers of [
          { origin: evil },
          { origin: 'null' },
          { 'sec-fetch-site': 'cross-site' },
          { 'sec-fetch-site': 'same-site' },
          { origin: 'https://desk.example.evil.example' },
        ])
          expect((await app.call(method, path, { body: {}, headers })).json, `${name} ${JSON.stringify(headers)}`).toMatchObject({
            status: 403,
            code: 'forbidden',
          });
    // Under https the name in the address bar is the one that was configured; a Host of their own helps nobody.
    const host = await raw(
      'POST',
      '/api/v1/auth/login',
      { origin: 'https://evil.example', host: 'evil.example', 'content-type': 'application/json' },
      '{}',
      secure,
    );
    expect(host.status).toBe(403);
    expect((await secure.api('POST', '/auth/login', { body: {}, headers: { origin: 'https://desk.example' } })).status).toBe(400);
  });

  it('reads a form or a chat only when it is listed, exactly', async () => {
    const seen = async (path: string, origin: string, method = 'OPTIONS') =>
      (await desk.call(method, path, { headers: { origin, 'access-control-request-method': 'POST' } })).headers.get(
        'access-control-allow-origin',
      );
    for (const path of [formPath, `${chatPath}/sessions`, `${chatPath}/messages`]) {
      expect(await seen(path, 'https://shop.example'), path).toBe('https://shop.example');
      for (const origin of [
        evil,
        'http://shop.example',
        'https://shop.example.evil.example',
        'https://shop.example:8443',
        'https://SHOP.example',
        'null',
      ])
        expect(await seen(path, origin), `${path} ${origin}`).toBeNull();
    }
  });
});

describe('a body', () => {
  const login = (headers: Record<string, string>, body: string) => desk.api('POST', '/auth/login', { raw: body, headers });
  it.each([
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-type': 'application/json;charset="utf-7"' },
    { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    { 'content-type': 'application/merge-patch+json' },
    { 'content-type': 'text/json' },
  ])('sent as %j is not taken', async (headers) => {
    expect((await login(headers, '{}')).json).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it.each(['application/json', 'application/json; charset=UTF-8', 'Application/JSON;charset="utf-8"'])(
    'sent as %s is read',
    async (type) => {
      expect((await login({ 'content-type': type }, '{}')).status).toBe(400);
    },
  );

  it('cannot rename its method', async () => {
    for (const name of ['x-http-method-override', 'x-method-override', 'x-http-method'])
      expect((await desk.api('POST', '/auth/login?_method=DELETE', { body: {}, headers: { [name]: 'DELETE' } })).status).toBe(400);
  });
});

interface Raw {
  status: number;
  headers: [string, string][];
}

/** fetch repairs paths and forbids some headers, so what is odd goes out by hand. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = '', app = desk): Promise<Raw> {
  const { hostname, port } = new URL(app.base);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, method, headers }, (response) => {
      response.resume();
      resolve({
        status: response.statusCode ?? 0,
        headers: Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
      });
    })
      .on('error', reject)
      .end(body);
  });
}

/** Writes to a bare connection, then a letter now and then when asked to, and reads until it is closed. */
function exchange(text: string, trickleMs?: number): Promise<string> {
  const { port } = new URL(desk.base);
  return new Promise((resolve) => {
    let read = '';
    const timer = trickleMs === undefined ? undefined : setInterval(() => socket.write('a'), trickleMs);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.on('data', (chunk) => (read += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(timer);
      resolve(read);
    });
  });
}
