import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../server/db/id.ts';
import { type TestApp, testApp } from '../support/app.ts';
import { type Body, type Operation, readOperations, sampleBody } from '../support/openapi.ts';

let desk: TestApp;
let operations: Operation[];
beforeAll(async () => {
  desk = await testApp();
  operations = (await readOperations(desk)).filter(({ path }) => !/logout|\/login|\/setup\/account/.test(path));
});
afterAll(() => desk.close());

const junk: unknown[] = [
  null, true, 0, -1, 1.5, 1e308, 9e15, '', ' ', 'a\u0000b', '\ud800', '\u202e', 'x'.repeat(70_000), '%00', "'; drop table users; --", '${7*7}',
  '2026-02-30T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', '0000-00-00', '00000000-0000-0000-0000-000000000000', 'NaN', [], [[]], {}, [null], { $ne: 1 }, { toString: 1 }, { length: 9e9 }, ['a', 1, {}],
]; // biome-ignore format: a table

/** Numbers that look random and are the same in every run. */
function createRandom(seed: number) {
  let state = seed;
  return (max: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * max);
  };
}

it('two thousand bad requests get an answer below 500, each within two seconds', async () => {
  const random = createRandom(42);
  const pick = () => junk[random(junk.length)];
  const wrong: string[] = [];
  const rounds = Math.ceil(2_000 / operations.length);
  for (let round = 0; round < rounds; round += 1) {
    for (const operation of operations) {
      const body = spoil(sampleBody(operation.body, newId), random, pick);
      const value = pick();
      const query = random(2)
        ? ''
        : `?${['limit', 'cursor', 'q', 'since', 'status', 'unread', 'inboxId', 'view'][random(8)]}=${encodeURIComponent(typeof value === 'string' ? value.toWellFormed().slice(0, 3_000) : JSON.stringify(value))}`;
      const path = operation.pathWith(() =>
        random(3) ? newId() : encodeURIComponent(String(junk[random(15)]).toWellFormed().slice(0, 300)),
      );
      const start = performance.now();
      const answer = await desk.call(operation.method, path + query, {
        token: desk.one.admin.token,
        ...(operation.method === 'GET' ? {} : { body }),
      });
      const took = performance.now() - start;
      if (answer.status >= 500 || took > 2_000)
        wrong.push(
          `${operation.name}${query.slice(0, 80)} ${JSON.stringify(body)?.slice(0, 200)}: ${answer.status} in ${Math.round(took)} ms`,
        );
    }
  }
  expect(wrong).toEqual([]);
}, 120_000);

function spoil(body: Body | undefined, random: (max: number) => number, pick: () => unknown): unknown {
  if (!body || random(10) === 0) return pick();
  const names = Object.keys(body);
  const name = names[random(names.length)];
  if (name === undefined || random(6) === 0)
    return { ...body, [['__proto__x', 'constructor', 'extra', 'id'][random(4)] ?? 'extra']: pick() };
  return { ...body, [name]: pick() };
}
