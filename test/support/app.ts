import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Role } from '../../contract/auth.ts';
import { createAccount, createMember } from '../../server/accounts/actions.ts';
import { buildApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { type Context, createContext } from '../../server/context.ts';
import { startLive } from '../../server/live.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/probes/metrics.ts';
import type { Answer } from './desk.ts';
import { type TestDatabase, testDatabase } from './postgres.ts';

export interface TestMember {
  userId: string;
  email: string;
  token: string;
}

export interface TestAccount {
  id: string;
  admin: TestMember;
  agent: TestMember;
  viewer: TestMember;
}

export interface CallOptions {
  token?: string;
  body?: unknown;
  raw?: string | Buffer;
  headers?: Record<string, string>;
}

/** The real app on a free port over a database of its own, with two accounts that must not know of each other. */
export interface TestApp {
  base: string;
  app: FastifyInstance;
  context: Context;
  db: TestDatabase;
  one: TestAccount;
  two: TestAccount;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Paths without the /api/v1 in front. */
  api(method: string, path: string, options?: CallOptions): Promise<Answer>;
  signIn(email: string): Promise<string>;
  /** As if everybody had been quiet for an hour: for tests that ask in seconds what people ask in a day. */
  passHour(): Promise<void>;
  close(): Promise<void>;
}

export const testPassword = 'correct horse battery';

export async function testApp(env: Record<string, string> = {}): Promise<TestApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'guichet-app-'));
  const db = await testDatabase();
  const config = readConfig({ GUICHET_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'silent', ...env });
  const context = createContext(config, createLog(config.logLevel), db.database, createMetrics());
  const app = await buildApp(context);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const live = startLive(context, app.server);
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;

  const call = async (method: string, path: string, { token, body, raw, headers = {} }: CallOptions = {}): Promise<Answer> => {
    const sent: Record<string, string> = { ...headers };
    if (token) sent.authorization = `Bearer ${token}`;
    if (body !== undefined) sent['content-type'] ??= 'application/json';
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(base + path, {
      method,
      headers: sent,
      redirect: 'manual',
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    return { status: response.status, text, headers: response.headers, json: parseJson(text) };
  };
  const api = (method: string, path: string, options?: CallOptions) => call(method, `/api/v1${path}`, options);
  const signIn = async (email: string) => {
    const answer = await api('POST', '/auth/login', { body: { email, password: testPassword } });
    if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
    return answer.json.accessToken as string;
  };

  const makeAccount = async (name: string): Promise<TestAccount> => {
    const [admin, agent, viewer] = (['admin', 'agent', 'viewer'] as const).map((role) => `${role}@${name}.test`) as [
      string,
      string,
      string,
    ];
    const { accountId, userId } = await createAccount(db.database, context.actors.operator, {
      name,
      email: admin,
      password: testPassword,
      memberName: `Ana of ${name}`,
    });
    const join = async (email: string, role: Role): Promise<TestMember> => {
      const id = await createMember(db.database, accountId, { email, password: testPassword, name: `${role} of ${name}`, role });
      return { userId: id, email, token: await signIn(email) };
    };
    return {
      id: accountId,
      admin: { userId, email: admin, token: await signIn(admin) },
      agent: await join(agent, 'agent'),
      viewer: await join(viewer, 'viewer'),
    };
  };

  return {
    base,
    app,
    context,
    db,
    one: await makeAccount('one'),
    two: await makeAccount('two'),
    call,
    api,
    signIn,
    passHour: async () => void (await db.sql('delete from limit_windows')),
    async close() {
      await Promise.all([app.close(), live.closeSockets()]);
      await live.close();
      await db.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
