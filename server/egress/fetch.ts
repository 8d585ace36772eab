import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { isPublicAddress } from './addresses.ts';
import { type Allowed, type AllowedPlace, createAllowed } from './allowed.ts';

export type EgressReason = 'address' | 'port' | 'url' | 'redirects' | 'too_large' | 'timeout' | 'unreachable';

/** Why nothing was fetched. The message names no address that was found: it can reach whoever gave the URL. */
export class EgressError extends Error {
  readonly reason: EgressReason;
  constructor(reason: EgressReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** What fetch takes; the body whole, so that it can be sent again when an answer redirects. */
export type EgressRequest = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal' | 'redirect'>;

/** The only way to an address that somebody else chose. */
export type Egress = (url: string | URL, request?: EgressRequest) => Promise<Response>;

interface Hop {
  url: URL;
  method: string;
  headers: Headers;
  body: string | Uint8Array | URLSearchParams | null;
}

/** All addresses of a name, as the system's resolver gives them. */
export type Resolve = (host: string, done: (error: Error | null, addresses?: LookupAddress[]) => void) => void;

export interface EgressOptions {
  allow: readonly AllowedPlace[];
  resolve?: Resolve;
  timeoutMs?: number;
  bodyBytesMax?: number;
}

const redirectsMax = 3;
const ports = [80, 443];
/** What goes along to another host; everything else could be meant for the first one alone. */
const harmlessHeaders = ['accept', 'accept-language', 'content-type', 'user-agent'];

/**
 * Fetches over http and https from the internet and from what the operator opened, and from nowhere else. Names are
 * resolved once, by the connection itself, and what they resolve to is looked at there: a check beforehand would be
 * answered otherwise than the connection. Literal addresses never meet the resolver, so they are looked at beside it.
 */
export function createEgress(options: EgressOptions): Egress {
  const { timeoutMs = 10_000, bodyBytesMax = 10_000_000 } = options;
  const allowed = createAllowed(options.allow);
  const dispatcher = new Agent({
    connect: guardedConnect(allowed, options.resolve ?? resolveAll, timeoutMs),
    // A connection serves one request, so that every request is looked at.
    pipelining: 0,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  const send = async ({ url, method, headers, body }: Hop, signal: AbortSignal) =>
    undiciFetch(url, { method, headers: [...headers], body, redirect: 'manual', dispatcher, signal }).catch((error: unknown) => {
      throw describe(error);
    });

  return async (url, request = {}) => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(request.signal ? [request.signal] : [])]);
    let hop = firstHop(url, request);
    for (let redirects = 0; ; redirects += 1) {
      const response = await send(hop, signal);
      const location = response.headers.get('location');
      const isRedirect = location !== null && [301, 302, 303, 307, 308].includes(response.status);
      if (!isRedirect || request.redirect === 'manual') return whole(response, hop.method, bodyBytesMax);
      await response.body?.cancel();
      if (redirects >= redirectsMax || request.redirect === 'error') throw new EgressError('redirects', 'The address redirects too often.');
      hop = follow(hop, response.status, location);
    }
  };
}

function firstHop(url: string | URL, { method = 'GET', headers, body = null }: EgressRequest): Hop {
  if (body !== null && typeof body !== 'string' && !(body instanceof Uint8Array) && !(body instanceof URLSearchParams))
    throw new TypeError('a body that cannot be sent again');
  const sent = new Headers(headers);
  sent.delete('host');
  if (!sent.has('user-agent')) sent.set('user-agent', 'Guichet');
  return { url: readUrl(url), method: method.toUpperCase(), headers: sent, body };
}

/** What a connection goes through: the port, then the literal address or everything the name resolves to. */
function guardedConnect(allowed: Allowed, resolve: Resolve, timeout: number): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    const port = Number(options.port || (options.protocol === 'https:' ? 443 : 80));
    const isOpen = allowed.host(host, port);
    const isOpenPort = ports.includes(port) || allowed.port(port);
    const mayReach = (address: string) => isOpen || allowed.address(address, port) || (isOpenPort && isPublicAddress(address));
    if (isIP(host) !== 0 && !mayReach(host)) return callback(refused(), null);
    const connect = buildConnector({
      timeout,
      lookup: (name, lookupOptions, done) => {
        resolve(name, (error, addresses = []) => {
          const open = addresses.filter(({ address }) => mayReach(address));
          const [first] = open;
          if (error || !first) return done(error ?? refused(), '', 0);
          // Node asks for all of them when it may choose a family.
          if (lookupOptions.all) return (done as unknown as (error: null, all: LookupAddress[]) => void)(null, open);
          done(null, first.address, first.family);
        });
      },
    });
    connect(options, callback);
  };
}

const refused = () => new EgressError('address', 'The address is not on the internet, or its port is not 80 or 443.');

const resolveAll: Resolve = (host, done) => systemLookup(host, { all: true, verbatim: true }, done);

/** The spelling that every later step sees: numbers as dotted addresses, names in ASCII. */
function readUrl(url: string | URL, base?: URL): URL {
  if (!URL.canParse(String(url), base?.href)) throw new EgressError('url', 'This is not an address.');
  const parsed = new URL(String(url), base);
  if (!['http:', 'https:'].includes(parsed.protocol)) throw new EgressError('url', 'Only http and https addresses are fetched.');
  if (parsed.username !== '' || parsed.password !== '') throw new EgressError('url', 'The address must not hold a name or password.');
  parsed.hash = '';
  return parsed;
}

/** The next request: as browsers do it, and without what was meant for the host before. */
function follow(from: Hop, status: number, location: string): Hop {
  const url = readUrl(location, from.url);
  const becomesGet = status === 303 ? from.method !== 'HEAD' : status < 303 && from.method === 'POST';
  const isElsewhere = url.origin !== from.url.origin;
  const headers = new Headers(
    [...from.headers].filter(([name]) => (!isElsewhere || harmlessHeaders.includes(name)) && !(becomesGet && name.startsWith('content-'))),
  );
  return becomesGet ? { url, method: 'GET', headers, body: null } : { ...from, url, headers };
}

type Received = Awaited<ReturnType<typeof undiciFetch>>;

/** The answer with its body, read to the end within the time and the size. */
async function whole(response: Received, method: string, bodyBytesMax: number): Promise<Response> {
  const hasBody = method !== 'HEAD' && ![204, 205, 304].includes(response.status);
  const { status, statusText } = response;
  // What the bytes were packed in on the way is not true of them any more.
  const headers = [...response.headers].filter(([name]) => !['content-encoding', 'content-length', 'transfer-encoding'].includes(name));
  return new Response(hasBody ? await readBody(response, bodyBytesMax) : null, { status, statusText, headers });
}

/** Counts what comes out of the decoder: a small packed body can be a large one. */
async function readBody(response: Received, bodyBytesMax: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > bodyBytesMax) throw new EgressError('too_large', `The answer has more than ${bodyBytesMax} bytes.`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw describe(error);
  }
  return Buffer.concat(chunks);
}

/** The refusal hides in the causes of what the client throws. */
function describe(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof EgressError) return cause;
    if (cause.name === 'TimeoutError' || /Timeout/.test(cause.name))
      return new EgressError('timeout', 'There was no answer in time.', { cause: error });
    if (cause.name === 'AbortError') return error;
  }
  return new EgressError('unreachable', 'The address cannot be reached.', { cause: error });
}
