import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import { newId } from '../../server/db/id.ts';
import { createFileStore } from '../../server/files/store.ts';
import { wearArmour } from '../../server/http/armour.ts';
import { ApiError, statusOf } from '../../server/http/errors.ts';
import { createLimits, type Limits } from '../../server/limits/limits.ts';
import { createDatabaseSlots } from '../../server/limits/sliding.ts';
import { createEndpoints, type Endpoints } from '../../server/message/inbound/endpoint.ts';
import { createReceiver, type Receiver } from '../../server/message/inbound/receive.ts';
import type { Channel } from '../../contract/common.ts';
import type { TestDatabase } from './postgres.ts';

export interface PublicApp {
  app: FastifyInstance;
  endpoints: Endpoints;
  receiver: Receiver;
  limits: Limits;
  base: string;
  filesDir: string;
  close(): Promise<void>;
}

/** An HTTP server with nothing on it but what `register` puts there, over the test's database. */
export async function publicApp(
  db: TestDatabase,
  register: (parts: Omit<PublicApp, 'base' | 'close'>) => void | Promise<void>,
): Promise<PublicApp> {
  const filesDir = await mkdtemp(join(tmpdir(), 'guichet-files-'));
  const app = Fastify({ genReqId: () => newId() });
  wearArmour(app, { isHttp: true });
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof ApiError)) throw error;
    return reply
      .code(statusOf[error.code])
      .headers(error.headers)
      .type('application/problem+json')
      .send({ code: error.code, detail: error.message, errors: error.errors });
  });
  const endpoints = createEndpoints(db.database, async () => ({}));
  const receiver = createReceiver({ database: db.database, files: createFileStore(filesDir), committed: () => {}, counted: () => {} });
  const limits = createLimits({ slots: createDatabaseSlots(db.database) });
  await register({ app, endpoints, receiver, limits, filesDir });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    app,
    endpoints,
    receiver,
    limits,
    base,
    filesDir,
    async close() {
      app.server.closeAllConnections();
      await app.close();
      await rm(filesDir, { recursive: true, force: true });
    },
  };
}

export interface TestInbox {
  accountId: string;
  inboxId: string;
  key: string;
}

/** An account of its own with one inbox. */
export async function makeInbox(db: TestDatabase, channel: Channel, settings: object = {}, limits: object = {}): Promise<TestInbox> {
  const [accountId, endpointId, inboxId, key] = [newId(), newId(), newId(), `key-${newId()}`];
  await db.sql('insert into accounts (id, name) values ($1, $2)', [accountId, 'Test']);
  await db.sql('insert into endpoints (id, key, channel) values ($1, $2, $3)', [endpointId, key, channel]);
  await db.sql('insert into inboxes (account_id, id, endpoint_id, channel, name, settings, limits) values ($1, $2, $3, $4, $5, $6, $7)', [
    accountId,
    inboxId,
    endpointId,
    channel,
    'Vélos Rousselot',
    JSON.stringify(settings),
    JSON.stringify(limits),
  ]);
  return { accountId, inboxId, key };
}
