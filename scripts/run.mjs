// Runs a program with a line of progress every few seconds, and shows what it said only when it fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const startedAt = performance.now();

/** One line of progress with the time since the start. */
export function say(line) {
  console.log(`[${((performance.now() - startedAt) / 1000).toFixed(1).padStart(5)} s] ${line}`);
}

/** Resolves when the program ends well; otherwise throws with its last lines. */
export async function run(what, command, args, env = {}) {
  say(what);
  const began = performance.now();
  const ticking = setInterval(() => say(`${what}: ${Math.round((performance.now() - began) / 1000)} s so far`), 10_000);
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said = (said + chunk).slice(-20_000)));
  const end = await Promise.race([once(child, 'close'), once(child, 'error')]).finally(() => clearInterval(ticking));
  if (end[0] === 0) return;
  throw new Error(`${what} failed (${end[0]?.message ?? end[0] ?? end[1]}):\n${said.trim()}`);
}
