import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openPage } from '../support/browser.ts';
import { type Desk, startDesk } from '../support/desk.ts';

let desk: Desk;
let browser: Browser;

beforeAll(async () => {
  desk = await startDesk();
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.remove();
}, 60_000);

it('whoever reads the console makes the real desk, opens a chat, and a visitor’s first message arrives in it', async () => {
  const { page, allow } = await openPage(browser, desk);
  allow(401);
  allow(400);
  allow(403);
  await page.goto('/');
  await page.getByText('Create my desk').click();
  await page.getByLabel('One-time code').fill('AAAA-BBBB-CCCC');
  await page.getByLabel('Name of your organisation').fill('Cabinet Rivière');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Your name').fill('Ana Rivière');
  await page.getByLabel('E-mail').fill('ana@cabinet.example');
  await page.getByLabel('Password', { exact: true }).fill('password1234');
  await page.getByRole('button', { name: 'Create my desk' }).click();
  // A wrong code leads back to it, and what was given stays where it belongs.
  await page.getByText('This code').waitFor();
  await page.getByLabel('One-time code').fill(printedCode());
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(await page.getByLabel('Your name').inputValue()).toBe('Ana Rivière');
  await page.getByRole('button', { name: 'Create my desk' }).click();
  await page.getByText('too easy to guess').waitFor();
  await page.getByLabel('Password', { exact: true }).fill('a long pass phrase');
  await page.getByRole('button', { name: 'Create my desk' }).click();

  await page.waitForURL('**/settings/inboxes/new');
  await page.getByRole('button', { name: 'Open the inbox' }).waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Site');
  await page.getByRole('button', { name: 'Open the inbox' }).click();
  await page.waitForURL(/settings\/inboxes\/[0-9a-f-]{36}/);
  const token = await desk.signIn('ana@cabinet.example', 'a long pass phrase');
  const [inbox] = (await desk.call('GET', '/api/v1/inboxes', { token })).json.items;
  expect(inbox).toMatchObject({ name: 'Site', channel: 'webchat' });

  await page.goto('/inbox');
  const visitor = await openPage(browser, desk);
  await visitor.page.goto(new URL(inbox.pageUrl).pathname);
  await visitor.page.getByRole('textbox').fill('Premier bonjour');
  await visitor.page.keyboard.press('Enter');
  await page.locator('[data-conversation]').getByText('Premier bonjour').waitFor();
}, 60_000);

it('the code works once', async () => {
  const body = { code: printedCode(), name: 'Second', memberName: 'Eve', email: 'eve@second.example', password: 'another pass phrase' };
  expect((await desk.call('POST', '/api/v1/setup/account', { body })).status).toBeGreaterThanOrEqual(400);
});

function printedCode(): string {
  const [code] = /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(desk.output()) ?? [];
  if (!code) throw new Error(`the console shows no code: ${desk.output()}`);
  return code;
}
