import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enter, launchBrowser, openPage } from '../support/browser.ts';
import { type Desk, startDesk } from '../support/desk.ts';

const scriptBytesMax = 200_000;
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

/** What a page fetches as script for somebody who was never here, as it is sent. */
async function scriptBytes(path: string, isSignedIn: boolean): Promise<number> {
  const { page } = await openPage(browser, { base: desk.base, language: 'fr' });
  if (isSignedIn) await enter(page, 'demo@guichet.local');
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script') asked.push(new URL(request.url()).pathname);
  });
  await page.goto(path);
  await page
    .locator(isSignedIn ? '[data-conversation]' : 'button[type=submit]')
    .first()
    .waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.context().close();
  const sizes = await Promise.all(
    asked.map(async (script) => {
      const { headers } = await desk.call('GET', script, { headers: { 'accept-encoding': 'gzip' } });
      return Number(headers.get('content-length'));
    }),
  );
  expect(asked.length).toBeGreaterThan(3);
  return sizes.reduce((sum, size) => sum + size, 0);
}

it('the door and the inbox each fetch at most 200 kB of script', async () => {
  const [door, inbox] = [await scriptBytes('/sign-in', false), await scriptBytes('/inbox/all', true)];
  expect({ door, inbox, fits: door <= scriptBytesMax && inbox <= scriptBytesMax }).toMatchObject({ fits: true });
  // A measure that sees nothing would pass too.
  expect(Math.min(door, inbox)).toBeGreaterThan(100_000);
}, 60_000);
