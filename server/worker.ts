import { sweepKeys } from './api-keys/actions.ts';
import { sweepFiles } from './attachments/sweep.ts';
import { sweepSessions } from './auth/actions.ts';
import type { Context } from './context.ts';
import type { JobHandler } from './jobs/job.ts';
import { readQueueAges } from './jobs/queries.ts';
import { type Schedule, startSchedules } from './jobs/schedule.ts';
import { hearWakes } from './jobs/wake.ts';
import { startWorker, type Worker } from './jobs/worker.ts';
import { sweepLimits } from './limits/sliding.ts';
import { sweepMails } from './mail/jobs.ts';

/** Everything this installation does at fixed times. */
function schedulesOf(context: Context): Schedule[] {
  return [
    {
      name: 'sweep line',
      cron: '30 * * * * *',
      async run() {
        await context.database.query({ text: 'select sweep_line()' });
      },
    },
    { name: 'sweep limits', cron: '40 */10 * * * *', run: async () => void (await sweepLimits(context.database)) },
    { name: 'sweep mails', cron: '10 27 3 * * *', run: () => sweepMails(context) },
    { name: 'sweep sessions', cron: '20 47 3 * * *', run: () => sweepSessions(context.database) },
    { name: 'sweep API keys', cron: '10 37 3 * * *', run: async () => void (await sweepKeys(context.database)) },
    { name: 'sweep files', cron: '50 17 3 * * *', run: async () => void (await sweepFiles(context.database, context.files)) },
  ];
}

/** Starts the background side of a process: every job and schedule. */
export function startBackground(context: Context, handlers: JobHandler[]): Worker {
  const worker = startWorker({
    database: context.database,
    handlers,
    onError(error, { kind, lane, isDead }) {
      if (isDead) context.metrics.error();
      context.log.warn({ err: error, kind, lane, isDead }, 'a job did not end well');
    },
  });
  const stopSchedules = startSchedules(context.database, schedulesOf(context), (error, name) =>
    context.log.error({ err: error, schedule: name }, 'a schedule failed'),
  );
  const stopHearing = hearWakes(context.database, worker.wake, (error) => context.log.warn({ err: error }, 'wake-ups are not heard'));
  context.metrics.queueAges(() => context.database.asJob(readQueueAges));
  return {
    wake: worker.wake,
    async stop(drainMs) {
      stopSchedules();
      await stopHearing();
      await worker.stop(drainMs);
    },
  };
}
