import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { buildApp } from '../app.ts';
import { createContext } from '../context.ts';
import { createDatabase } from '../db/pool.ts';
import { createMetrics } from '../probes/metrics.ts';
import { requireDeclaredAccess } from './access.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const login = (options: object) => desk.api('POST', '/auth/login', options);
const json = { 'content-type': 'application/json' };

describe('a route', () => {
  it('that does not say who may call it stops the start', () => {
    const app = Fastify();
    requireDeclaredAccess(app);
    expect(() => app.get('/open', async () => 'anybody')).toThrow('GET /open does not declare its access');
  });

  it('asks strangers for a credential, whether it exists or not', async () => {
    for (const path of ['/inboxes', '/members', '/nothing', '/inboxes/nothing', '/', '', '/auth/nothing']) {
      expect((await desk.api('GET', path)).json, path).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
    expect((await desk.api('GET', '/nothing', { token: desk.one.admin.token })).json).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('says which methods it takes to those who are signed in', async () => {
    const answer = await desk.api('PUT', '/inboxes', { token: desk.one.admin.token });
    expect(answer.json).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(answer.headers.get('allow')).toContain('POST');
    expect((await desk.api('PUT', '/inboxes')).status).toBe(401);
  });
});

describe('bad input', () => {
  it('of the wrong shape names each field', async () => {
    const answer = await login({ body: { email: ['a'], password: { $ne: 1 }, admin: true } });
    expect(answer.json).toMatchObject({ status: 400, code: 'validation_error' });
    expect(answer.json.errors.map((error: { path: string }) => error.path).sort()).toEqual(['admin', 'email', 'password']);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json.requestId).toBe(answer.headers.get('x-request-id'));
  });

  it.each([
    ['half of a document', '{"a"'],
    ['nothing but text', 'hello'],
    ['a prototype', '{"__proto__":{"isAdmin":true},"email":"a@b.fr","password":"x"}'],
    ['a constructor', '{"constructor":{"prototype":{}},"email":"a@b.fr","password":"x"}'],
    ['forty levels', `${'['.repeat(40)}${']'.repeat(40)}`],
  ])('that is JSON with %s is malformed', async (_name, raw) => {
    expect((await login({ raw, headers: json })).json).toMatchObject({ status: 400, code: 'malformed_json' });
  });

  it.each([
    ['text/csv'],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['application/jsonx'],
  ])('of type %s is not taken', async (type) => {
    expect((await login({ raw: 'a=b', headers: { 'content-type': type } })).json).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  it('that is too large is refused', async () => {
    expect((await login({ raw: JSON.stringify({ email: 'a'.repeat(2_000_000) }), headers: json })).json).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
  });

  it('with NUL or half a character is refused before the database sees it', async () => {
    const { token } = desk.one.admin;
    expect((await login({ body: { email: 'a\u0000@b.fr', password: 'x' } })).status).toBe(400);
    for (const name of ['a\u0000b', 'a\ud800b']) {
      expect((await desk.api('POST', '/inboxes', { token, body: { channel: 'form', name, settings: {} } })).json.errors[0].path).toBe(
        'name',
      );
    }
  });

  it('in an id, a cursor or a limit is 404 or 400', async () => {
    const { token } = desk.one.admin;
    const unknown = await desk.api('GET', '/inboxes/0193a000-0000-7000-8000-000000000000', { token });
    for (const id of ['not-a-uuid', '%00', '1%27--', 'x'.repeat(500)]) {
      const answer = await desk.api('GET', `/inboxes/${id}`, { token });
      expect(answer.json, id).toMatchObject({ status: 404, code: 'not_found', title: unknown.json.title });
    }
    for (const query of ['cursor=%00%ff', 'cursor=abc', 'limit=-1', 'limit=0', 'limit=101', 'limit=x', 'limit=1&limit=2', 'more=1']) {
      expect((await desk.api('GET', `/inboxes?${query}`, { token })).json, query).toMatchObject({ status: 400, code: 'validation_error' });
    }
  });

  it('a changed cursor, or one of another list, is not taken', async () => {
    const { token } = desk.one.admin;
    const { nextCursor } = (await desk.api('GET', '/members?limit=1', { token })).json;
    expect((await desk.api('GET', `/members?cursor=${nextCursor}`, { token })).status).toBe(200);
    const changed = nextCursor.slice(0, 20) + (nextCursor[20] === 'A' ? 'B' : 'A') + nextCursor.slice(21);
    expect((await desk.api('GET', `/members?cursor=${changed}`, { token })).status).toBe(400);
    expect((await desk.api('GET', `/inboxes?cursor=${nextCursor}`, { token })).status).toBe(400);
  });

  it('that is not even HTTP gets a problem too', async () => {
    const { port } = new URL(desk.base);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400[\s\S]*application\/problem\+json[\s\S]*"code":"validation_error"/);
    expect(await rawStatus('/%ff')).toBe(404);
    expect(await rawStatus('/api/v1/%ff')).toBe(401);
  });
});

describe('every answer', () => {
  it('echoes a harmless request id and replaces any other', async () => {
    const answered = async (id: string) =>
      (await desk.api('GET', '/setup/state', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await answered('job-42.a:b_c')).toBe('job-42.a:b_c');
    for (const id of ['x'.repeat(65), 'a b', '<script>']) expect(await answered(id)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of the API is not kept by anybody and not guessed at', async () => {
    for (const path of ['/setup/state', '/nothing', '/openapi.json']) {
      const { headers } = await desk.api('GET', path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('is 503 with a time to come back while the database is away', async () => {
    const nowhere = 'postgresql://guichet_app:x@127.0.0.1:1/guichet';
    const database = createDatabase({ appUrl: nowhere, jobUrl: nowhere });
    const app = await buildApp(createContext(desk.context.config, desk.context.log, database, createMetrics()));
    for (const [url, authorization] of [
      ['/api/v1/inboxes', `Bearer ${desk.one.admin.token}`],
      ['/api/v1/setup/state', ''],
      ['/hooks/a-key-that-nobody-has', ''],
    ] as const) {
      const answer = await app.inject({ url, headers: { authorization } });
      expect(answer.json(), url).toMatchObject({ status: 503, code: 'unavailable' });
      expect(answer.headers['retry-after']).toBe('2');
    }
    await app.close();
    await database.close();
  });
});

describe('the document of the API', () => {
  it('is OpenAPI 3.1 and says who may call each operation', async () => {
    const { json: document } = await desk.api('GET', '/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path as Record<string, Record<string, unknown>>));
    expect(operations.length).toBeGreaterThan(15);
    for (const operation of operations) {
      expect(operation['operationId']).toMatch(/^[a-z][A-Za-z]+$/);
      expect(operation['x-permission']).toBeTypeOf('string');
      expect(operation['summary']).toBeTypeOf('string');
    }
    expect(new Set(operations.map((operation) => operation['operationId'])).size).toBe(operations.length);
  });

  it('can be read by people, without a script', async () => {
    const page = await desk.call('GET', '/api/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.text).toContain('/api/v1/conversations/{id}');
    expect(page.text).not.toContain('<script');
  });

  it('lists exactly these operations as open to strangers', async () => {
    const { json: document } = await desk.api('GET', '/openapi.json');
    const open = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Record<string, unknown>>).flatMap(([method, operation]) =>
        operation['x-permission'] === 'public' ? [`${method} ${path}`] : [],
      ),
    );
    expect(open.sort()).toEqual([
      'get /api/v1/auth/oidc/{provider}/callback',
      'get /api/v1/auth/oidc/{provider}/start',
      'get /api/v1/auth/ways',
      'get /api/v1/files/{id}',
      'get /api/v1/setup/state',
      'post /api/v1/auth/email-change/consume',
      'post /api/v1/auth/email-verification/consume',
      'post /api/v1/auth/login',
      'post /api/v1/auth/magic-link',
      'post /api/v1/auth/magic-link/consume',
      'post /api/v1/auth/passkey',
      'post /api/v1/auth/passkey/options',
      'post /api/v1/auth/password-reset',
      'post /api/v1/auth/password-reset/consume',
      'post /api/v1/auth/refresh',
      'post /api/v1/invitations/accept',
      'post /api/v1/invitations/preview',
      'post /api/v1/setup/account',
    ]);
  });
});

it('a sign-in from another site is refused', async () => {
  const body = { email: desk.one.admin.email, password: testPassword };
  expect((await login({ body, headers: { origin: 'https://evil.example' } })).json).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await login({ body, headers: { origin: desk.base } })).status).toBe(200);
});

/** fetch repairs paths, so what is broken goes out by hand. */
function rawStatus(path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(desk.base);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
