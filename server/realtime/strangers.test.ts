import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { closeSockets, testSocket } from '../../test/support/sockets.ts';
import { createClientAddress } from '../http/client-address.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(async () => {
  closeSockets();
  await app.close();
});

const perAddressMax = 256;

/** A connection that never says who it is; undefined where it was refused. */
function stranger(): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`${app.base.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  return new Promise((resolve) => {
    socket.once('message', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

it('an address opens so many connections without signing in and no more; who has signed in is not counted', async () => {
  for (let n = 0; n < 12; n += 1) await testSocket(app.base, { token: app.one.agent.token }).next('authenticated');
  const open = (await Promise.all(Array.from({ length: perAddressMax + 40 }, stranger))).filter((socket) => socket !== undefined);
  expect(open.length).toBe(perAddressMax);
  expect(await stranger()).toBeUndefined();
  for (const socket of open) socket.terminate();
  await sleep(300);
  await testSocket(app.base, { token: app.one.admin.token }).next('authenticated');
}, 30_000);

it.each([
  [[], '10.0.0.9', '203.0.113.7', '10.0.0.9'],
  [['10.0.0.0/8'], '10.0.0.9', '203.0.113.7', '203.0.113.7'],
  [['10.0.0.0/8'], '10.0.0.9', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  [['10.0.0.0/8'], '10.0.0.9', '203.0.113.7, 10.0.0.8', '203.0.113.7'],
  [['10.0.0.0/8'], '::ffff:10.0.0.9', '203.0.113.7', '203.0.113.7'],
  [['10.0.0.0/8'], '192.0.2.1', '203.0.113.7', '192.0.2.1'],
  [['10.0.0.0/8'], '10.0.0.9', undefined, '10.0.0.9'],
  [['10.0.0.0/8'], '10.0.0.9', 'unknown', 'unknown'],
  [['::1'], '::1', '2001:db8::7', '2001:db8::7'],
])('behind %j a connection of %s that says %s is of %s', (trusted, remoteAddress, said, expected) => {
  const request = {
    socket: { remoteAddress },
    headers: said === undefined ? {} : { 'x-forwarded-for': said },
  } as unknown as IncomingMessage;
  expect(createClientAddress(trusted)(request)).toBe(expected);
});
