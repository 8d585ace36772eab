import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desk, startDesk } from '../support/desk.ts';
import { signed, whatsappMessages, whatsappSecrets } from '../support/whatsapp.ts';

const ids = 500;
const contacts = 100;
const phoneNumberId = '990000000003';

let dataDir: string;
let first: Desk;
let second: Desk;
let token: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'guichet-two-'));
  first = await startDesk({ env: { GUICHET_DEMO: 'false' } });
  ({ token } = await first.makeAccount('two'));
  // The second process knows nothing but the address of the database and the shared key.
  const { stdout } = await promisify(execFile)(process.execPath, ['cli/guichet.mjs', 'db', 'url'], {
    env: { ...process.env, GUICHET_DATA_DIR: first.dataDir },
  });
  second = await startDesk({
    dataDir,
    env: { GUICHET_DEMO: 'false', DATABASE_URL: stdout.trim(), GUICHET_SECRET_KEY: await first.secretKey() },
  });
}, 120_000);
afterAll(async () => {
  await second.remove();
  await first.remove();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

it(`${ids} ids delivered 10 times at once over two processes make ${ids} messages and one conversation per contact`, async () => {
  const body = { channel: 'whatsapp', name: 'Two', settings: { phoneNumberId, ...whatsappSecrets } };
  const inbox = await first.call('POST', '/api/v1/inboxes', { token, body });
  const path = new URL(inbox.json.hookUrl).pathname;
  const deliveries = Array.from({ length: ids * 10 }, (_, n) => n % ids).sort(() => Math.random() - 0.5);
  const statuses: number[] = [];
  const sender = async () => {
    for (let n = deliveries.pop(); n !== undefined; n = deliveries.pop()) {
      const raw = whatsappMessages(phoneNumberId, [
        { id: `wamid.two.${n}`, from: `336${String(n % contacts).padStart(8, '0')}`, text: `message ${n}` },
      ]);
      const desk = deliveries.length % 2 === 0 ? first : second;
      statuses.push((await desk.call('POST', path, { raw, headers: signed(raw) })).status);
    }
  };
  await Promise.all(Array.from({ length: 64 }, sender));
  expect(statuses.filter((status) => status !== 200)).toEqual([]);

  const conversations = (await second.call('GET', '/api/v1/conversations?limit=100', { token })).json.items;
  expect(conversations).toHaveLength(contacts);
  const texts: string[] = [];
  for (const { id } of conversations) {
    const page = await second.call('GET', `/api/v1/conversations/${id}/messages?limit=100`, { token });
    texts.push(...page.json.items.map((message: { text: string }) => message.text));
  }
  expect(texts).toHaveLength(ids);
  expect(new Set(texts).size).toBe(ids);
}, 60_000);

it('a message that one process takes is heard on a socket of the other', async () => {
  const [conversation] = (await first.call('GET', '/api/v1/conversations?limit=1', { token })).json.items;
  const socket = io(`${second.base}/ws`, { auth: { token }, transports: ['websocket'] });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('authenticated', () => resolve());
      socket.once('connect_error', reject);
    });
    expect(await socket.emitWithAck('join_conversation', { conversationId: conversation.id })).toMatchObject({ ok: true });
    const heard = new Promise<{ message: { text: string } }>((resolve) => socket.once('message:new', resolve));
    const sent = await first.call('POST', `/api/v1/conversations/${conversation.id}/messages`, {
      token,
      body: { text: 'une note', kind: 'note' },
    });
    expect(sent.status).toBe(201);
    expect((await heard).message.text).toBe('une note');
  } finally {
    socket.disconnect();
  }
}, 20_000);
