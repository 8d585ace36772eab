import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  port: number;
  connections: number;
  seconds: number;
  /** The next request: path, headers and body; it is sent on whichever connection is free. */
  next: () => { path: string; headers: Record<string, string>; body: string };
}

export interface LoadResult {
  answered: number;
  failed: number;
  perSecond: number;
  latenciesMs: number[];
}

/** Keep-alive connections that each wait for their answer before the next request. Bare sockets: the load must cost less than what it measures. */
export async function httpLoad(options: LoadOptions): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let failed = 0;
  const startedAt = performance.now();
  const endsAt = startedAt + options.seconds * 1_000;

  await Promise.all(
    Array.from({ length: options.connections }, async () => {
      const socket = await openSocket(options.port);
      while (performance.now() < endsAt) {
        const request = options.next();
        const sentAt = performance.now();
        const status = await exchange(socket, requestText(options.port, request));
        if (status >= 200 && status < 300) latenciesMs.push(performance.now() - sentAt);
        else failed += 1;
      }
      socket.destroy();
    }),
  );
  const elapsed = (performance.now() - startedAt) / 1_000;
  return { answered: latenciesMs.length, failed, perSecond: latenciesMs.length / elapsed, latenciesMs: latenciesMs.sort((a, b) => a - b) };
}

function requestText(port: number, request: { path: string; headers: Record<string, string>; body: string }): string {
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${request.path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${headers.join('')}content-length: ${Buffer.byteLength(request.body)}\r\n\r\n${request.body}`;
}

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.setNoDelay(true);
    socket.once('error', reject);
  });
}

/** Writes one request and reads one answer; the answers of a hook have no or a short body with a length. */
function exchange(socket: Socket, text: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = '';
    const done = (status: number) => {
      socket.off('data', read).off('close', lost);
      resolve(status);
    };
    const lost = () => reject(new Error('the server closed the connection'));
    const read = (chunk: Buffer) => {
      received += chunk.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, end))?.[1] ?? 0);
      if (received.length >= end + 4 + length) done(Number(received.slice(9, 12)));
    };
    socket.on('data', read).once('close', lost);
    socket.write(text);
  });
}
