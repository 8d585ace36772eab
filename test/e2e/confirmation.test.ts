import pg from 'pg';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { launchBrowser, openPage, signInAt, type Watched } from '../support/browser.ts';
import { guichet } from '../support/command.ts';
import { type Desk, startDesk } from '../support/desk.ts';
import { codeOf } from '../support/second-factor.ts';

// One story, told in order: each test stands on the one before.
vi.setConfig({ testTimeout: 60_000 });
const password = 'guichet-demo';
let desk: Desk;
let browser: Browser;
let watched: Watched;
let page: Page;
let database: pg.Client;

beforeAll(async () => {
  desk = await startDesk();
  const { stdout } = await guichet(['db', 'url'], { GUICHET_DATA_DIR: desk.dataDir });
  database = new pg.Client({ connectionString: stdout.trim() });
  await database.connect();
  browser = await launchBrowser();
  // Passkeys refuse an IP address.
  watched = await openPage(browser, { base: desk.base.replace('127.0.0.1', 'localhost') });
  page = watched.page;
  for (const status of [401, 403]) watched.allow(status);
  await signInAt(page, 'demo@guichet.local', password);
}, 120_000);
afterEach(() => expect(watched.wrongs).toEqual([]));
afterAll(async () => {
  await browser?.close();
  await database?.end();
  await desk?.remove();
}, 60_000);

/** The security page, an hour after the sign-in. */
async function comeBackLater(): Promise<void> {
  await database.query("update sessions set confirmed_at = now() - interval '1 hour'");
  await page.goto('/settings/security');
  await page.getByRole('heading', { name: 'Two-step sign-in' }).waitFor();
}
const question = () => page.getByRole('dialog', { name: 'Confirm that it is you' });
const press = (within: Page | Locator, name: string) => within.getByRole('button', { name, exact: true }).click();

it('a change of the sign-in asks who is here, refuses a wrong password, and goes on where it was', async () => {
  await comeBackLater();
  await press(page, 'Turn on');
  await question().getByLabel('Password', { exact: true }).fill('not the password');
  await press(question(), 'Confirm');
  await question().getByText('This password is not right.').waitFor();
  await question().getByLabel('Password', { exact: true }).fill(password);
  await press(question(), 'Confirm');
  const setUp = page.getByRole('dialog', { name: 'Link your app' });
  await setUp.getByRole('img', { name: 'Code to scan' }).waitFor();
  const secret = ((await setUp.locator('.copy [title]').getAttribute('title')) ?? '').replaceAll(' ', '');
  await setUp.getByLabel('Six-digit code').fill(codeOf(secret));
  await press(setUp, 'Turn on');
  await press(page, 'I have kept them');
  await page.getByText('Recovery codes left: 10').waitFor();
});

it('a passkey of the device answers the question too', async () => {
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true } as const;
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await press(page, 'Add a passkey');
  await page.getByText('Never used').waitFor();

  await comeBackLater();
  await press(page, 'Turn off');
  await press(page.getByRole('dialog'), 'Turn off');
  await press(question(), 'Use a passkey');
  await page.getByText('A stolen password is no longer enough.').waitFor();
});

it('whoever does not answer changes nothing', async () => {
  await comeBackLater();
  await page.getByRole('button', { name: /^Actions for / }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await press(page.getByRole('dialog'), 'Remove');
  await press(question(), 'Cancel');
  await page.reload();
  await page.getByRole('button', { name: /^Actions for / }).waitFor();
});
