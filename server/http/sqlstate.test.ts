import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { newId } from '../db/id.ts';
import { describeDatabaseError } from './sqlstate.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

/** What a client reads after this statement failed. */
const answerTo = async (text: string, values?: unknown[]) =>
  describeDatabaseError(
    await db.sql(text, values).then(
      () => 'no error',
      (error: unknown) => error,
    ),
  );

it.each([
  ['NUL', 'select $1::text', ['a\u0000b'], 'validation_error'],
  ['text that is no id', 'select $1::uuid', ['abc'], 'validation_error'],
  ['a number out of range', 'select $1::int', ['9999999999'], 'validation_error'],
  ['a date out of range', 'select $1::timestamptz', ['+999999-01-01'], 'validation_error'],
  ['a statement that takes too long', "set statement_timeout = '20ms'; select pg_sleep(1)", [], 'unavailable'],
] as const)('%s is the fault of the request or of the moment', async (_name, text, values, code) => {
  expect((await answerTo(text, values.length > 0 ? [...values] : undefined))?.code).toBe(code);
});

it('what is taken names its field', async () => {
  const insert = () => db.sql("insert into users (id, email, name) values ($1, 'a@b.fr', 'A')", [newId()]);
  await insert();
  expect(describeDatabaseError(await insert().catch((error: unknown) => error))).toMatchObject({
    code: 'conflict',
    errors: [{ path: 'email' }],
  });
  const [endpoint, account] = [newId(), newId()];
  await db.sql("insert into accounts (id, name) values ($1, 'A')", [account]);
  await db.sql("insert into endpoints (id, key, channel) values ($1, 'a key of 16 letters', 'whatsapp')", [endpoint]);
  const number = () =>
    db.sql("insert into inboxes (account_id, id, endpoint_id, channel, name, route_key) values ($1, $2, $3, 'whatsapp', 'N', '123')", [
      account,
      newId(),
      endpoint,
    ]);
  await number();
  expect(describeDatabaseError(await number().catch((error: unknown) => error))).toMatchObject({
    code: 'conflict',
    errors: [{ path: 'settings.phoneNumberId' }],
  });
});

it('a fault of ours stays ours', async () => {
  expect(await answerTo('select no_such_column')).toBeUndefined();
  expect(describeDatabaseError(new TypeError('x'))).toBeUndefined();
});
