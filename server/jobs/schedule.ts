import { Cron } from 'croner';
import type { Database } from '../db/pool.ts';
import { takeTick } from './queries.ts';

export interface Schedule {
  name: string;
  /** Five or six fields, in UTC. */
  cron: string;
  run(): Promise<void>;
}

/** Runs schedules; of several processes exactly one takes each tick. Returns how to stop. */
export function startSchedules(database: Database, schedules: Schedule[], onError: (error: unknown, name: string) => void): () => void {
  const crons = schedules.map(
    (schedule) =>
      new Cron(schedule.cron, { timezone: 'UTC', protect: true }, async (self: Cron) => {
        // The time of the pattern, not of the clock: a process that is late must find the tick taken.
        const tick = self.previousRuns(1, new Date(Date.now() + 1_000))[0];
        try {
          if (tick && (await database.asJob((tx) => takeTick(tx, schedule.name, tick)))) await schedule.run();
        } catch (error) {
          onError(error, schedule.name);
        }
      }),
  );
  return () => {
    for (const cron of crons) cron.stop();
  };
}
