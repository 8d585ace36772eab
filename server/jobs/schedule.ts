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
        const tick = tickAt(self, Date.now());
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

/** The pattern's time that has come, not the clock's: a process that is late must find the tick taken. */
export function tickAt(cron: Cron, now: number): Date | undefined {
  // Croner looks for whole seconds before the one it is given.
  return cron.previousRuns(1, new Date(now + 1_000))[0];
}
