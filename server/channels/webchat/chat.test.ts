import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from 'socket.io';
import { io as connect, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import { makeInbox, type PublicApp, publicApp, type TestInbox } from '../../../test/support/public-app.ts';
import type { VisitorMessage } from '../../../contract/socket.ts';
import { answerVisitor } from '../../../test/support/visitor.ts';
import { newId } from '../../db/id.ts';
import { attachVisitorNamespace, type Visitors } from './namespace.ts';
import { registerChat } from './routes.ts';
import { createVisitorTokens } from './token.ts';

let db: TestDatabase;
let site: PublicApp;
let io: Server;
let visitors: Visitors;
const typed: unknown[] = [];
const failures: unknown[] = [];
const publicUrl = 'http://desk.example';

beforeAll(async () => {
  db = await testDatabase();
  site = await publicApp(db, ({ app, endpoints, receiver, limits }) => {
    const options = {
      endpoints,
      receiver,
      limits,
      database: db.database,
      tokens: createVisitorTokens('a key for tests that is long enough'),
      publicUrl,
    };
    registerChat(app, options);
    io = new Server(app.server, { transports: ['websocket'] });
    visitors = attachVisitorNamespace(io, {
      ...options,
      typed: (_, typing) => void typed.push(typing),
      failed: (error) => void failures.push(error),
    });
  });
});
afterAll(async () => {
  await io.close();
  await site.close();
  await db.drop();
});

interface Session {
  token: string;
  visitorId: string;
  messages: VisitorMessage[];
}
const call = (inbox: TestInbox, path: string, token?: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${site.base}/chat/${inbox.key}/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const start = async (inbox: TestInbox, body: object = {}) => (await (await call(inbox, 'sessions', undefined, body)).json()) as Session;
const write = async (inbox: TestInbox, session: Session, id: string, text = `text ${id}`) =>
  (await (await call(inbox, 'messages', session.token, { id, text })).json()) as VisitorMessage;
const list = async (inbox: TestInbox, session: Session, query = '') =>
  (await (await call(inbox, `messages${query}`, session.token)).json()) as { items: VisitorMessage[]; nextCursor: string | null };

const answer = (inbox: TestInbox, of: VisitorMessage, text: string, kind?: string) => answerVisitor(db, visitors, inbox, of.id, text, kind);

async function open(inbox: TestInbox, session: Pick<Session, 'token'>, headers: Record<string, string> = {}): Promise<Socket> {
  const socket = connect(`${site.base}/chat`, {
    auth: { key: inbox.key, token: session.token },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: headers,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}
const next = <Body>(socket: Socket, event: string) => new Promise<Body>((resolve) => socket.once(event, resolve));

describe('a visitor', () => {
  it('writes once however often it is sent, and reads it back page by page', async () => {
    const inbox = await makeInbox(db, 'webchat', { greeting: 'Bonjour' });
    const session = await start(inbox);
    expect(session.messages).toEqual([]);
    const sent = await Promise.all(Array.from({ length: 10 }, () => write(inbox, session, 'a1')));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(sent[0]).toMatchObject({ clientId: 'a1', direction: 'in', text: 'text a1', author: null, status: 'received' });
    for (const id of ['a2', 'a3']) await write(inbox, session, id);
    const first = await list(inbox, session, '?limit=2');
    expect(first.items.map(({ clientId }) => clientId)).toEqual(['a3', 'a2']);
    expect((await list(inbox, session, `?limit=2&cursor=${first.nextCursor}`)).items.map(({ clientId }) => clientId)).toEqual(['a1']);
    expect(await db.sql('select count(*)::int as n from conversations where account_id = $1', [inbox.accountId])).toEqual([{ n: 1 }]);
  });

  it('takes up the session with its token, and is somebody new with a bad one', async () => {
    const inbox = await makeInbox(db, 'webchat');
    const session = await start(inbox);
    await write(inbox, session, 'a1');
    expect(await start(inbox, { token: session.token })).toMatchObject({ visitorId: session.visitorId, messages: [{ clientId: 'a1' }] });
    const forged = `${session.token.slice(0, -2)}${session.token.endsWith('AA') ? 'BB' : 'AA'}`;
    const stranger = await start(inbox, { token: forged });
    expect(stranger.visitorId).not.toBe(session.visitorId);
    expect(stranger.messages).toEqual([]);
  });

  it('sees neither the messages of others nor private notes', async () => {
    const inbox = await makeInbox(db, 'webchat');
    const [one, two] = [await start(inbox), await start(inbox)];
    const mine = await write(inbox, one, 'same');
    await write(inbox, two, 'same', 'of the other');
    await answer(inbox, mine, 'for the team only', 'note');
    expect((await list(inbox, one)).items.map(({ text }) => text)).toEqual(['text same']);
    expect((await list(inbox, two)).items.map(({ text }) => text)).toEqual(['of the other']);
  });

  it('is refused without a token, with one of another inbox, and with what is no message', async () => {
    const [inbox, other] = [await makeInbox(db, 'webchat'), await makeInbox(db, 'webchat')];
    const session = await start(inbox);
    expect((await call(inbox, 'messages')).status).toBe(401);
    expect((await call(other, 'messages', session.token)).status).toBe(401);
    expect((await call({ ...inbox, key: 'nothing-here' }, 'sessions', undefined, {})).status).toBe(404);
    const refusals: [unknown, string[]][] = [
      [{ id: 'a', text: '' }, ['text']],
      [{ id: 'a b', text: 'x' }, ['id']],
      [{ id: 'a', text: 'x\u0000' }, ['text']],
      [{ id: 'a', text: 'x'.repeat(10_001) }, ['text']],
      [{ id: 'a', text: 'x', status: 'read' }, ['status']],
    ];
    for (const [body, paths] of refusals) {
      const response = await call(inbox, 'messages', session.token, body);
      expect([response.status, ((await response.json()) as { errors: { path: string }[] }).errors.map(({ path }) => path)]).toEqual([
        400,
        paths,
      ]);
    }
    expect((await call(inbox, 'messages?cursor=%00', session.token)).status).toBe(400);
    expect((await call(inbox, 'messages', session.token, { id: 'a', text: 'x'.repeat(70_000) })).status).toBe(413);
  });

  it('comes from a listed page only, where pages are listed', async () => {
    const [open_, listed] = [await makeInbox(db, 'webchat'), await makeInbox(db, 'webchat', { allowedOrigins: ['https://shop.example'] })];
    const from = (inbox: TestInbox, origin: string) => call(inbox, 'sessions', undefined, {}, { origin });
    expect((await from(open_, 'https://any.example')).headers.get('access-control-allow-origin')).toBe('https://any.example');
    expect((await from(listed, 'https://any.example')).status).toBe(403);
    expect((await from(listed, 'https://shop.example')).status).toBe(201);
    expect((await from(listed, publicUrl)).status).toBe(201);
    const session = await start(listed);
    await expect(open(listed, session, { origin: 'https://any.example' })).rejects.toThrow('forbidden');
    (await open(listed, session, { origin: 'https://shop.example' })).disconnect();
  });
});

describe('namespace /chat', () => {
  it('brings answers and ticks to the visitor alone', async () => {
    const inbox = await makeInbox(db, 'webchat');
    const [session, stranger] = [await start(inbox), await start(inbox)];
    const mine = await write(inbox, session, 'a1');
    const [socket, foreign] = [await open(inbox, session), await open(inbox, stranger)];
    const overheard: unknown[] = [];
    foreign.onAny((event) => overheard.push(event));
    const heard = next<{ message: VisitorMessage }>(socket, 'message:new');
    const id = await answer(inbox, mine, 'Oui, demain');
    expect((await heard).message).toMatchObject({ id, direction: 'out', text: 'Oui, demain', clientId: null });
    const tick = next(socket, 'message:status');
    await visitors.tell(inbox.accountId, [{ type: 'message:status', messageId: id }]);
    expect(await tick).toEqual({ messageId: id, status: 'sent' });
    await answer(inbox, mine, 'hidden', 'note');
    expect(overheard).toEqual([]);
    socket.disconnect();
    foreign.disconnect();
  });

  it('raises the tick of an answer when the page has it and when it was seen, never for a stranger', async () => {
    const inbox = await makeInbox(db, 'webchat');
    const [session, stranger] = [await start(inbox), await start(inbox)];
    const mine = await write(inbox, session, 'a1');
    const id = await answer(inbox, mine, 'Oui');
    const status = async () => (await db.sql<{ status: string }>('select status from messages where id = $1', [id]))[0]?.status;
    const until = async (wanted: string) => {
      for (let tries = 0; tries < 100 && (await status()) !== wanted; tries += 1) await sleep(20);
      return status();
    };
    const [socket, foreign] = [await open(inbox, session), await open(inbox, stranger)];
    foreign.emit('read', { messageId: id });
    foreign.emit('read', 'rubbish');
    await sleep(200);
    expect(await status()).toBe('sent');
    socket.emit('received', { messageId: id });
    expect(await until('delivered')).toBe('delivered');
    socket.emit('read', { messageId: id });
    expect(await until('read')).toBe('read');
    socket.disconnect();
    foreign.disconnect();
  });

  it('passes typing both ways and never back', async () => {
    const inbox = await makeInbox(db, 'webchat');
    const session = await start(inbox);
    const mine = await write(inbox, session, 'a1');
    const [conversation] = await db.sql<{ id: string; contact_id: string }>(
      'select id, contact_id from conversations where account_id = $1',
      [inbox.accountId],
    );
    const socket = await open(inbox, session);
    socket.emit('typing', { isTyping: true });
    for (let tries = 0; tries < 100 && typed.length === 0; tries += 1) await sleep(20);
    expect(typed).toEqual([{ conversationId: conversation?.id, userId: conversation?.contact_id, isTyping: true }]);
    const heard: unknown[] = [];
    socket.on('typing', (body) => heard.push(body));
    for (const userId of [conversation?.contact_id ?? '', newId()])
      await visitors.tell(inbox.accountId, [{ type: 'typing', conversationId: conversation?.id ?? '', userId, isTyping: true }]);
    for (let tries = 0; tries < 100 && heard.length === 0; tries += 1) await sleep(20);
    expect(heard).toEqual([{ isTyping: true }]);
    expect(mine.direction).toBe('in');
    socket.disconnect();
  });

  it('asks the database no more than a page can mean, however fast a visitor sends', async () => {
    const inbox = await makeInbox(db, 'webchat');
    const session = await start(inbox);
    await write(inbox, session, 'a1');
    typed.length = 0;
    const socket = await open(inbox, session);
    socket.emit('typing', { isTyping: true });
    for (let n = 0; n < 500; n += 1) socket.emit('typing', { isTyping: false });
    for (let tries = 0; tries < 100 && typed.length < 2; tries += 1) await sleep(20);
    await sleep(100);
    expect(typed.map((one) => (one as { isTyping: boolean }).isTyping).sort()).toEqual([false, true]);
    let asked = 0;
    const { withAccount } = db.database;
    db.database.withAccount = (...given: Parameters<typeof withAccount>) => {
      asked += 1;
      return withAccount(...given) as never;
    };
    for (let n = 0; n < 1_000; n += 1) socket.emit('received', { messageId: newId() });
    await sleep(500);
    db.database.withAccount = withAccount;
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(300);
    socket.disconnect();
  });

  it('refuses a socket without a good token', async () => {
    const inbox = await makeInbox(db, 'webchat');
    await expect(open(inbox, { token: 'gv_nothing' })).rejects.toThrow('unauthenticated');
    await expect(open({ ...inbox, key: 'nothing-here' }, await start(inbox))).rejects.toThrow('unauthenticated');
  });

  it('met no failure that nobody saw', () => {
    expect(failures).toEqual([]);
  });
});
