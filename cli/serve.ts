import { type ProcessRole, run, type Started } from '../server/main.ts';
import { findDemoSignIn } from '../demo/start.ts';
import { issueSetupCode } from '../server/setup/actions.ts';
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
      await run(role, { onProgress: (line) => console.log(line), onListening: (started) => greet(role, started) });
      return 0;
    },
  };
}

/** What somebody at the console needs to go on. */
async function greet(role: ProcessRole, { url, context }: Started): Promise<void> {
  if (role === 'worker') {
    console.log('Guichet works in the background. Ctrl-C ends it.');
    return;
  }
  console.log(`\nGuichet is ready: ${url}`);
  const demo = await findDemoSignIn(context);
  if (demo) {
    console.log(`  Look around      ${demo.email}${demo.password ? ` / ${demo.password}` : ''}`);
    console.log(`  Be a customer    ${url}/demo/customer`);
  }
  const code = await issueSetupCode(context);
  if (code) console.log(`  Create my desk   ${url}/setup   with the code ${code}`);
  console.log('  Ctrl-C stops everything.\n');
}
