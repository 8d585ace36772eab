import { type ProcessRole, run } from '../server/main.ts';
import type { Command } from './command.ts';

export const serve = serving('serve', 'Runs everything in this process: pages, API, sockets and background work.');
export const web = serving(
  'web',
  'Runs what answers: pages, API and sockets. Needs DATABASE_URL, or a `guichet serve` on the same data directory.',
);
export const worker = serving('worker', 'Runs the background work. Needs DATABASE_URL, or a `guichet serve` on the same data directory.');

function serving(role: ProcessRole, summary: string): Command {
  return {
    name: role,
    summary,
    options: {},
    async run() {
      await run(role, {
        onProgress: (line) => console.log(line),
        onListening: ({ url }) =>
          console.log(role === 'worker' ? 'Guichet works in the background. Ctrl-C ends it.' : `Guichet is ready: ${url}`),
      });
      return 0;
    },
  };
}
