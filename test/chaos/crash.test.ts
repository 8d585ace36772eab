import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desk, startDesk } from '../support/desk.ts';
import { signed, whatsappMessages, whatsappSecrets } from '../support/whatsapp.ts';

/** 50 in `npm run test:long`; the suite's short form keeps every fifth with PostgreSQL. */
const kills = Number(process.env.GUICHET_CRASHES ?? 5);
const inFlight = 64;
const contacts = 40;
const phoneNumberId = '990000000001';

let desk: Desk;
let token: string;
let signIn: () => Promise<string>;

beforeAll(async () => {
  desk = await startDesk({ env: { GUICHET_DEMO: 'false' } });
  ({ token, signIn } = await desk.makeAccount('crash'));
}, 120_000);
afterAll(() => desk.remove(), 60_000);

it(`${kills} SIGKILLs with ${inFlight} requests in flight lose and double nothing that was acknowledged`, async () => {
  const inbox = await createInbox();
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  let stopped = false;
  let next = 0;
  let busy = 0;

  async function customer() {
    while (!stopped) {
      const number = next++;
      const text = `crash message ${number}`;
      const from = `3360000${String(number % contacts).padStart(4, '0')}`;
      const raw = whatsappMessages(phoneNumberId, [{ id: `wamid.crash.${number}`, from, text }]);
      sent.add(text);
      // As a provider does: the same event again until somebody says 2xx.
      while (!acknowledged.has(text)) {
        busy += 1;
        const ok = await deliver(inbox.hookPath, raw);
        busy -= 1;
        if (ok) acknowledged.add(text);
        else if (stopped) break;
        else await sleep(20);
      }
    }
  }

  const customers = Array.from({ length: inFlight * 2 }, customer);
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = acknowledged.size;
    while (acknowledged.size < before + 200) await sleep(5);
    await sleep(randomInt(0, 50));
    while (busy < inFlight) await sleep(1);
    await desk.kill(kill % 5 === 0);
    await desk.restart();
  }
  stopped = true;
  await Promise.all(customers);
  token = await signIn();

  const conversations = await list(`/api/v1/conversations?inboxId=${inbox.id}`);
  const found = new Map<string, number>();
  for (const conversation of conversations) {
    for (const message of await list(`/api/v1/conversations/${conversation.id}/messages`))
      found.set(message.text, (found.get(message.text) ?? 0) + 1);
  }
  expect([...acknowledged].filter((text) => !found.has(text))).toEqual([]);
  expect([...found].filter(([, count]) => count !== 1)).toEqual([]);
  expect([...found.keys()].filter((text) => !sent.has(text))).toEqual([]);
  expect(conversations.length).toBe(Math.min(contacts, sent.size));
}, 900_000);

async function deliver(path: string, raw: string): Promise<boolean> {
  return fetch(desk.base + path, { method: 'POST', body: raw, headers: signed(raw), signal: AbortSignal.timeout(15_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

async function createInbox(): Promise<{ id: string; hookPath: string }> {
  const answer = await desk.call('POST', '/api/v1/inboxes', {
    token,
    body: { channel: 'whatsapp', name: 'Crash', settings: { phoneNumberId, ...whatsappSecrets } },
  });
  expect(answer.status).toBe(201);
  return { id: answer.json.id, hookPath: new URL(answer.json.hookUrl).pathname };
}

async function list(path: string): Promise<{ id: string; text: string }[]> {
  const items: { id: string; text: string }[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const answer = await desk.call(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      { token },
    );
    if (answer.status === 429) {
      // So many pages in a minute are more than one session reads.
      token = await signIn();
      continue;
    }
    expect(answer.status).toBe(200);
    items.push(...answer.json.items);
    cursor = answer.json.nextCursor;
  }
  return items;
}
