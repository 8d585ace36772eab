import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageEnvelope, statusEnvelope, type StatusReport, undeliverable, windowClosed } from './envelope.ts';
import { createHookClient } from './hook-client.ts';
import { type ProviderMode, providerModes, type ProviderSettings, type ProviderState, type Received } from './protocol.ts';

const bodyBytesMax = 64 * 1024;
const outboxMax = 5_000;
const slowMs = 8_000;
/** When a status follows the answer to the call, in ms. */
const statusAfterMs = { sent: 500, delivered: 1_400, read: 4_000, failed: 1_200 } as const;

/** A server that speaks the Graph API for one number, and takes orders from the page "Be a customer". */
export function createProvider(settings: ProviderSettings): Server {
  const hook = createHookClient(settings.hookUrl, settings.appSecret);
  const boot = randomBytes(6).toString('hex');
  const outbox: Received[] = [];
  let mode: ProviderMode = 'works';
  let count = 0;

  function report(status: StatusReport['status'], message: Omit<StatusReport, 'status'>): void {
    setTimeout(() => void hook.post(statusEnvelope(settings.phoneNumberId, { ...message, status })), statusAfterMs[status] * settings.pace);
  }

  function reportAll(message: Omit<StatusReport, 'status'>, given: ProviderMode): void {
    if (given === 'loses') return report('failed', { ...message, error: undeliverable });
    for (const status of ['sent', 'delivered', 'read'] as const) report(status, message);
    if (given !== 'repeats') return;
    // Twice, and the second time in the wrong order: none of it may show.
    for (const status of ['read', 'delivered', 'sent'] as const) {
      const body = statusEnvelope(settings.phoneNumberId, { ...message, status });
      setTimeout(() => void hook.post(body), (statusAfterMs.read + 300) * settings.pace);
    }
  }

  async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = mode;
    const body = await readJson(request);
    const to = textOf(body?.to);
    const text = textOf((body?.text as Record<string, unknown> | undefined)?.body);
    if (body?.messaging_product !== 'whatsapp' || to === '' || text === '')
      return refuse(response, 400, { code: 100, message: '(#100) Invalid parameter', details: 'to and text.body are needed' });
    if (given === 'dies') process.exit(3);
    if (given === 'refuses') return refuse(response, 400, windowClosed);
    if (given === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs * settings.pace));
    const id = `wamid.${Buffer.from(`${boot}:${(count += 1)}`).toString('base64')}`;
    if (given !== 'loses') {
      outbox.push({ n: count, id, to, text, at: new Date().toISOString() });
      if (outbox.length > outboxMax) outbox.shift();
    }
    answer(response, 200, {
      messaging_product: 'whatsapp',
      contacts: [{ input: to, wa_id: to }],
      messages: [{ id, message_status: 'accepted' }],
    });
    reportAll({ id, to, ref: textOf(body.biz_opaque_callback_data) || undefined }, given);
  }

  async function write(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request);
    const [from, name, text] = [textOf(body?.from), textOf(body?.name), textOf(body?.text)];
    if (!/^\d{5,20}$/.test(from) || text === '') return answer(response, 400, { error: 'from and text are needed' });
    const id = `wamid.${randomBytes(18).toString('base64')}`;
    const startedAt = performance.now();
    const hookStatus = await hook.post(messageEnvelope(settings.phoneNumberId, { id, from, name: name || from, text }));
    answer(response, 202, { id, hookStatus, durationMs: Math.round(performance.now() - startedAt) });
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const call = `${request.method} ${url.pathname}`;
    if (request.headers.authorization !== `Bearer ${settings.accessToken}`)
      return refuse(response, 401, { code: 190, message: 'Invalid OAuth access token.', details: 'The token does not fit.' });
    if (request.method === 'POST' && url.pathname.endsWith(`/${settings.phoneNumberId}/messages`)) return send(request, response);
    if (call === 'POST /customer/messages') return write(request, response);
    if (call === 'GET /outbox') {
      const [to, after] = [url.searchParams.get('to'), Number(url.searchParams.get('after') ?? 0)];
      return answer(response, 200, { boot, items: outbox.filter((message) => message.to === to && message.n > after) });
    }
    if (call === 'PUT /mode') mode = providerModes.find((name) => name === url.searchParams.get('mode')) ?? mode;
    if (call === 'PUT /mode' || call === 'GET /state')
      return answer(response, 200, { mode, boot, pending: hook.pending } satisfies ProviderState);
    refuse(response, 404, { code: 100, message: 'Unknown path', details: 'There is nothing here.' });
  }

  return createServer((request, response) => {
    route(request, response).catch(() => response.destroy());
  });
}

function refuse(response: ServerResponse, status: number, error: { code: number; message: string; details: string }): void {
  answer(response, status, {
    error: {
      message: error.message,
      type: 'OAuthException',
      code: error.code,
      error_data: { messaging_product: 'whatsapp', details: error.details },
      fbtrace_id: randomBytes(6).toString('hex'),
    },
  });
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** The body as an object; undefined when it is none. */
async function readJson(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax) return undefined;
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
