import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type GraphSend, type GraphStandIn, startGraph } from '../stand-ins/graph.ts';
import { launchBrowser, openPage, signInAt, type Watched } from '../support/browser.ts';
import { type DeskInbox, type DeskNumber, openInbox, openNumber } from '../support/desk-inboxes.ts';
import { type Desk, startDesk } from '../support/desk.ts';

const from = '33639980001';
const customer = 'Amélie Journet';
let graph: GraphStandIn;
let desk: Desk;
let browser: Browser;
let number: DeskNumber;
let form: DeskInbox;
let chat: DeskInbox;
let admin: Watched;
let agent: Watched;
let visitor: Watched;

beforeAll(async () => {
  graph = await startGraph();
  desk = await startDesk({ env: { GUICHET_WHATSAPP_API_URL: graph.url } });
  const token = await desk.signIn();
  number = await openNumber(desk, token, 'Journey WhatsApp', '990000000101');
  form = await openInbox(desk, token, 'form', 'Journey form');
  chat = await openInbox(desk, token, 'webchat', 'Journey chat');
  browser = await launchBrowser();
  [admin, agent, visitor] = await Promise.all([openPage(browser, desk), openPage(browser, desk), openPage(browser, desk)]);
  await Promise.all([signInAt(admin.page, 'demo@guichet.local'), signInAt(agent.page, 'agent@guichet.local')]);
  for (const { page } of [admin, agent]) await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await desk?.remove();
  await graph?.close();
}, 60_000);

// Who looks into a failure wants to see what the three saw.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const [name, { page }] of Object.entries({ admin, agent, visitor }))
    await page.screenshot({ path: `test-results/failed/${task.name.slice(0, 40)} (${name}).png` });
});

const row = (page: Page, name: string) => page.locator('[data-conversation]', { has: page.locator('.l1 b', { hasText: name }) });
const log = (page: Page) => page.getByRole('log');
const said = (page: Page, text: string) => log(page).locator('.msg, .note').filter({ hasText: text });
const tick = (page: Page, text: string, status: string) => said(page, text).getByRole('img', { name: status });
const bothSee = (find: (page: Page) => Locator) => Promise.all([admin, agent].map(({ page }) => find(page).waitFor()));

const refusal = {
  kind: 'answer',
  status: 400,
  body: JSON.stringify({ error: { code: 131_026, message: 'Message undeliverable' } }),
} as const;
const sendsOf = (text: string): GraphSend[] => graph.sends.filter((send) => send.body.text?.body === text);

/** What WhatsApp knows of a text it was given. */
async function taken(text: string): Promise<{ id: string; ref: string; to: string }> {
  await expect.poll(() => sendsOf(text).length, { timeout: 10_000 }).toBeGreaterThan(0);
  const at = graph.sends.findIndex((send) => send.body.text?.body === text);
  const body = graph.sends[at]?.body;
  return { id: `wamid.graph.${at + 1}`, ref: body?.biz_opaque_callback_data ?? '', to: body?.to ?? '' };
}

async function answer(page: Page, text: string) {
  await page.getByRole('textbox', { name: 'Write a reply' }).fill(text);
  await page.keyboard.press('Control+Enter');
}

async function unreadOf(page: Page): Promise<number> {
  const label = await page.getByRole('link', { name: /^Shared inbox/ }).getAttribute('aria-label');
  return Number(/(\d+) unread/.exec(label ?? '')?.[1] ?? 0);
}

describe('a customer writes, and every member sees it without reloading', () => {
  it('through WhatsApp: in both lists, then in the open conversation', async () => {
    await number.write({ id: 'wamid.j1', from, name: customer, text: 'Bonjour, êtes-vous ouverts samedi ?' });
    await bothSee((page) => row(page, customer).getByText('êtes-vous ouverts samedi'));
    await row(admin.page, customer).click();
    await said(admin.page, 'êtes-vous ouverts samedi').waitFor();
    await number.write({ id: 'wamid.j2', from, name: customer, text: 'Et dimanche matin ?' });
    await said(admin.page, 'Et dimanche matin ?').waitFor();
    await row(agent.page, customer).getByText('Et dimanche matin ?').waitFor();
  });

  it('through the hosted form, filled in in a browser', async () => {
    await visitor.page.goto(`${form.pagePath}?lang=en`);
    await visitor.page.getByLabel('Name').fill('Bruno Formulaire');
    await visitor.page.locator('input[type=email]').fill('bruno@example.org');
    await visitor.page.locator('textarea').fill('Je voudrais un rendez-vous.');
    await visitor.page.locator('button[type=submit]').click();
    await visitor.page.getByRole('status').waitFor();
    await bothSee((page) => row(page, 'Bruno Formulaire'));
  });

  it('through live chat', async () => {
    await visitor.page.goto(`${chat.pagePath}?lang=en`);
    await visitor.page.locator('textarea').fill('Hello from the chat page');
    await visitor.page.keyboard.press('Enter');
    await bothSee((page) => page.locator('[data-conversation]', { hasText: 'Hello from the chat page' }));
  });
});

describe('a member answers', () => {
  it('on WhatsApp: the customer gets it, and its ticks advance on both screens', async () => {
    await row(agent.page, customer).click();
    await answer(admin.page, 'Oui, de 9 h à 18 h.');
    const { id, ref, to } = await taken('Oui, de 9 h à 18 h.');
    expect(to).toBe(from);
    await bothSee((page) => tick(page, 'Oui, de 9 h à 18 h.', 'Sent'));
    await number.report({ id, to, ref, status: 'delivered' });
    await bothSee((page) => tick(page, 'Oui, de 9 h à 18 h.', 'Delivered'));
    await number.report({ id, to, ref, status: 'read' });
    await bothSee((page) => tick(page, 'Oui, de 9 h à 18 h.', 'Read'));
    await number.report({ id, to, ref, status: 'delivered' });
    await said(admin.page, 'Oui, de 9 h à 18 h.').getByRole('img', { name: 'Read' }).waitFor();
    expect(sendsOf('Oui, de 9 h à 18 h.')).toHaveLength(1);
  });

  it('in live chat: the visitor sees it at once, and the member that it was read', async () => {
    await agent.page.locator('[data-conversation]', { hasText: 'Hello from the chat page' }).click();
    await answer(agent.page, 'Hello, how can we help?');
    await visitor.page.getByText('Hello, how can we help?').waitFor();
    await tick(agent.page, 'Hello, how can we help?', 'Read').waitFor();
  });

  it('with a note, which stays within the team', async () => {
    await admin.page
      .getByRole('button', { name: 'Note' })
      .or(admin.page.getByRole('radio', { name: 'Note' }))
      .click();
    await admin.page.getByRole('textbox', { name: 'Write a note for the team' }).fill('Ask Camille first.');
    await admin.page.getByRole('button', { name: 'Add the note' }).click();
    await row(agent.page, customer).click();
    await bothSee((page) => page.locator('.note', { hasText: 'Ask Camille first.' }));
    expect(sendsOf('Ask Camille first.')).toEqual([]);
    expect(await admin.page.getByText(/new messages?$/).count()).toBe(0);
    await admin.page
      .getByRole('button', { name: 'Reply' })
      .or(admin.page.getByRole('radio', { name: 'Reply' }))
      .click();
  });
});

describe('members see each other', () => {
  it('reading the same conversation, and writing in it', async () => {
    const line = admin.page.locator('.thread .sub');
    await line.getByText(/is reading too/).waitFor();
    await agent.page.getByRole('textbox', { name: 'Write a reply' }).pressSequentially('Let me', { delay: 20 });
    await line.getByText(/is writing…/).waitFor();
    await agent.page.getByRole('textbox', { name: 'Write a reply' }).fill('');
    await line.getByText(/is reading too/).waitFor();
    await agent.page.keyboard.press('Escape');
    await agent.page.keyboard.press('Escape');
    await line.getByText(/is reading too/).waitFor({ state: 'detached' });
  });

  it('the visitor of a chat too', async () => {
    await agent.page.locator('[data-conversation]', { hasText: 'how can we help' }).click();
    await visitor.page.locator('textarea').pressSequentially('I am', { delay: 20 });
    await agent.page
      .locator('.thread .sub')
      .getByText(/is writing…/)
      .waitFor();
    await agent.page.getByRole('textbox', { name: 'Write a reply' }).pressSequentially('Yes', { delay: 20 });
    await visitor.page.locator('.dots').waitFor();
    await agent.page.getByRole('textbox', { name: 'Write a reply' }).fill('');
    await visitor.page.locator('.dots').waitFor({ state: 'detached' });
  });

  it('unread counts go up with what arrives and down with what is read, each member their own', async () => {
    const [adminBefore, agentBefore] = [await unreadOf(admin.page), await unreadOf(agent.page)];
    await number.write({ id: 'wamid.u1', from: '33639980002', name: 'Carla Nonlue', text: 'Un' });
    await number.write({ id: 'wamid.u2', from: '33639980002', name: 'Carla Nonlue', text: 'Deux' });
    await bothSee((page) => row(page, 'Carla Nonlue').getByTitle('2 unread'));
    await expect.poll(() => unreadOf(admin.page)).toBe(adminBefore + 1);
    await expect.poll(() => unreadOf(agent.page)).toBe(agentBefore + 1);
    await row(admin.page, 'Carla Nonlue').click();
    await row(admin.page, 'Carla Nonlue')
      .getByTitle(/unread/)
      .waitFor({ state: 'detached' });
    await expect.poll(() => unreadOf(admin.page), { timeout: 5_000 }).toBe(adminBefore);
    await number.write({ id: 'wamid.u3', from: '33639980002', name: 'Carla Nonlue', text: 'Trois' });
    await row(agent.page, 'Carla Nonlue').getByTitle('3 unread').waitFor();
    expect(await unreadOf(agent.page)).toBe(agentBefore + 1);
  });
});

describe('trouble is told as it is', () => {
  it('offline: a banner says so, the reply waits, and leaves once when the network is back', async () => {
    await row(admin.page, customer).click();
    admin.allow(0);
    await admin.page.context().setOffline(true);
    await answer(admin.page, 'Written without a network.');
    await admin.page.getByText('Offline. 1 message leaves when the network is back.').waitFor();
    await said(admin.page, 'Written without a network.').getByText('Waits for the network').waitFor();
    await number.write({ id: 'wamid.o1', from, name: customer, text: 'Sent while the desk was offline' });
    await admin.page.context().setOffline(false);
    await taken('Written without a network.');
    await said(admin.page, 'Sent while the desk was offline').waitFor();
    await tick(admin.page, 'Written without a network.', 'Sent').waitFor();
    await admin.page.getByText(/^Offline\./).waitFor({ state: 'detached' });
    expect(await said(admin.page, 'Written without a network.').count()).toBe(1);
    expect(sendsOf('Written without a network.')).toHaveLength(1);
  });

  it('a refusal of the provider is shown with its reason, and the text can be taken up again', async () => {
    graph.behave(() => refusal);
    await answer(admin.page, 'To a number that is gone.');
    const bubble = said(admin.page, 'To a number that is gone.');
    await bubble.getByText('this address cannot be reached').waitFor();
    await bubble.getByRole('img', { name: 'Not sent' }).waitFor();
    graph.behave(() => ({ kind: 'ok' }));
    await bubble.getByRole('button', { name: 'Take the text up again' }).click();
    const field = admin.page.getByRole('textbox', { name: 'Write a reply' });
    await expect.poll(() => field.inputValue()).toBe('To a number that is gone.');
    await field.press('Control+Enter');
    await taken('To a number that is gone.');
  });

  it('an answer of the provider that never came is shown as uncertain, and nothing is sent twice', async () => {
    graph.behave(() => ({ kind: 'reset' }));
    await answer(admin.page, 'Did this arrive?');
    const bubble = said(admin.page, 'Did this arrive?');
    await bubble.getByText('not confirmed').waitFor();
    await bubble.getByRole('img', { name: 'Uncertain' }).waitFor();
    graph.behave(() => ({ kind: 'ok' }));
    expect(sendsOf('Did this arrive?')).toHaveLength(1);
    // Only when somebody asks for it.
    await bubble.getByRole('button', { name: 'Send again' }).click();
    await bubble.getByText('not confirmed').waitFor({ state: 'detached' });
    await expect.poll(() => sendsOf('Did this arrive?').length).toBe(2);
  });
});

it('no page was reloaded, met a fault or asked another server', async () => {
  for (const { page } of [admin, agent]) expect(await page.evaluate(() => Object.hasOwn(globalThis, 'isSamePage'))).toBe(true);
  expect([...admin.wrongs, ...agent.wrongs, ...visitor.wrongs]).toEqual([]);
});
