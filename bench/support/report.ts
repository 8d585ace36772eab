import { cpus } from 'node:os';

export interface Figure {
  name: string;
  value: number;
  unit: string;
}

/** What one run measured: our figures, the denominators of the same run, their ratios. */
export interface Report {
  ours: Figure[];
  denominators: Figure[];
  ratios: Figure[];
  notes?: string[];
}

export function printReport(name: string, report: Report, asJson: boolean): void {
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' };
  if (asJson) {
    console.log(JSON.stringify({ name, at: new Date().toISOString(), machine, ...report }));
    return;
  }
  console.log(`\n${name} (${machine.cores} cores, Node ${machine.node})`);
  const line = (kind: string) => (figure: Figure) =>
    console.log(`  ${kind.padEnd(12)} ${figure.name.padEnd(52)} ${format(figure.value)} ${figure.unit}`);
  report.ours.forEach(line('ours'));
  report.denominators.forEach(line('denominator'));
  report.ratios.forEach(line('ratio'));
  for (const note of report.notes ?? []) console.log(`  ${note}`);
}

export function percentile(sorted: number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function format(value: number): string {
  return (value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)).padStart(10);
}
