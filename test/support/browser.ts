import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Everything a page did that it should not: errors on the console, faults, requests to another origin. */
export interface Watched {
  page: Page;
  wrongs: string[];
  /** Answers with this status are part of the test. */
  allow(status: number): void;
}

export interface PageOptions {
  base: string;
  language?: 'fr' | 'en' | 'es' | 'pt';
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  isPhone?: boolean;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const known = [
  process.env.GUICHET_TEST_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A real browser: the one that is named, an installed one, or Playwright's own. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = [...known, chromium.executablePath()].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('There is no Chromium: install one, or name it in GUICHET_TEST_BROWSER.');
  return chromium.launch({ executablePath, args: flags });
}

/** A person with a browser of their own: cookies, storage and language are shared with nobody. */
export async function openPage(browser: Browser, options: PageOptions): Promise<Watched> {
  const { base, language = 'en', width = 1440, height = 900, theme = 'light', isPhone = false } = options;
  const context: BrowserContextOptions = {
    baseURL: base,
    viewport: { width, height },
    locale: { fr: 'fr-FR', en: 'en-GB', es: 'es-ES', pt: 'pt-PT' }[language],
    timezoneId: 'Europe/Paris',
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(isPhone ? { isMobile: true, hasTouch: true, deviceScaleFactor: 2 } : {}),
  };
  const page = await (await browser.newContext(context)).newPage();
  page.setDefaultTimeout(10_000);
  const wrongs: string[] = [];
  const allowed = new Set<number>();
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const status = /status of (\d{3})/.exec(message.text())?.[1];
    if (status && allowed.has(Number(status))) return;
    if (allowed.has(0) && /net::ERR_INTERNET_DISCONNECTED|WebSocket/.test(message.text())) return;
    wrongs.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => wrongs.push(`fault: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(base).host) wrongs.push(`another origin: ${request.url()}`);
  });
  return { page, wrongs, allow: (status) => void allowed.add(status) };
}

/** Signs a member in through the page and waits for the inbox. */
export async function signInAt(page: Page, email: string, password = 'guichet-demo'): Promise<void> {
  await page.goto('/sign-in');
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/inbox**');
  await page.locator('.list').waitFor();
}

/** Signs a member in past the page, as a browser is that was here before. */
export async function enter(page: Page, email: string, password = 'guichet-demo'): Promise<void> {
  const answer = await page.context().request.post('/api/v1/auth/login', { data: { email, password } });
  if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`);
}
