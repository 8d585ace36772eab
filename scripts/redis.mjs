// Finds a Redis for the tests of shared limits, or installs Debian's as root. Elsewhere name one in GUICHET_TEST_REDIS.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say } from './run.mjs';

/** Returns the path of a redis-server. */
export async function ensureRedis() {
  const found = findRedis();
  if (found) return found;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('Reading the list of Debian packages', 'apt-get', ['update'], env).catch((error) => say(error.message));
    await run('Installing redis-server', 'apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], env).catch((error) =>
      say(error.message),
    );
  }
  const installed = findRedis();
  if (!installed) throw new Error('There is no redis-server for the tests: install one, or name it in GUICHET_TEST_REDIS.');
  return installed;
}

function findRedis() {
  const inPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'redis-server'));
  return [process.env.GUICHET_TEST_REDIS, ...inPath].find((path) => path && existsSync(path));
}
