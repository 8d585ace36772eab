// Brings node_modules in line with package-lock.json, and leaves it alone when it is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

/** Needs no script of any package: where npm blocks them, the same files are there. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const npm = process.env.npm_execpath;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('Installing packages (about a minute)', npm ? process.execPath : 'npm', npm ? [npm, ...args] : args);
}

/** npm notes what it installed; every package of the lock that is not for some systems only must be there in its version. */
function isInstalled() {
  const noted = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(noted, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || found[path]?.version === entry.version,
  );
}
