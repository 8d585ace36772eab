import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { npmStart } from './support/processes.ts';
import type { Report } from './support/report.ts';

const warmStarts = 5;

/** `npm start` to the first 200 of /health/ready: on a new data directory and on one in use; against npm starting nothing. */
export async function run(): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guichet-bench-'));
  try {
    const cold = await npmStart(dataDir);
    await cold.stop();
    const warm: number[] = [];
    for (let n = 0; n < warmStarts; n += 1) {
      const started = await npmStart(dataDir);
      warm.push(started.readyMs);
      await started.stop();
    }
    const nothing = performance.now();
    await promisify(execFile)('npm', ['exec', '--', 'node', '--eval', '']);
    const npmMs = performance.now() - nothing;
    const median = warm.sort((a, b) => a - b)[Math.floor(warmStarts / 2)] ?? Number.NaN;
    return {
      ours: [
        { name: 'cold: new data directory, demo data written', value: cold.readyMs / 1_000, unit: 's' },
        { name: `warm: median of ${warmStarts}`, value: median / 1_000, unit: 's' },
        { name: 'warm: slowest', value: (warm.at(-1) ?? Number.NaN) / 1_000, unit: 's' },
      ],
      denominators: [{ name: 'npm starting an empty program', value: npmMs / 1_000, unit: 's' }],
      ratios: [{ name: 'warm to npm alone', value: median / npmMs, unit: '×' }],
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
