import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelInbox, OutboundMessage } from '../channel.ts';
import { sendText } from './send.ts';

const inbox: ChannelInbox = {
  accountId: 'a',
  id: 'i',
  channel: 'whatsapp',
  name: '',
  routeKey: '1010',
  settings: { phoneNumberId: '1010' },
  secrets: { accessToken: 'token' },
};
const message: OutboundMessage = {
  id: '0193a000-0000-7000-8000-000000000001',
  to: { kind: 'whatsapp', value: '+33612345678' },
  text: 'Bonjour 📦',
  replyToExternalId: null,
};
const stops: (() => void)[] = [];
afterEach(() => stops.splice(0).forEach((stop) => stop()));

async function provider(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const answering = (status: number, body: string, headers: Record<string, string> = {}) =>
  provider((_, response) => response.writeHead(status, headers).end(body));
const send = (url: string, signal = new AbortController().signal, more: Partial<OutboundMessage> = {}) =>
  sendText({ ...message, ...more }, inbox, url, signal);
const graphError = (code: number, more: object = {}) => JSON.stringify({ error: { message: 'no', code, ...more } });

describe('sendText', () => {
  it('asks the Graph API with our id as reference and the quoted message as context', async () => {
    let asked: unknown;
    const url = await provider(async (request, response) => {
      const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
      asked = { path: request.url, authorization: request.headers.authorization, body };
      response.end(JSON.stringify({ messages: [{ id: 'wamid.1' }] }));
    });
    expect(await send(`${url}/`, undefined, { replyToExternalId: 'wamid.0' })).toEqual({ outcome: 'sent', externalId: 'wamid.1' });
    expect(asked).toEqual({
      path: '/v23.0/1010/messages',
      authorization: 'Bearer token',
      body: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: '33612345678',
        type: 'text',
        text: { body: 'Bonjour 📦', preview_url: false },
        context: { message_id: 'wamid.0' },
        biz_opaque_callback_data: message.id,
      },
    });
  });

  it.each([
    [
      400,
      graphError(131047, { error_data: { details: 'closed' } }),
      {},
      { outcome: 'failed', error: { class: 'window', code: '131047', detail: 'closed' } },
    ],
    [401, graphError(190), {}, { outcome: 'failed', error: { class: 'auth' } }],
    [400, graphError(131026), {}, { outcome: 'failed', error: { class: 'recipient' } }],
    [400, graphError(131008), {}, { outcome: 'failed', error: { class: 'content' } }],
    [429, graphError(130429), { 'retry-after': '7' }, { outcome: 'retry', retryAfterMs: 7_000, error: { class: 'throttle' } }],
    [500, graphError(131000), {}, { outcome: 'retry', error: { class: 'transient' } }],
    [200, graphError(131056), {}, { outcome: 'retry', error: { class: 'throttle' } }],
    [429, 'slow down', {}, { outcome: 'retry', error: { class: 'throttle' } }],
    [503, '<html>busy</html>', { 'content-type': 'text/html' }, { outcome: 'retry', error: { class: 'transient', code: '503' } }],
    [504, '<html>', {}, { outcome: 'uncertain' }],
    [200, '<html>ok?</html>', {}, { outcome: 'uncertain' }],
    [302, '', { location: 'http://127.0.0.1:9/' }, { outcome: 'failed', error: { class: 'unknown' } }],
    [403, 'no', {}, { outcome: 'failed', error: { class: 'auth' } }],
  ])('reads a %i with %s', async (status, body, headers, expected) => {
    expect(await send(await answering(status, body, headers))).toMatchObject(expected);
  });

  it('may be repeated when the connection was refused', async () => {
    const gone = await answering(200, '');
    stops.splice(0).forEach((stop) => stop());
    expect(await send(gone)).toMatchObject({ outcome: 'retry', error: { class: 'transient', code: 'ECONNREFUSED' } });
    expect(await send('http://no-such-host.invalid')).toMatchObject({ outcome: 'retry' });
  });

  it('is uncertain when the call left and its answer is missing', async () => {
    expect(await send(await provider((request) => request.socket.destroy()))).toMatchObject({ outcome: 'uncertain' });
    expect(await send(await provider(() => {}), AbortSignal.timeout(100))).toMatchObject({ outcome: 'uncertain' });
    const cut = await provider((_, response) => {
      response.writeHead(200, { 'content-length': '500' }).write('{"mess');
      setTimeout(() => response.destroy(), 20);
    });
    expect(await send(cut)).toMatchObject({ outcome: 'uncertain' });
  });

  it('does not call without a token', async () => {
    expect(await sendText(message, { ...inbox, secrets: {} }, 'http://127.0.0.1:1', new AbortController().signal)).toMatchObject({
      outcome: 'failed',
      error: { class: 'auth' },
    });
  });
});
