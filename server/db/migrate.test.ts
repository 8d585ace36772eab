import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { knownSchema, migrate } from './migrate.ts';
import { refuseStrongLogin } from './roles.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test('a migrated database has nothing more to do', async () => {
  expect(await migrate(db.ownerUrl)).toEqual({ applied: [], schema: knownSchema() });
});

test('a schema newer than the program is refused in words', async () => {
  await db.sql("insert into schema_migrations (number, name) values (9999, '9999_future')");
  await expect(migrate(db.ownerUrl)).rejects.toThrow(/has schema 9999, but this version of Guichet knows up to/);
  await db.sql('delete from schema_migrations where number = 9999');
});

test('the roles that serve own nothing, the owner does not serve', async () => {
  await refuseStrongLogin(db.appUrl);
  await refuseStrongLogin(db.jobUrl);
  await expect(refuseStrongLogin(db.ownerUrl)).rejects.toThrow('does not serve as guichet_owner, which is a superuser');
});

test('eight processes that migrate an empty database at once migrate it once', async () => {
  await db.sql('create database empty_at_once');
  const url = db.ownerUrl.replace(/\/[^/]*$/, '/empty_at_once');
  const results = await Promise.all(Array.from({ length: 8 }, () => migrate(url)));
  expect(results.filter((result) => result.applied.length > 0)).toHaveLength(1);
  await db.sql('drop database empty_at_once');
});
