import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { CommitError } from './pool.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  await db.sql('create table tries (n integer, at timestamptz default clock_timestamp())');
  await db.sql('grant select, insert, update on tries to guichet_app');
});
afterAll(() => db.drop());

const raise = (code: string) => ({ text: `do $$ begin raise exception 'made to fail' using errcode = '${code}'; end $$` });

/** Runs a transaction that ends badly so many times; how often it ran, and what was kept of it. */
async function failing(times: number, statement: { text: string }): Promise<{ runs: number; kept: number; error: unknown; took: number }> {
  await db.sql('delete from tries');
  let runs = 0;
  const start = performance.now();
  const error = await db.database
    .withoutAccount(async (tx) => {
      runs += 1;
      await tx.query({ text: 'insert into tries values ($1)', values: [runs] });
      if (runs <= times) await tx.query(statement);
    })
    .catch((caught: unknown) => caught);
  return { runs, kept: (await db.sql('select 1 from tries')).length, error, took: performance.now() - start };
}

it.each([
  ['a serialisation failure', raise('40001')],
  ['a deadlock', raise('40P01')],
  ['a connection that is lost', { text: 'select pg_terminate_backend(pg_backend_pid())' }],
])('%s repeats the whole transaction, three times at most', async (_name, statement) => {
  const mended = await failing(2, statement);
  expect(mended).toMatchObject({ runs: 3, kept: 1, error: undefined });
  expect(mended.took).toBeLessThan(5_000);
  const lasting = await failing(99, statement);
  expect(lasting).toMatchObject({ runs: 3, kept: 0 });
  expect(lasting.error).toBeInstanceOf(Error);
});

it.each([
  ['a fault of the statement', raise('42601')],
  ['a value that is refused', raise('23514')],
  ['a lock that was waited for', raise('55P03')],
])('%s repeats nothing', async (_name, statement) => {
  expect(await failing(99, statement)).toMatchObject({ runs: 1, kept: 0 });
});

it('two transactions that wait for each other both end well', async () => {
  await db.sql('delete from tries');
  await db.sql('insert into tries values (1), (2)');
  const lock = (n: number) => ({ text: 'update tries set at = clock_timestamp() where n = $1', values: [n] });
  let first = true;
  let waiting: () => void = () => {};
  const met = new Promise<void>((resolve) => (waiting = resolve));
  await Promise.all(
    [
      [1, 2],
      [2, 1],
    ].map(([a = 0, b = 0]) =>
      db.database.withoutAccount(async (tx) => {
        await tx.query(lock(a));
        if (first) first = false;
        else waiting();
        await met;
        await tx.query(lock(b));
      }),
    ),
  );
});

it('a transaction whose commit got no answer is not repeated', async () => {
  await db.sql(
    `create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`,
  );
  await db.sql(
    'create constraint trigger at_commit after insert on tries deferrable initially deferred for each row execute function die()',
  );
  await db.sql('alter function die() security definer');
  let runs = 0;
  const work = db.database.withoutAccount(async (tx) => {
    runs += 1;
    await tx.query({ text: 'insert into tries values (7)' });
  });
  await expect(work).rejects.toBeInstanceOf(CommitError);
  expect(runs).toBe(1);
  await db.sql('drop trigger at_commit on tries');
});
