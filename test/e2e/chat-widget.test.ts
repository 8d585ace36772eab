import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Server } from 'socket.io';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachVisitorNamespace, type Visitors } from '../../server/channels/webchat/namespace.ts';
import { registerChatPages } from '../../server/channels/webchat/pages.ts';
import { registerChat } from '../../server/channels/webchat/routes.ts';
import { createVisitorTokens } from '../../server/channels/webchat/token.ts';
import { packageRoot } from '../../server/package.ts';
import { launchBrowser } from '../support/browser.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { makeInbox, type PublicApp, publicApp, type TestInbox } from '../support/public-app.ts';
import { answerVisitor } from '../support/visitor.ts';

let db: TestDatabase;
let desk: PublicApp;
let io: Server;
let visitors: Visitors;
let browser: Browser;
let shop: HttpServer;
let inbox: TestInbox;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  execFileSync(
    process.execPath,
    [join(packageRoot, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'widget/vite.config.ts', '--logLevel', 'error'],
    { cwd: packageRoot, env: { ...process.env, NODE_ENV: 'production' } },
  );
  db = await testDatabase();
  desk = await publicApp(db, ({ app, endpoints, receiver, limits }) => {
    const options = {
      endpoints,
      receiver,
      limits,
      database: db.database,
      tokens: createVisitorTokens('a key for tests that is long enough'),
      publicUrl: 'http://desk.example',
    };
    registerChat(app, options);
    registerChatPages(app, options);
    io = new Server(app.server, { transports: ['websocket'] });
    visitors = attachVisitorNamespace(io, { ...options, typed: () => {}, failed: (error) => expect.fail(String(error)) });
  });
  inbox = await makeInbox(db, 'webchat', { greeting: 'Bonjour, une question ?' });
  // A customer's own site, at another origin than the desk.
  shop = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      `<!doctype html><html lang="fr"><title>Shop</title><main><h1>Shop</h1></main><script src="${desk.base}/widget.js" data-inbox="${inbox.key}" async></script>`,
    );
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser();
});
afterAll(async () => {
  for (const context of contexts) await context.close();
  await browser.close();
  shop.close();
  shop.closeAllConnections();
  await io.close();
  await desk.close();
  await db.drop();
});

const shopUrl = () => `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`;

async function visit(url: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; problems: string[] }> {
  const context = await browser.newContext({ locale: 'fr-FR', viewport: { width: 1200, height: 800 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    if (![desk.base, shopUrl()].some((own) => request.url().startsWith(own))) problems.push(`asks ${request.url()}`);
  });
  await page.goto(url);
  return { page, problems };
}
const firstMessage = async (text: string) =>
  (await db.sql<{ id: string }>('select id from messages where text = $1', [text]))[0]?.id ?? expect.fail(`${text} is not stored`);
const statusOf = async (id: string) => (await db.sql<{ status: string }>('select status from messages where id = $1', [id]))[0]?.status;

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Écrivez votre message' }).fill(text);
  await page.keyboard.press('Enter');
}

describe('the chat widget on a page of another site', () => {
  it('carries a conversation both ways, ticks what was seen, and is still there after a reload', async () => {
    const { page, problems } = await visit(shopUrl());
    await page.getByRole('button', { name: 'Ouvrir la discussion' }).click();
    await page.getByText('Bonjour, une question ?').waitFor();
    await say(page, 'Le Loire entre-t-il <b>ici</b> ?');
    await page.getByText('reçu').waitFor({ state: 'attached' });
    const id = await answerVisitor(db, visitors, inbox, await firstMessage('Le Loire entre-t-il <b>ici</b> ?'), 'Oui, debout : 112 cm.');
    await page.getByText('Oui, debout : 112 cm.').waitFor();
    await expect.poll(() => statusOf(id)).toBe('read');
    await page.reload();
    await page.getByRole('button', { name: 'Ouvrir la discussion' }).click();
    await page.getByText('Oui, debout : 112 cm.').waitFor();
    expect(await page.getByText('Le Loire entre-t-il <b>ici</b> ?').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it('counts what came while it was closed, and marks it read only when it is opened', async () => {
    const { page } = await visit(shopUrl());
    await page.getByRole('button', { name: 'Ouvrir la discussion' }).click();
    await say(page, 'Ouvert le lundi ?');
    await page.getByText('reçu').waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    const id = await answerVisitor(db, visitors, inbox, await firstMessage('Ouvert le lundi ?'), 'Non, du mardi au samedi.');
    const launcher = page.getByRole('button', { name: 'Ouvrir la discussion, 1 nouveau message' });
    await launcher.waitFor();
    await expect.poll(() => statusOf(id)).toBe('delivered');
    await launcher.press('Enter');
    await expect.poll(() => statusOf(id)).toBe('read');
  });

  it('keeps what is written without a network and sends it once when the network is back', async () => {
    const { page } = await visit(shopUrl());
    await page.getByRole('button', { name: 'Ouvrir la discussion' }).click();
    await say(page, 'Premier message');
    await page.getByText('reçu').waitFor({ state: 'attached' });
    await page.context().setOffline(true);
    await say(page, 'Écrit dans le tunnel');
    await page.getByText('Hors connexion').waitFor();
    await page.getByText('en attente').waitFor();
    expect(await db.sql("select 1 from messages where text = 'Écrit dans le tunnel'")).toEqual([]);
    await page.context().setOffline(false);
    await expect.poll(() => page.getByText('en attente').count(), { timeout: 15_000 }).toBe(0);
    expect(await db.sql("select 1 as one from messages where text = 'Écrit dans le tunnel'")).toEqual([{ one: 1 }]);
  });

  it('fetches what it missed while the socket was cut', async () => {
    const { page } = await visit(shopUrl());
    await page.getByRole('button', { name: 'Ouvrir la discussion' }).click();
    await say(page, 'Vous êtes là ?');
    await page.getByText('reçu').waitFor({ state: 'attached' });
    const mine = await firstMessage('Vous êtes là ?');
    io.of('/chat').disconnectSockets(true);
    await page.context().setOffline(true);
    await answerVisitor(db, visitors, inbox, mine, 'Oui, toujours.');
    await page.context().setOffline(false);
    await page.getByText('Oui, toujours.').waitFor({ timeout: 15_000 });
  });

  it.each([
    ['light', 1200],
    ['dark', 390],
  ] as const)('passes the accessibility check in %s at %i px, open and shut', async (colorScheme, width) => {
    const { page } = await visit(shopUrl(), { colorScheme, viewport: { width, height: 800 } });
    const check = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
    expect(await check()).toEqual([]);
    await page.getByRole('button', { name: 'Ouvrir la discussion' }).click();
    await say(page, `Une question en ${colorScheme}`);
    await page.getByText('reçu').waitFor({ state: 'attached' });
    await answerVisitor(
      db,
      visitors,
      inbox,
      await firstMessage(`Une question en ${colorScheme}`),
      'https://shop.example/un-mot-tres-tres-long-sans-aucune-espace-qui-doit-se-couper-quelque-part '.repeat(3),
    );
    await page.getByText('un-mot-tres-tres-long').waitFor();
    expect(await check()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.screenshot({ path: join(packageRoot, `test-results/chat-widget-${colorScheme}-${width}.png`) });
  });
});

describe('the hosted chat page', () => {
  it('works under its own strict policy, in the language of the browser', async () => {
    const { page, problems } = await visit(`${desk.base}/chat/${inbox.key}`, { locale: 'en-GB' });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.getByRole('heading', { name: 'Vélos Rousselot' }).waitFor();
    await page.getByRole('textbox', { name: 'Write your message' }).fill('From the hosted page');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('received').waitFor({ state: 'attached' });
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
    expect(problems).toEqual([]);
  });
});

it('the script is at most 30 KB for the browser', () => {
  expect(gzipSync(readFileSync(join(packageRoot, 'dist/widget/widget.js'))).length).toBeLessThanOrEqual(30 * 1024);
});
