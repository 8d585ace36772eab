import type { IncomingMessage } from 'node:http';
import type { Server } from 'socket.io';
import { limitedAddress } from '../limits/address.ts';

export interface Strangers {
  /** Whether a new connection of this address may open: not while too many of it, or of all, have not said who they are. */
  admits(request: IncomingMessage): boolean;
}

/** An office behind one address that comes back at once; each says who it is within moments. */
const perAddressMax = 256;
const totalMax = 4_096;
const lookEveryMs = 200;

/** Counts the connections that nobody has signed in at. They end by themselves after ten seconds; until then they cost memory. */
export function countStrangers(io: Server, addressOf: (request: IncomingMessage) => string): Strangers {
  const strangers = new Map<object, string>();
  let lookedAt = 0;
  io.engine.on('connection', (connection: { request: IncomingMessage; once(event: 'close', done: () => void): void }) => {
    strangers.set(connection, limitedAddress(addressOf(connection.request)));
    connection.once('close', () => strangers.delete(connection));
  });

  const isFull = (address: string) => {
    if (strangers.size >= totalMax) return true;
    let ofAddress = 0;
    for (const one of strangers.values()) if (one === address) ofAddress += 1;
    return ofAddress >= perAddressMax;
  };
  /** Who has signed in meanwhile is found when there seem to be too many, and not at every connection. */
  const forgetKnown = () => {
    if (Date.now() - lookedAt < lookEveryMs) return;
    lookedAt = Date.now();
    for (const socket of io.of('/ws').sockets.values()) if (socket.data.member) strangers.delete(socket.conn);
    for (const socket of io.of('/chat').sockets.values()) strangers.delete(socket.conn);
  };

  return {
    admits(request) {
      // The later requests of a connection that is open already.
      if (/[?&]sid=/.test(request.url ?? '')) return true;
      const address = limitedAddress(addressOf(request));
      if (isFull(address)) forgetKnown();
      return !isFull(address);
    },
  };
}
