import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json: the same whether this runs from the sources or from dist/. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The version that package.json names. */
export const packageVersion: string = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;

/** The commit this was built from, as the build noted it; null in a tree without git. */
export const packageCommit: string | null = readCommit();

function readCommit(): string | null {
  const path = join(packageRoot, 'dist', 'commit');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() || null : null;
}

function findRoot(from: string): string {
  // dist/ holds no package.json, so the first one above is the project's.
  return existsSync(join(from, 'package.json')) ? from : findRoot(dirname(from));
}
