import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from './context.ts';

const drainMaxMs = 25_000;

/**
 * Ends the process on SIGTERM or Ctrl-C: not ready at once, a moment for load balancers to notice, then each part in
 * turn (listening, sockets, work under way, leases, database) within 25 s. A second signal ends it at once.
 */
export function stopOnSignals(context: Context, steps: (() => Promise<unknown>)[]): void {
  const stop = async (signal: NodeJS.Signals) => {
    if (context.life.isDraining) process.exit(130);
    context.life.isDraining = true;
    context.log.info({ signal }, 'stopping');
    await sleep(context.config.drainGraceMs);
    process.exit(await stopWithin(context, steps));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
}

async function stopWithin(context: Context, steps: (() => Promise<unknown>)[]): Promise<number> {
  let code = 0;
  const late = sleep(drainMaxMs).then(() => 'late' as const);
  for (const step of steps) {
    const outcome = await Promise.race([late, step().catch((error: unknown) => error)]);
    if (outcome === undefined) continue;
    code = 1;
    context.log.error(
      { err: outcome instanceof Error ? outcome : new Error(`not stopped within ${drainMaxMs / 1000} s`) },
      'stopping went wrong',
    );
  }
  return code;
}
