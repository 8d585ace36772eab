import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** The browser of this machine, without a window. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = [process.env.GUICHET_TEST_BROWSER, ...known, chromium.executablePath()].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('there is no browser: `npm test` installs one');
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}
