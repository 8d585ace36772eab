// Finds a Chromium for the browser tests, or fetches one: Debian's own as root, Playwright's download elsewhere.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run, say } from './run.mjs';

const known = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const debianFonts = '/usr/share/fonts/truetype/liberation';

/** Returns the path of a browser. */
export async function ensureBrowser() {
  const hasApt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  const found = await findBrowser();
  if (found && (!hasApt || existsSync(debianFonts))) return found;
  if (hasApt) await installFromDebian(found ? ['fonts-liberation'] : ['chromium', 'fonts-liberation']).catch((error) => say(error.message));
  else
    await run('Fetching a browser for the tests', process.execPath, [
      join(root, 'node_modules/playwright-core/cli.js'),
      'install',
      'chromium',
    ]);
  const fetched = await findBrowser();
  if (!fetched) throw new Error('There is no Chromium for the browser tests: install one, or name it in GUICHET_TEST_BROWSER.');
  return fetched;
}

async function findBrowser() {
  const { chromium } = await import('playwright-core');
  return [process.env.GUICHET_TEST_BROWSER, ...known, chromium.executablePath()].find((path) => path && existsSync(path));
}

async function installFromDebian(packages) {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await run('Reading the list of Debian packages', 'apt-get', ['update'], env);
  await run(`Installing ${packages.join(' and ')}`, 'apt-get', ['install', '-y', '--no-install-recommends', ...packages], env);
}
