import { parseArgs } from 'node:util';
import type { Report } from './support/report.ts';
import { printReport } from './support/report.ts';

/** Every benchmark, loaded when it is asked for. */
const benchmarks: Record<string, () => Promise<{ run: (seconds: number) => Promise<Report> }>> = {
  ingest: () => import('./ingest.ts'),
  latency: () => import('./latency.ts'),
  fanout: () => import('./fanout.ts'),
  jobs: () => import('./jobs.ts'),
  start: () => import('./start.ts'),
  memory: () => import('./memory.ts'),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(benchmarks);
const seconds = Number(values.seconds);
const unknown = names.filter((name) => !(name in benchmarks));

if (values.help || unknown.length > 0 || !(seconds > 0)) {
  console.log(
    `${unknown.length > 0 ? `Unknown: ${unknown.join(', ')}\n` : ''}npm run bench -- [${Object.keys(benchmarks).join('|')} …] [--seconds 20] [--json]`,
  );
  process.exit(values.help ? 0 : 2);
}

for (const name of names) {
  const benchmark = await benchmarks[name]?.();
  if (benchmark) printReport(name, await benchmark.run(seconds), values.json);
}
process.exit(0);
