import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type RealProvider, startOidcProvider } from '../stand-ins/oidc-provider.ts';
import { type SmtpStandIn, startSmtp } from '../stand-ins/smtp.ts';
import { enter, launchBrowser, openPage } from '../support/browser.ts';
import { type Desk, freePort, startDesk } from '../support/desk.ts';

vi.setConfig({ testTimeout: 60_000 });
let desk: Desk;
let base: string;
let smtp: SmtpStandIn;
let provider: RealProvider;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  base = `http://localhost:${port}`;
  smtp = await startSmtp();
  provider = await startOidcProvider(`${base}/api/v1/auth/oidc/oidc/callback`);
  const env = {
    GUICHET_SMTP_URL: smtp.url,
    GUICHET_OIDC_ISSUER: provider.url,
    GUICHET_OIDC_CLIENT_ID: provider.client.id,
    GUICHET_OIDC_CLIENT_SECRET: provider.client.secret,
    GUICHET_OIDC_NAME: 'Keycloak',
  };
  desk = await startDesk({ env, port });
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await desk?.remove();
  await smtp?.stop();
  await provider?.close();
}, 60_000);

const agent = 'agent@guichet.local';

/** The link of the next mail to somebody that has one; mails that only tell something are passed over. */
async function nextLink(to: string): Promise<string> {
  const { token, link } = await smtp.next(to);
  return token ? link : nextLink(to);
}

async function open(): Promise<Page> {
  const { page } = await openPage(browser, { base });
  return page;
}

async function signIn(page: Page, email: string, password = 'guichet-demo'): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/inbox**');
}

it('a link by mail signs in once, by a press and not by being opened', async () => {
  const page = await open();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(agent);
  await page.getByRole('button', { name: 'Get a sign-in link' }).click();
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText(`If ${agent} has access here`).waitFor();
  const link = await nextLink(agent);
  const scanner = await open();
  await scanner.goto(link);
  await scanner.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL('**/inbox**');
  await scanner.getByRole('button', { name: 'Sign in', exact: true }).click();
  await scanner.getByText('does not work any more').waitFor();
});

it('an account at a provider opens nothing until it is linked, and then the door', async () => {
  provider.person.email = 'stranger@elsewhere.example';
  const stranger = await open();
  await stranger.goto('/sign-in');
  await stranger.getByRole('link', { name: 'Continue with Keycloak' }).click();
  await stranger.getByText('has no access here').waitFor();

  const page = await open();
  await enter(page, 'demo@guichet.local');
  await page.goto('/settings/security');
  await page.getByRole('button', { name: 'Link' }).click();
  await page.getByText('The account is linked').waitFor();
  await page.getByText('stranger@elsewhere.example').waitFor();

  const later = await open();
  await later.goto('/settings/members');
  await later.getByRole('link', { name: 'Continue with Keycloak' }).click();
  await later.waitForURL('**/settings/members');
  await page.getByRole('button', { name: 'Unlink' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
  await page.getByText('Not linked').waitFor();
});

it('a forgotten password is chosen anew by a link', async () => {
  const page = await open();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(agent);
  await page.getByRole('button', { name: 'Forgotten?' }).click();
  await page.getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('Look at your e-mail').waitFor();
  await page.goto(await nextLink(agent));
  await page.getByLabel('New password').fill('quatre mots sans lien');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('Password changed').waitFor();
  await signIn(await open(), agent, 'quatre mots sans lien');
});

it('a new address counts once its link was pressed', async () => {
  const page = await open();
  await signIn(page, agent, 'quatre mots sans lien');
  await page.goto('/settings/profile');
  await page.getByRole('button', { name: 'Change address' }).click();
  await page.getByLabel('New address').fill('nouvelle@guichet.local');
  await page.getByRole('dialog').getByRole('button', { name: 'Send the link' }).click();
  await page.getByText('A link is on its way to nouvelle@guichet.local').waitFor();
  await page.goto(await nextLink('nouvelle@guichet.local'));
  await page.getByRole('button', { name: 'Use this address' }).click();
  await page.getByText('Address changed').waitFor();
  await signIn(await open(), 'nouvelle@guichet.local', 'quatre mots sans lien');
});

it('somebody in two accounts goes from one to the other', async () => {
  const { token } = await desk.makeAccount('ailleurs');
  const invited = await desk.call('POST', '/api/v1/invitations', { token, body: { email: 'demo@guichet.local', role: 'viewer' } });
  const page = await open();
  await enter(page, 'demo@guichet.local');
  const home = await nameOf(page);
  await page.goto(invited.json.link);
  await page.getByText('You are signed in with this address').waitFor();
  await page.getByRole('button', { name: 'Join' }).click();
  await page.waitForURL('**/inbox**');
  expect(await nameOf(page)).toBe('ailleurs');
  await page.getByRole('button', { name: 'Profile of Camille Aubry' }).click();
  await page.getByRole('menuitemcheckbox', { name: home }).click();
  await page.locator('[data-conversation]').first().waitFor();
  expect(await nameOf(page)).toBe(home);
});

it('a change of name and of how dates are written is seen at once', async () => {
  const page = await open();
  await enter(page, 'demo@guichet.local');
  await page.goto('/settings/profile');
  await page.getByRole('button', { name: 'Change name' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Camille Aubry-Lenoir');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Profile of Camille Aubry-Lenoir' }).waitFor();
  await page.getByLabel('Language').selectOption('es');
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Perfil' }).waitFor();
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');

  const elsewhere = await open();
  await enter(elsewhere, 'demo@guichet.local');
  await elsewhere.goto('/settings/profile');
  await elsewhere.getByRole('heading', { name: 'Perfil' }).waitFor();
  expect(await elsewhere.locator('html').getAttribute('data-theme')).toBe('dark');
});

/** The account that the page works in, as the API says it to the page's own session. */
async function nameOf(page: Page): Promise<string> {
  const refreshed = await page.context().request.post('/api/v1/auth/refresh', { data: {} });
  const { accessToken } = (await refreshed.json()) as { accessToken: string };
  const me = await page.context().request.get('/api/v1/auth/me', { headers: { authorization: `Bearer ${accessToken}` } });
  return ((await me.json()) as { account: { name: string } }).account.name;
}
