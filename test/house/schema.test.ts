import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpSchema } from '../support/dump-schema.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test('server/db/schema.sql is what the migrations add up to (npm run schema rewrites it)', async () => {
  const pool = new pg.Pool({ connectionString: db.ownerUrl, max: 1 });
  try {
    await expect(await dumpSchema(pool)).toMatchFileSnapshot('../../server/db/schema.sql');
  } finally {
    await pool.end();
  }
});
