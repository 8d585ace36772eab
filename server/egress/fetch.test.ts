import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AllowedPlace, parseAllowedPlace } from './allowed.ts';
import { createEgress, EgressError, type Resolve } from './fetch.ts';

/** What must never be reached: a server on every address of this machine that counts who connects. */
let captured = 0;
let inside: Server;
let insidePort = 0;
/** What stands for the internet: another address of this machine, which the test's operator opened. */
let outside: Server;
let outsidePort = 0;
let seen: { url: string; method: string; headers: Record<string, unknown>; body: string }[] = [];
let respond: (request: IncomingMessage, response: ServerResponse) => void;

const listen = (server: Server, host: string) =>
  new Promise<number>((resolve) => server.listen(0, host, () => resolve((server.address() as AddressInfo).port)));

beforeAll(async () => {
  inside = createServer((_request, response) => response.end('secret')).on('connection', () => (captured += 1));
  insidePort = await listen(inside, '::');
  outside = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', method: request.method ?? '', headers: request.headers, body });
      respond(request, response);
    });
  });
  outsidePort = await listen(outside, '127.0.0.5');
});
afterAll(() => {
  for (const server of [inside, outside]) {
    server.closeAllConnections();
    server.close();
  }
});
beforeEach(() => {
  captured = 0;
  seen = [];
  respond = (_request, response) => response.end('hello');
});

const place = (text: string) => parseAllowedPlace(text) as AllowedPlace;
/** Every name is on the "internet" unless the table says where else it is. */
const resolver = (table: Record<string, string[][]> = {}): Resolve & { asked: string[] } => {
  const asked: string[] = [];
  const resolve: Resolve = (host, done) => {
    const answers = table[host] ?? [['127.0.0.5']];
    const answer = answers[Math.min(asked.filter((one) => one === host).length, answers.length - 1)] ?? [];
    asked.push(host);
    done(
      null,
      answer.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { asked });
};
/** Ports of the stand-ins are open as if the operator had opened them for the whole internet. */
const egressWith = (resolve: Resolve = resolver(), more: object = {}) =>
  createEgress({ allow: [place(`127.0.0.5:${outsidePort}`), place(`*:${insidePort}`)], resolve, ...more });

const hosts = [
  // this machine
  '127.0.0.1', '127.0.0.1.', '127.1', '127.0.1', '127.000.000.001', '127.255.255.254', '127.0.0.53', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '0x7f.0x0.0x0.0x1', '0177.0.0.1', '0177.0.0.0x1', '0x7F.1.', '127.0x1', '127.0.0x1', '00000177.0.0.1', '0', '0.0.0.0', '0.0.0.0.', '0x0', '00', '0.1', '0.0.0.1', '0.255.255.255',
  // written with other digits and dots
  '１２７.0.0.1', '１２７．０．０．１', '①②⑦.⓪.⓪.①', '127。0。0。1', '127｡0｡0｡1', '%31%32%37.0.0.1', '127%2e0%2e0%2e1', '0x7f%2e1', '１６９.254.169.254', '169。254。169。254',
  // the machine's metadata, and links
  '169.254.169.254', '169.254.169.254.', '2852039166', '0xa9fea9fe', '0xa9.0xfe.0xa9.0xfe', '025177524776', '0251.0376.0251.0376', '169.16689662', '169.254.43518', '169.254.170.2', '169.254.0.1', '0xA9FEA9FE', '100.100.100.200', '192.0.0.192', '168.63.129.16'.replace('168.63.129.16', '100.64.0.1'),
  // private networks and what is no address of anybody
  '10.0.0.1', '10.255.255.255', '10.1', '0xa.1', '012.1', '167772161', '172.16.0.1', '172.31.255.254', '172.16.1', '192.168.0.1', '192.168.1', '192.168.255.255', '3232235521', '0xc0a80001', '100.64.0.1', '100.127.255.254', '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.7', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255', '4294967295', '0xffffffff', '037777777777',
  // IPv6, and IPv4 in it
  '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', '[0000:0000:0000:0000:0000:0000:0000:0001]', '[::0001]', '[0::1]', '[::127.0.0.1]', '[::7f00:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::FFFF:7F00:0001]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::ffff:0.0.0.0]', '[::ffff:169.254.169.254]', '[::ffff:a9fe:a9fe]', '[::ffff:10.0.0.1]', '[::ffff:192.168.0.1]', '[::ffff:0:127.0.0.1]', '[64:ff9b::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::a9fe:a9fe]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:7f00:0001::1]', '[2002:a9fe:a9fe::1]', '[2001::1]', '[2001:0:7f00:1::]', '[2001:db8::1]', '[100::1]', '[fc00::1]', '[fd00::1]', '[fd00:ec2::254]', '[fdff:ffff::1]', '[fe80::1]', '[febf::1]', '[fec0::1]', '[ff02::1]', '[ff05::2]', '[5f00::1]', '[3fff::1]', '[4000::1]', '[8000::1]',
  // names that resolve here
  'localhost', 'LOCALHOST', 'localhost.', 'ｌocalhost', 'app.localhost', 'inside.example', 'INSIDE.example', 'inside.example.', 'six.example', 'mapped.example', 'meta.example', 'zone.example', 'nat64.example',
]; // biome-ignore format: a table

const names: Record<string, string[][]> = {
  localhost: [['127.0.0.1', '::1']], 'localhost.': [['127.0.0.1']], 'app.localhost': [['::1']], 'inside.example': [['127.0.0.1']], 'inside.example.': [['10.0.0.8', '127.0.0.1']], 'six.example': [['::1']], 'mapped.example': [['::ffff:127.0.0.1']], 'meta.example': [['169.254.169.254']], 'zone.example': [['fe80::1%lo']], 'nat64.example': [['64:ff9b::7f00:1']],
}; // biome-ignore format: a table

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => 'fetched',
    (error: unknown) => (error instanceof EgressError ? error.reason : String(error)),
  );

describe('an address that is not on the internet', () => {
  it(`is not connected to, in ${hosts.length * 2} spellings`, async () => {
    expect(hosts.length * 2).toBeGreaterThanOrEqual(120);
    const egress = egressWith(resolver(names));
    const outcomes = new Map<string, string>();
    for (const host of hosts)
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://${host}:${insidePort}/latest/meta-data/`;
        outcomes.set(url, await reasonOf(egress(url)));
      }
    expect([...outcomes].filter(([, outcome]) => !['address', 'url'].includes(outcome))).toEqual([]);
    expect(captured).toBe(0);
    // The server is there: an operator who opens it reaches it.
    const open = createEgress({ allow: [place(`127.0.0.0/8:${insidePort}`)], resolve: resolver(names) });
    for (const host of ['127.1', '0x7f.1', '127。0。0。1', 'inside.example'])
      expect(await (await open(`http://${host}:${insidePort}/`)).text()).toBe('secret');
    expect(captured).toBe(4);
  });

  it('is not connected to by way of a redirect', async () => {
    const egress = egressWith(resolver(names));
    for (const host of hosts) {
      respond = (_request, response) => response.writeHead(302, { location: encodeURI(`http://${host}:${insidePort}/`) }).end();
      expect(await reasonOf(egress(`http://public.example:${outsidePort}/`)), host).toMatch(/^(address|url)$/);
    }
    expect(captured).toBe(0);
  });

  it('is not connected to when a name changes its answer from one look to the next', async () => {
    const rebinding = resolver({ 'rebind.example': [['127.0.0.5'], ['127.0.0.1']] });
    const egress = egressWith(rebinding, { allow: [place('127.0.0.5'), place(`*:${insidePort}`)] });
    expect(await (await egress(`http://rebind.example:${outsidePort}/`)).text()).toBe('hello');
    // One look for one connection: there is no second answer to be deceived by.
    expect(rebinding.asked).toEqual(['rebind.example']);
    expect(await reasonOf(egress(`http://rebind.example:${insidePort}/`))).toBe('address');
    expect(captured).toBe(0);
  });

  it('is left out where a name has public addresses too', async () => {
    const egress = egressWith(resolver({ 'both.example': [['127.0.0.1', '127.0.0.5', '::1']] }));
    expect((await egress(`http://both.example:${outsidePort}/`)).status).toBe(200);
    expect(captured).toBe(0);
  });
});

it.each([
  'ftp://public.example/', 'file:///etc/passwd', 'gopher://public.example/', 'data:text/plain,a', 'javascript:1', 'ws://public.example/', 'unix:/run/x', '//public.example/', '/path', '', 'http://', 'http://a b/', 'http://user:password@public.example/', 'http://user@public.example/', 'http://[::1', 'http://1.2.3.4.5.6.7.8.9:99999/', 'http://[::1%25lo]/',
])('%s is no address to fetch', async (url) => {
  expect(await reasonOf(egressWith()(url))).toBe('url');
  expect(seen).toEqual([]);
}); // biome-ignore format: a table

it('other ports than 80 and 443 are closed unless the operator opened them', async () => {
  const at = (allow: string[]) =>
    reasonOf(createEgress({ allow: allow.map(place), resolve: resolver() })(`http://public.example:${outsidePort}/`));
  expect(await at([])).toBe('address');
  expect(await at([`127.0.0.5:${outsidePort + 1}`])).toBe('address');
  expect(await at([`127.0.0.5:${outsidePort}`])).toBe('fetched');
  expect(await at(['127.0.0.0/28'])).toBe('fetched');
  expect(await at([`Public.Example:${outsidePort}`])).toBe('fetched');
  expect(await at(['public.example.'])).toBe('fetched');
  expect(await at(['blic.example'])).toBe('address');
  // A port of the internet is not a port of this machine.
  expect(await at([`*:${outsidePort}`])).toBe('address');
});

it.each(['10.0.0.0/33', 'a/8', '*', 'a b', 'host:0', 'host:70000', 'http://host', '[fd00::/129]', '-a', ''])('%s opens nothing', (text) => {
  expect(parseAllowedPlace(text)).toBeUndefined();
});

describe('a redirect', () => {
  const secrets = { authorization: 'Bearer secret', cookie: 'a=b', 'x-api-key': 'secret', accept: 'text/plain' };
  const other = () => `http://other.example:${outsidePort}/there`;

  it('to another host goes without the credentials, on the same host with them', async () => {
    respond = (request, response) =>
      request.url === '/there'
        ? response.end('there')
        : response.writeHead(302, { location: request.url === '/a' ? other() : '/there' }).end();
    const egress = egressWith();
    await egress(`http://public.example:${outsidePort}/a`, { headers: secrets });
    expect(Object.keys(seen[1]?.headers ?? {})).not.toEqual(expect.arrayContaining(['authorization']));
    expect(JSON.stringify(seen[1])).not.toContain('secret');
    expect(seen[1]?.headers).toMatchObject({ accept: 'text/plain', host: `other.example:${outsidePort}` });
    await egress(`http://public.example:${outsidePort}/b`, { headers: secrets });
    expect(seen[3]?.headers).toMatchObject(secrets);
  });

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'a=1'],
    [308, 'POST', 'a=1'],
  ])('of a POST by %d becomes a %s', async (status, method, body) => {
    respond = (request, response) => (request.url === '/there' ? response.end() : response.writeHead(status, { location: '/there' }).end());
    await egressWith()(`http://public.example:${outsidePort}/`, { method: 'POST', body: new URLSearchParams({ a: '1' }) });
    expect(seen[1]).toMatchObject({ method, body });
    expect(seen[1]?.headers['content-type'] === undefined).toBe(method === 'GET');
  });

  it('is followed three times and not a fourth time; not at all for who wants to see it', async () => {
    respond = (request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('end');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    const egress = egressWith();
    expect(await (await egress(`http://public.example:${outsidePort}/3`)).text()).toBe('end');
    expect(await reasonOf(egress(`http://public.example:${outsidePort}/4`))).toBe('redirects');
    const manual = await egress(`http://public.example:${outsidePort}/2`, { redirect: 'manual' });
    expect([manual.status, manual.headers.get('location')]).toEqual([302, '/1']);
  });
});

describe('an answer', () => {
  it('is cut off beyond its size, also when it was packed small', async () => {
    const egress = egressWith(resolver(), { bodyBytesMax: 100_000 });
    const fetched = () => reasonOf(egress(`http://public.example:${outsidePort}/`));
    respond = (_request, response) => response.end(Buffer.alloc(100_000));
    expect(await fetched()).toBe('fetched');
    respond = (_request, response) => response.end(Buffer.alloc(100_001));
    expect(await fetched()).toBe('too_large');
    respond = (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)));
    expect(await fetched()).toBe('too_large');
  });

  it('that trickles ends with the time', async () => {
    respond = (_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    };
    const start = performance.now();
    expect(await reasonOf(egressWith(resolver(), { timeoutMs: 400 })(`http://public.example:${outsidePort}/`))).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it('comes unpacked, with its status and headers', async () => {
    respond = (_request, response) => response.writeHead(418, { 'content-encoding': 'gzip', 'x-a': 'b' }).end(gzipSync('unpacked'));
    const response = await egressWith()(`http://public.example:${outsidePort}/`);
    expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([418, 'b', 'unpacked']);
  });
});

it('no proxy of the environment is asked', async () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    HTTP_PROXY: `http://127.0.0.1:${insidePort}`,
    http_proxy: `http://127.0.0.1:${insidePort}`,
    NODE_USE_ENV_PROXY: '1',
  });
  try {
    expect((await egressWith()(`http://public.example:${outsidePort}/`)).status).toBe(200);
  } finally {
    process.env = before;
  }
  expect(captured).toBe(0);
});

it('what cannot be reached is said without the address that was found', async () => {
  const egress = egressWith(resolver({ 'gone.example': [[]] }));
  const error = await egress(`http://gone.example:${outsidePort}/`).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'address' });
  const closed = egressWith(resolver(), { allow: [place('127.0.0.5')] });
  const unreachable = await closed('http://public.example:1/').catch((caught: unknown) => caught);
  expect(unreachable).toMatchObject({ reason: 'unreachable' });
  expect(String(unreachable)).not.toContain('127.');
});
