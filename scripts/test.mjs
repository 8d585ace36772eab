// npm test: installs what the tests need, builds, and runs everything. `npm test -- path` runs a part.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root } from './run.mjs';

const report = join(root, 'test-results', 'vitest.json');

try {
  await ensureInstalled();
  const { ensureBuilt } = await import('./build.mjs');
  await ensureBuilt();
  const { ensureBrowser } = await import('./browser.mjs');
  const browser = await ensureBrowser();
  const { ensureRedis } = await import('./redis.mjs');
  const redis = await ensureRedis();
  rmSync(report, { force: true });
  const vitest = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, GUICHET_TEST_BROWSER: browser, GUICHET_TEST_REDIS: redis, NODE_ENV: 'test' },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
