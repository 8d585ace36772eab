import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../server/db/id.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Body, type Operation, readOperations, sampleBody } from '../support/openapi.ts';

let desk: TestApp;
let operations: Operation[];
beforeAll(async () => {
  desk = await testApp();
  operations = await readOperations(desk);
});
afterAll(() => desk.close());

const requestsMin = 3_000;
const junk: unknown[] = [
  null, true, 0, -1, 1.5, 1e308, 9e15, '', ' ', 'a\u0000b', '\ud800', '\u202e', 'x'.repeat(70_000), '%00', "'; drop table users; --", '${7*7}',
  '2026-02-30T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-00-00', '00000000-0000-0000-0000-000000000000', 'NaN', [], [[]], {}, [null], { $ne: 1 }, { toString: 1 }, { length: 9e9 }, ['a', 1, {}],
]; // biome-ignore format: a table
const types = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  '',
];
const rawBodies = [
  '{', '[]', 'null', '"text"', '{"a":1}{"b":2}', '\ufeff{}', '{"__proto__":{"a":1}}', '['.repeat(5_000), `{"a":${'['.repeat(31)}1${']'.repeat(31)}}`,
  Buffer.from([0xff, 0xfe, 0x00]), Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), '{"a":"\\ud800"}', '{"a":1e999}', `{"${'k'.repeat(60_000)}":1}`,
]; // biome-ignore format: a table

/** Numbers that look random and are the same in every run. */
function createRandom(seed: number) {
  let state = seed;
  return (max: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * max);
  };
}
type Random = ReturnType<typeof createRandom>;

interface Bad {
  method: string;
  path: string;
  body?: unknown;
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

it('three thousand bad requests get an answer below 500, each within two seconds, and the server goes on', async () => {
  const random = createRandom(42);
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let sent = 0;
  let token = '';
  for (let round = 0; sent < requestsMin; round += 1) {
    for (const operation of operations) {
      // A session has its own limit, and some of what is sent ends it.
      if (sent % 200 === 0 || isSessionEnding(operation)) token = await signInAgain();
      const bad = spoilRequest(operation, random);
      const start = performance.now();
      const answer = await desk.call(bad.method, bad.path, { token, ...bad });
      const took = performance.now() - start;
      sent += 1;
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const isProblem = answer.status < 400 || answer.headers.get('content-type') === 'application/problem+json';
      if (answer.status >= 500 || took > 2_000 || !isProblem)
        wrong.push(`${operation.name} ${JSON.stringify(bad).slice(0, 300)}: ${answer.status} in ${Math.round(took)} ms`);
    }
  }
  expect(wrong).toEqual([]);
  // Most of it has to reach what it is meant to break: a wall in front would prove nothing.
  const walled = (statuses.get(401) ?? 0) + (statuses.get(429) ?? 0);
  expect(walled / sent, JSON.stringify([...statuses])).toBeLessThan(0.25);
  expect((await desk.call('GET', '/health')).status).toBe(200);
}, 240_000);

/** A bad request may be good enough to change the password: it is put back. */
async function signInAgain(): Promise<string> {
  const { admin, agent } = desk.one;
  await desk.db.sql('update users set password_hash = (select password_hash from users where id = $2) where id = $1', [
    admin.userId,
    agent.userId,
  ]);
  return desk.signIn(admin.email);
}

const isSessionEnding = ({ id }: Operation) => /logout|endSession|password|switch/i.test(id);

function spoilRequest(operation: Operation, random: Random): Bad {
  const pick = () => junk[random(junk.length)];
  const path = operation.pathWith(() => (random(3) ? newId() : encodeURIComponent(String(junk[random(15)]).toWellFormed().slice(0, 300))));
  const bad: Bad = { method: operation.method, path: path + spoilQuery(operation, random) };
  if (operation.method === 'GET') return random(8) ? bad : { ...bad, headers: spoilHeaders(random) };
  if (random(8) === 0) {
    const type = types[random(types.length)] ?? '';
    return { ...bad, raw: rawBodies[random(rawBodies.length)] ?? '', headers: type ? { 'content-type': type } : {} };
  }
  const headers = random(6) ? {} : spoilHeaders(random);
  return { ...bad, body: spoilBody(sampleOf(operation, random), random, pick), headers };
}

/** What the document shows, or what its schema asks for: something that would be right but for the spoilt place. */
function sampleOf(operation: Operation, random: Random): Body | undefined {
  const { examples } = operation;
  return examples.length > 0 && random(2) ? examples[random(examples.length)] : sampleBody(operation.body, newId);
}

function spoilQuery({ queries }: Operation, random: Random): string {
  if (random(2)) return '';
  const names = queries.length > 0 && random(5) ? queries : ['limit', 'cursor', 'q', 'nothing', '__proto__', 'limit[]'];
  const name = names[random(names.length)] ?? 'limit';
  const value = junk[random(junk.length)];
  const text = encodeURIComponent(typeof value === 'string' ? value.toWellFormed().slice(0, 3_000) : JSON.stringify(value));
  return random(6) ? `?${name}=${text}` : `?${name}=${text}&${name}=${text}`;
}

function spoilHeaders(random: Random): Record<string, string> {
  const headers: Record<string, string>[] = [
    { 'idempotency-key': 'x'.repeat(300) },
    { 'idempotency-key': 'a b' },
    { 'x-request-id': 'x'.repeat(2_000) },
    { 'x-forwarded-for': '1.2.3.4, unknown, ::1' },
    { origin: 'null' },
    { 'accept-language': '*;q=9,\u00e9' },
    { 'if-none-match': '"'.repeat(500) },
    { 'x-http-method-override': 'DELETE' },
    { cookie: `guichet_refresh=${'%'.repeat(200)}; =; a` },
    { accept: 'text/html;q=0.1,*/*;q=x' },
  ];
  return headers[random(headers.length)] ?? {};
}

/** One place of a body, at any depth, becomes something else. */
function spoilBody(body: Body | undefined, random: Random, pick: () => unknown): unknown {
  if (!body || random(10) === 0) return pick();
  const names = Object.keys(body);
  const name = names[random(names.length)];
  if (name === undefined || random(6) === 0)
    return { ...body, [['__proto__x', 'constructor', 'extra', 'id'][random(4)] ?? 'extra']: pick() };
  const value = body[name];
  const isNested = value !== null && typeof value === 'object' && !Array.isArray(value);
  return { ...body, [name]: isNested && random(3) ? spoilBody(value as Body, random, pick) : pick() };
}

it.each([
  ['two lengths', 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 40\r\n\r\n{}'],
  [
    'a length and chunks',
    'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a broken chunk', 'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['no host', 'GET /health HTTP/1.1\r\n\r\n'],
  ['a header of 80 kB', `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(80_000)}\r\n\r\n`],
  ['an address of 80 kB', `GET /${'a'.repeat(80_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['bytes that are no request', '\u0016\u0003\u0001 hello\r\n\r\n'],
  ['a method that nobody knows', 'BREW /health HTTP/1.1\r\nHost: x\r\n\r\n'],
])('a connection with %s is answered below 500 or closed, and the next one works', async (_name, text) => {
  const answer = await exchange(text);
  expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d|$)/);
  expect((await desk.call('GET', '/health')).status).toBe(200);
});

/** Writes to a bare connection and reads until it is closed, or for two seconds. */
function exchange(text: string): Promise<string> {
  const { port } = new URL(desk.base);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text, 'latin1'));
    let read = '';
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (chunk) => {
      read += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(read.slice(0, 200)));
  });
}
