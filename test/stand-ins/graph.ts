import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GraphSend {
  phoneNumberId: string;
  authorization: string | undefined;
  body: { to?: string; type?: string; text?: { body: string }; biz_opaque_callback_data?: string; context?: { message_id: string } };
  at: number;
}

/** What the stand-in does with a send, after it has taken note of it. */
export type GraphBehaviour =
  | { kind: 'ok' }
  | { kind: 'answer'; status: number; body: string; headers?: Record<string, string> }
  | { kind: 'slow'; ms: number }
  | { kind: 'hang' }
  | { kind: 'reset' };

export interface GraphStandIn {
  url: string;
  /** Every send it was asked for, in order, answered or not. */
  sends: GraphSend[];
  behave(choose: (send: GraphSend, count: number) => GraphBehaviour): void;
  close(): Promise<void>;
}

/** A small server that speaks the sending side of the Graph API, faults included. */
export async function startGraph(): Promise<GraphStandIn> {
  const sends: GraphSend[] = [];
  let choose: (send: GraphSend, count: number) => GraphBehaviour = () => ({ kind: 'ok' });

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const match = /^\/v\d+\.\d+\/(\d+)\/messages$/.exec(request.url ?? '');
      if (request.method !== 'POST' || !match) return void response.writeHead(404).end();
      const body = JSON.parse(Buffer.concat(chunks).toString()) as GraphSend['body'];
      const send = { phoneNumberId: match[1] ?? '', authorization: request.headers.authorization, body, at: Date.now() };
      sends.push(send);
      answer(response, choose(send, sends.length), `wamid.graph.${sends.length}`, body.to ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sends,
    behave(next) {
      choose = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(response: ServerResponse, behaviour: GraphBehaviour, id: string, to: string): void {
  const ok = () =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] }));
  switch (behaviour.kind) {
    case 'ok':
      ok();
      break;
    case 'answer':
      response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers }).end(behaviour.body);
      break;
    case 'slow':
      setTimeout(ok, behaviour.ms);
      break;
    case 'reset':
      response.destroy();
      break;
    case 'hang':
      break;
  }
}
