import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/support/postgres.ts';
import { createDatabase } from '../db/pool.ts';
import { createDataKeys } from './data-keys.ts';
import { decrypt, encrypt, fingerprint } from './envelope.ts';
import { createMasters } from './masters.ts';
import { createPassingSealer, createSealer, deriveKey, type Sealer } from './seal.ts';

const secretKey = 'a master key that is long enough for tests';
const otherKey = 'another master key, also long enough';
let db: TestDatabase;
let sealer: Sealer;
beforeAll(async () => {
  db = await testDatabase();
  sealer = sealerOf(secretKey);
});
afterAll(() => db.drop());

function sealerOf(key: string, previous?: string, database: Pick<TestDatabase['database'], 'batch'> = db.database): Sealer {
  const masters = createMasters(key, previous);
  return createSealer(masters, createDataKeys(database, masters));
}

it('what was sealed opens for its purpose and its account, and for no other', async () => {
  const sealed = await sealer.sealJson({ token: 'hidden' }, 'inbox', 'account 1');
  expect(sealed.includes('hidden')).toBe(false);
  expect(await sealerOf(secretKey).unsealJson(sealed, 'inbox', 'account 1')).toEqual({ token: 'hidden' });
  for (const [purpose, account] of [
    ['key', 'account 1'],
    ['inbox', 'account 2'],
    ['inbox', null],
  ] as const)
    await expect(sealer.unseal(sealed, purpose, account)).rejects.toThrow('unable to authenticate');
});

it('every changed byte is noticed', async () => {
  const sealed = await sealer.seal(Buffer.from('hidden'), 'inbox');
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await expect(sealer.unseal(changed, 'inbox'), `byte ${at}`).rejects.toThrow(/authenticate|damaged|data key that is not/);
  }
  for (const length of [0, 1, 16, 17, 20]) await expect(sealer.unseal(sealed.subarray(0, length), 'inbox')).rejects.toThrow('damaged');
});

it('the same secret looks different each time', async () => {
  expect((await sealer.seal(Buffer.from('x'), 'p')).equals(await sealer.seal(Buffer.from('x'), 'p'))).toBe(false);
});

it('another master key is told to the operator in words', async () => {
  const sealed = await sealer.seal(Buffer.from('hidden'), 'inbox');
  await expect(sealerOf(otherKey).unseal(sealed, 'inbox')).rejects.toThrow('GUICHET_SECRET_KEY is not the one');
  await expect(sealerOf(otherKey).seal(Buffer.from('x'), 'inbox')).rejects.toThrow('GUICHET_SECRET_KEY is not the one');
  expect((await sealerOf(otherKey, secretKey).unseal(sealed, 'inbox')).toString()).toBe('hidden');
});

it('values from before there were data keys still open, also under the master key before', async () => {
  const key = deriveKey(secretKey, 'seal');
  const old = Buffer.concat([Buffer.from([1]), fingerprint(key, 4), encrypt(key, Buffer.from('hidden'), 'inbox')]);
  expect((await sealer.unseal(old, 'inbox', 'any account')).toString()).toBe('hidden');
  expect((await sealerOf(otherKey, secretKey).unseal(old, 'inbox')).toString()).toBe('hidden');
  await expect(sealerOf(otherKey).unseal(old, 'inbox')).rejects.toThrow('another GUICHET_SECRET_KEY');
});

it('twenty processes that start on an empty database agree on one data key', async () => {
  const empty = await testDatabase();
  const sealed = await Promise.all(
    Array.from({ length: 20 }, () => sealerOf(secretKey, undefined, empty.database).seal(Buffer.from('x'), 'p')),
  );
  expect(new Set(sealed.map((one) => one.toString('hex', 0, 17))).size).toBe(1);
  expect(await empty.sql('select count(*)::int as n from data_keys')).toEqual([{ n: 1 }]);
  await empty.drop();
});

it('opening costs no query after the first time', async () => {
  let queries = 0;
  const counted = createDatabase({ appUrl: db.appUrl, jobUrl: db.jobUrl, onQuery: () => (queries += 1) });
  const fresh = sealerOf(secretKey, undefined, counted);
  const sealed = await sealer.seal(randomBytes(32), 'p');
  await Promise.all(Array.from({ length: 1_000 }, () => fresh.unseal(sealed, 'p')));
  for (let n = 0; n < 1_000; n += 1) await fresh.unseal(sealed, 'p');
  await counted.close();
  expect(queries).toBe(1);
});

it('the data key in the database says nothing without the master key', async () => {
  const [row] = await db.sql<{ id: string; wrapped: Buffer }>('select id, wrapped from data_keys');
  const wrapped = row?.wrapped ?? Buffer.alloc(0);
  expect(() => decrypt(deriveKey(otherKey, 'wrap data keys'), wrapped, `data key secrets ${row?.id}`)).toThrow('authenticate');
  expect(decrypt(deriveKey(secretKey, 'wrap data keys'), wrapped, `data key secrets ${row?.id}`)).toHaveLength(32);
});

it('what passes through a browser opens under the same master key only', () => {
  const passing = createPassingSealer(secretKey);
  const sealed = passing.sealJson({ state: 's' }, 'flow');
  expect(createPassingSealer(secretKey).openJson(sealed, 'flow')).toEqual({ state: 's' });
  expect(() => passing.openJson(sealed, 'other')).toThrow('authenticate');
  expect(() => createPassingSealer(otherKey).openJson(sealed, 'flow')).toThrow('another GUICHET_SECRET_KEY');
});
