import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GraphStandIn, startGraph } from '../stand-ins/graph.ts';
import { findShifts } from '../support/audit.ts';
import { launchBrowser, type Watched } from '../support/browser.ts';
import { guichet } from '../support/command.ts';
import { type DeskNumber, openNumber } from '../support/desk-inboxes.ts';
import { type Desk, startDesk } from '../support/desk.ts';
import { createLooks, phone } from '../support/look.ts';

const password = 'correct horse battery';
const longName = 'Anne-Sophie Marie-Thérèse de Kermadec-Rousselot, présidente du conseil syndical';
let dataDir: string;
let graph: GraphStandIn;
let desk: Desk;
let token: string;
let browser: Browser;
let number: DeskNumber;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'guichet-screens-'));
  graph = await startGraph();
  desk = await startDesk({ dataDir, env: { GUICHET_WHATSAPP_API_URL: graph.url } });
  token = await desk.signIn();
  const words = ['account', 'create', '--name', 'Cabinet Neuf', '--email', 'neuf@example.org', '--password', password];
  expect((await guichet(words, { GUICHET_DATA_DIR: dataDir })).code).toBe(0);
  browser = await launchBrowser();
  looks = createLooks(browser, desk);
  number = await openNumber(desk, token, 'WhatsApp du service après-vente de la rue Saint-Honoré', '990000000201');
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await desk?.remove();
  await graph?.close();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

let looks: ReturnType<typeof createLooks>;
const look: typeof looks.look = (...given) => looks.look(...given);
const signedIn: typeof looks.signedIn = (...given) => looks.signedIn(...given);

/** The list again, as somebody finds it who comes back, and one conversation of it. */
async function openThread(page: Page, name: string): Promise<void> {
  const { items } = (await desk.call('GET', `/api/v1/conversations?q=${encodeURIComponent(name)}`, { token })).json;
  await page.goto(`/inbox/all/${items[0].id}`);
  await page.getByRole('log').locator('.bub, .note').last().waitFor();
}

async function openList({ page }: Watched): Promise<void> {
  await page.goto('/inbox/all');
  await page.locator('[data-conversation]').first().waitFor();
}

const customer = 'Anne-Sophie';

it('inbox, desktop, light, French', () => signedIn('inbox-light-fr', {}, ({ page }) => openThread(page, customer)));
it('inbox, desktop, dark, French', () => signedIn('inbox-dark-fr', { theme: 'dark' }, ({ page }) => openThread(page, customer)));
it('inbox, desktop, light, English', () => signedIn('inbox-light-en', { language: 'en' }, ({ page }) => openThread(page, 'Priya')));
it('inbox, desktop, dark, English', () =>
  signedIn('inbox-dark-en', { language: 'en', theme: 'dark' }, ({ page }) => openThread(page, 'Oliver')));
it('inbox on a small laptop', () => signedIn('inbox-1024', { width: 1024, height: 768 }, ({ page }) => openThread(page, customer)));
it('inbox on a wide screen', () => signedIn('inbox-1920', { width: 1920, height: 1080 }, ({ page }) => openThread(page, customer)));
it('thread on a phone', () => signedIn('thread-phone', phone, ({ page }) => openThread(page, customer)));
it('thread on a phone, dark', () => signedIn('thread-phone-dark', { ...phone, theme: 'dark' }, ({ page }) => openThread(page, customer)));

it('list on a phone', () => signedIn('list-phone', phone, openList));
it('list on a phone, dark', () => signedIn('list-phone-dark', { ...phone, theme: 'dark' }, openList));

it('an account without any conversation', () =>
  signedIn(
    'inbox-empty',
    {},
    async ({ page }) => {
      await page.goto('/');
      await page.getByText('Aucun guichet').waitFor();
    },
    'neuf@example.org',
    password,
  ));

it('a list that could not be read', () =>
  signedIn('inbox-error', {}, async ({ page, allow }) => {
    allow(503);
    const problem = {
      type: 'about:blank',
      title: 'Unavailable',
      status: 503,
      code: 'unavailable',
      detail: '-',
      requestId: 'r-4471',
      errors: [],
    };
    await page.route(/conversations\?/, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
    );
    await page.goto('/inbox/all');
    await page.getByText('r-4471').waitFor();
    await page.getByRole('button', { name: 'Réessayer' }).waitFor();
  }));

it('offline, with a reply that waits', () =>
  signedIn('inbox-offline', {}, async ({ page, allow }) => {
    allow(0);
    await openThread(page, customer);
    expect(await findShifts(page)).toEqual([]);
    await page.context().setOffline(true);
    await page.locator('.composer textarea').fill('Je vous réponds dès que le réseau revient.');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/Hors ligne\. 1 message/).waitFor();
    // The banner comes in above and moves what is below, once and on purpose.
    await findShifts(page);
  }));

it('500 messages in one conversation', async () => {
  const from = '33639980500';
  for (let batch = 0; batch < 20; batch += 1) {
    const texts = Array.from({ length: 24 }, (_, at) => ({
      id: `wamid.many.${batch}.${at}`,
      from,
      name: 'Zoé Cinq-Cents',
      text: `Message ${batch * 25 + at + 1} sur 500.${at % 5 === 0 ? ' Celui-ci est un peu plus long, pour que les lignes n’aient pas toutes la même hauteur.' : ''}`,
    }));
    await number.write(...texts);
    const { items } = (await desk.call('GET', `/api/v1/conversations?inboxId=${number.id}`, { token })).json;
    const text = `Réponse après ${batch * 25 + 24} messages.`;
    await desk.call('POST', `/api/v1/conversations/${items[0].id}/messages`, { token, body: { text } });
  }
  await signedIn('messages-500', {}, ({ page }) => openThread(page, 'Zoé'));
});

it('names of 80 characters and words without end', async () => {
  expect(longName.length).toBeGreaterThanOrEqual(79);
  const text = `${'https://exemple.example/'}${'tresLongSansEspace'.repeat(12)} et ${'m'.repeat(140)}`;
  await number.write({ id: 'wamid.long', from: '33639980080', name: longName, text });
  await signedIn('names-80', {}, ({ page }) => openThread(page, 'présidente'));
  await signedIn('names-80-phone', phone, ({ page }) => openThread(page, 'présidente'));
});

const signInShown = async ({ page }: Watched) => {
  await page.goto('/sign-in');
  await page.locator('button[type=submit]').waitFor();
};
it('sign-in', () => look('sign-in-light', {}, signInShown));
it('sign-in, dark', () => look('sign-in-dark', { theme: 'dark' }, signInShown));
it('sign-in on a phone', () => look('sign-in-phone', phone, signInShown));
it('first desk', () => look('setup', {}, async ({ page }) => void (await page.goto('/setup'))));

it('settings of the inboxes, and of one', async () => {
  await signedIn('settings-inboxes', {}, async ({ page }) => {
    await page.goto('/settings/inboxes');
    await page.getByText('Chat du site').first().waitFor();
  });
  await signedIn('settings-inbox', {}, async ({ page }) => {
    await page.goto(`/settings/inboxes/${number.id}`);
    await page.getByText('saint-honoré', { exact: false }).first().waitFor();
  });
  await signedIn('settings-new', {}, async ({ page }) => {
    await page.goto('/settings/inboxes/new');
    await page.getByRole('heading').first().waitFor();
  });
  await signedIn('settings-phone', phone, async ({ page }) => {
    await page.goto(`/settings/inboxes/${number.id}`);
    await page.getByText('saint-honoré', { exact: false }).first().waitFor();
  });
});

async function publicPath(channel: string): Promise<string> {
  const { items } = (await desk.call('GET', '/api/v1/inboxes?limit=100', { token })).json;
  const found = items.find((inbox: { channel: string }) => inbox.channel === channel);
  return new URL(found.pageUrl).pathname;
}

it('public form', async () => {
  const path = `${await publicPath('form')}?lang=fr`;
  const shown = async ({ page }: Watched) => void (await page.goto(path));
  await look('form-desktop', {}, shown);
  await look('form-dark', { theme: 'dark' }, shown);
  await look('form-phone', phone, shown);
  await look('form-errors', {}, async ({ page, allow }) => {
    allow(400);
    await page.goto(path);
    await page.locator('button[type=submit]').click();
    await page.locator('.err').first().waitFor();
  });
});

it('live chat', async () => {
  const path = `${await publicPath('webchat')}?lang=fr`;
  const shown = async ({ page }: Watched) => {
    await page.goto(path);
    await page.locator('textarea').fill('Bonjour, livrez-vous à Lyon ?');
    await page.keyboard.press('Enter');
    await page.locator('.msg.me time').waitFor();
  };
  await look('chat', {}, shown);
  await look('chat-phone', { ...phone, theme: 'dark' }, shown);
});

it('be a customer', async () => {
  const shown = async ({ page }: Watched) => {
    await page.goto('/demo/customer?lang=fr');
    await page.locator('iframe').last().contentFrame().locator('textarea').waitFor();
  };
  await look('customer', {}, shown);
  await look('customer-phone', phone, shown);
});

it('keyboard help and the menus', () =>
  signedIn('shortcuts', {}, async ({ page }) => {
    await openThread(page, customer);
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
  }));
