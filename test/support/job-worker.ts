import { z } from 'zod';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from '../../server/db/pool.ts';
import { defineJob } from '../../server/jobs/job.ts';
import { startWorker } from '../../server/jobs/worker.ts';

/** A process of its own that works on the jobs of a test, to be killed: each takes its effect's row first and marks it in the end. */
const [appUrl = '', jobUrl = '', leaseMs = '1000'] = process.argv.slice(2);
const database = createDatabase({ appUrl, jobUrl });

const effect = defineJob({
  kind: 'effect',
  payload: z.object({ n: z.number(), takesMs: z.number() }),
  timeoutMs: 60_000,
  async run({ accountId, payload: { n, takesMs }, attempt }) {
    const begun = await database.withAccount(accountId, (tx) =>
      tx.query({
        text: `insert into effects (n, attempt, begun) values ($1, $2, 1)
               on conflict (n) do update set attempt = excluded.attempt, begun = effects.begun + 1 where effects.attempt < excluded.attempt and effects.done = 0 returning n`,
        values: [n, attempt],
      }),
    );
    if (begun.length === 0) return;
    await sleep(takesMs);
    await database.withAccount(accountId, (tx) =>
      tx.query({ text: 'update effects set done = done + 1 where n = $1 and attempt = $2', values: [n, attempt] }),
    );
  },
});

startWorker({ database, handlers: [effect], leaseMs: Number(leaseMs), onError: (error) => console.error(error) });
process.send?.('started');
