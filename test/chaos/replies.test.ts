import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GraphStandIn, startGraph } from '../stand-ins/graph.ts';
import { type Desk, startDesk } from '../support/desk.ts';
import { signed, whatsappMessages, whatsappSecrets } from '../support/whatsapp.ts';

const kills = Number(process.env.GUICHET_REPLY_CRASHES ?? 4);
const phoneNumberId = '990000000002';

let graph: GraphStandIn;
let desk: Desk;
let token: string;
let signIn: () => Promise<string>;

beforeAll(async () => {
  graph = await startGraph();
  desk = await startDesk({ env: { GUICHET_DEMO: 'false', GUICHET_WHATSAPP_API_URL: graph.url } });
  ({ token, signIn } = await desk.makeAccount('replies'));
}, 120_000);
afterAll(async () => {
  await desk.remove();
  await graph.close();
}, 120_000);

it('a reply interrupted by SIGKILL is sent once or shown as uncertain', async () => {
  const conversationId = await makeConversation();
  graph.behave(() => ({ kind: 'slow', ms: 150 }));
  const replies: { id: string; text: string }[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    for (let n = 0; n < 3; n += 1) {
      const text = `reply ${kill}.${n}`;
      const answer = await desk.call('POST', `/api/v1/conversations/${conversationId}/messages`, { token, body: { text } });
      expect(answer.status).toBe(201);
      replies.push({ id: answer.json.id, text });
    }
    // Somewhere between the commit, the call and its answer.
    await sleep(kill * 60);
    await desk.kill(kill % 4 === 0);
    await desk.restart();
    token = await signIn();
  }

  const settled = await until(async () => {
    const messages = (await desk.call('GET', `/api/v1/conversations/${conversationId}/messages?limit=100`, { token })).json.items;
    const ours = messages.filter((message: { direction: string }) => message.direction === 'out');
    return ours.every((message: { status: string }) => ['sent', 'uncertain'].includes(message.status)) ? ours : undefined;
  }, 120_000);

  for (const { id, text } of replies) {
    const calls = graph.sends.filter((send) => send.body.text?.body === text).length;
    const status = settled.find((message: { id: string }) => message.id === id)?.status;
    if (status === 'sent') expect([text, calls]).toEqual([text, 1]);
    // Uncertain: the call may have left or not, and nobody repeated it.
    else expect([status, calls <= 1]).toEqual(['uncertain', true]);
  }
  expect(settled).toHaveLength(replies.length);
  expect(settled.some((message: { status: string }) => message.status === 'sent')).toBe(true);
}, 300_000);

async function makeConversation(): Promise<string> {
  const body = { channel: 'whatsapp', name: 'Replies', settings: { phoneNumberId, ...whatsappSecrets } };
  const inbox = await desk.call('POST', '/api/v1/inboxes', { token, body });
  expect(inbox.status).toBe(201);
  const raw = whatsappMessages(phoneNumberId, [{ id: 'wamid.first', from: '33612345678', text: 'Bonjour' }]);
  expect((await desk.call('POST', new URL(inbox.json.hookUrl).pathname, { raw, headers: signed(raw) })).status).toBe(200);
  return (await desk.call('GET', '/api/v1/conversations', { token })).json.items[0].id;
}

async function until<T>(check: () => Promise<T | undefined>, ms: number): Promise<T> {
  for (const deadline = Date.now() + ms; ; await sleep(200)) {
    const value = await check();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error('waited in vain');
  }
}
