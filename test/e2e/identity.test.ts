import { Secret, TOTP } from 'otpauth';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { launchBrowser, openPage, type Watched } from '../support/browser.ts';
import { guichet } from '../support/command.ts';
import { type Desk, startDesk } from '../support/desk.ts';

// One story, told in order: each test stands on the one before.
vi.setConfig({ testTimeout: 60_000 });
let desk: Desk;
let browser: Browser;
let base: string;
let link: string;
let lea: Watched;
let secret: string;
let recoveryCodes: string[];

const email = 'lea@cabinet.example';
const password = 'quatre mots sans lien';

beforeAll(async () => {
  desk = await startDesk();
  // Passkeys refuse an IP address.
  base = desk.base.replace('127.0.0.1', 'localhost');
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.remove();
}, 60_000);

const codeNow = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate();
const dialog = (page: Page) => page.getByRole('dialog');

async function signIn(page: Page): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** A further device of Léa's. */
async function openDevice(): Promise<Watched> {
  const watched = await openPage(browser, { base });
  watched.allow(401);
  return watched;
}

it('whoever sets the desk up invites somebody, and has a link to hand over', async () => {
  const { page, allow } = await openPage(browser, { base });
  allow(401);
  await page.goto('/setup');
  await page.getByLabel('One-time code').fill(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(desk.output())?.[0] ?? '');
  await page.getByLabel('Name of your organisation').fill('Cabinet Rivière');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Your name').fill('Ana Rivière');
  await page.getByLabel('E-mail').fill('ana@cabinet.example');
  await page.getByLabel('Password', { exact: true }).fill('a long pass phrase');
  await page.getByRole('button', { name: 'Create my desk' }).click();
  await page.waitForURL('**/settings/inboxes/new');
  await page.goto('/settings/members');
  await page.getByRole('button', { name: 'Invite' }).click();
  await dialog(page).getByRole('textbox').fill(email);
  await dialog(page).getByRole('button', { name: 'Invite' }).click();
  await page.getByText(`Invitation ready for ${email}`).waitFor();
  link = await dialog(page).locator('.input.copy .mono').innerText();
  expect(link).toMatch(/\/invitation#token=[\w-]{60,}$/);
});

it('who is invited chooses a name and a password, and is at the counter', async () => {
  lea = await openDevice();
  const { page } = lea;
  await page.goto(link);
  await page.getByRole('heading', { name: 'Join Cabinet Rivière' }).waitFor();
  await page.getByText('Ana Rivière invites you').waitFor();
  await page.getByLabel('Your name').fill('Léa Martin');
  await page.getByLabel('Password', { exact: true }).fill('password1234');
  lea.allow(400);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByText('too easy to guess').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL('**/inbox**');
  await page.getByRole('button', { name: 'Profile of Léa Martin' }).waitFor();
});

it('an invitation opens once', async () => {
  const { page, allow } = await openDevice();
  allow(404);
  await page.goto(link);
  await page.getByText('no longer valid').waitFor();
});

it('she links an authenticator app and keeps her recovery codes', async () => {
  const { page } = lea;
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('img', { name: 'Code to scan' }).waitFor();
  secret = (await dialog(page).locator('.input.copy .mono').innerText()).replaceAll(' ', '');
  await dialog(page).getByLabel('Six-digit code').fill('000000');
  await dialog(page).getByRole('button', { name: 'Turn on' }).click();
  await dialog(page).getByText('not right').waitFor();
  await dialog(page).getByLabel('Six-digit code').fill(codeNow());
  await dialog(page).getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('Your recovery codes').waitFor();
  recoveryCodes = await dialog(page).getByRole('listitem').allInnerTexts();
  expect(new Set(recoveryCodes).size).toBe(10);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('Recovery codes left: 10').waitFor();
});

it('another device needs a code beside the password, and a recovery code is one', async () => {
  const { page } = await openDevice();
  await signIn(page);
  await page.getByRole('heading', { name: 'One more code' }).waitFor();
  await page.getByLabel('Six-digit code').fill('000000');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('not right').waitFor();
  await page.getByText('Use a recovery code').click();
  await page.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/inbox**');
});

it('she ends the session of another device, and it falls at once', async () => {
  const other = await openDevice();
  await signIn(other.page);
  await other.page.getByText('Use a recovery code').click();
  await other.page.getByLabel('Recovery code').fill(recoveryCodes[1] ?? '');
  await other.page.getByRole('button', { name: 'Continue' }).click();
  await other.page.waitForURL('**/inbox**');
  await other.page.getByRole('button', { name: 'Profile of Léa Martin' }).waitFor();

  const { page } = lea;
  await page.goto('/settings/security');
  await page.getByText('This device').waitFor();
  await page
    .getByRole('button', { name: /^End the session Chrome on Linux/ })
    .first()
    .click();
  const endedAt = Date.now();
  await other.page.waitForURL('**/sign-in**');
  expect(Date.now() - endedAt).toBeLessThan(3_000);
  await page.getByRole('button', { name: 'End all others' }).click();
  await dialog(page).getByRole('button', { name: 'End all others' }).click();
  await page.getByText('signed in nowhere else').waitFor();
});

it('a change of her access asks again who is there when the last proof is old, and then goes on', async () => {
  const { page } = lea;
  lea.allow(403);
  await sql("update sessions set confirmed_at = now() - interval '1 hour'");
  await page.goto('/settings/security');
  const renew = async () => {
    await page.getByRole('button', { name: 'New recovery codes' }).click();
    await dialog(page).getByRole('button', { name: 'New recovery codes' }).click();
    await page.getByText('Confirm that it is you').waitFor();
  };
  await renew();
  await dialog(page).last().getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Nothing changed').waitFor();
  await dialog(page).getByRole('button', { name: 'Cancel' }).click();
  await renew();
  await dialog(page).last().getByLabel('Password', { exact: true }).fill('not the password');
  await dialog(page).last().getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('This password is not right').waitFor();
  await dialog(page).last().getByLabel('Password', { exact: true }).fill(password);
  await dialog(page).last().getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Your recovery codes').waitFor();
  const fresh = await dialog(page).last().getByRole('listitem').allInnerTexts();
  expect(fresh.some((code) => recoveryCodes.includes(code))).toBe(false);
  await page.getByRole('button', { name: 'I have kept them' }).click();
});

it('a passkey of her device is enough to sign in, without a code', async () => {
  const { page } = lea;
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  await device.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Never used').waitFor();
  await page.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await dialog(page).getByRole('textbox').fill('Work laptop');
  await dialog(page).getByRole('button', { name: 'Rename' }).click();
  await page.getByText('Work laptop').waitFor();

  await page.getByRole('button', { name: 'Profile of Léa Martin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in**');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.waitForURL('**/inbox**');
  await page.goto('/settings/security');
  await page.getByRole('listitem').filter({ hasText: 'Work laptop' }).getByText('Last used').waitFor();
  expect(lea.wrongs).toEqual([]);
});

/** As the operator, past the API: a quarter of an hour cannot be waited for. */
async function sql(text: string): Promise<void> {
  const { stdout } = await guichet(['db', 'url'], { GUICHET_DATA_DIR: desk.dataDir });
  const client = new pg.Client({ connectionString: stdout.trim() });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
