import type { Server, Socket } from 'socket.io';
import type { Logger } from '../log.ts';

const lookMs = 500;
const packetsMax = 2_000;
const bytesMax = 4 * 1024 * 1024;

/** Ends connections that read slower than they are told: their client comes back and asks for what it missed. */
export function watchSlowReaders(io: Server, log: Logger): () => void {
  const timer = setInterval(() => {
    for (const socket of io.sockets.sockets.values()) cutIfSlow(socket, log);
    for (const name of ['/ws', '/chat']) for (const socket of io.of(name).sockets.values()) cutIfSlow(socket, log);
  }, lookMs);
  return () => clearInterval(timer);
}

/** The part of Engine.IO that its types leave out. */
interface Outgoing {
  writeBuffer: { data?: string | Buffer; options?: { wsPreEncodedFrame?: Buffer[] } }[];
  transport: { socket?: { bufferedAmount?: number; terminate?: () => void } };
}

function cutIfSlow(socket: Socket, log: Logger): void {
  const { writeBuffer, transport } = socket.conn as unknown as Outgoing;
  if (writeBuffer.length <= packetsMax && bytesOf({ writeBuffer, transport }) <= bytesMax) return;
  log.info({ count: writeBuffer.length }, 'a socket was closed: it reads too slowly');
  // Without a goodbye: it would wait behind everything that was not read.
  if (transport.socket?.terminate) transport.socket.terminate();
  else socket.conn.close(true);
}

/** What waits for this reader, in our memory. Frames of a room are shared, so this counts each reader's view of them. */
function bytesOf({ writeBuffer, transport }: Outgoing): number {
  const waiting = writeBuffer.map(({ data, options }) => options?.wsPreEncodedFrame?.at(-1)?.length ?? data?.length ?? 0);
  return waiting.reduce((sum, bytes) => sum + bytes, transport.socket?.bufferedAmount ?? 0);
}
