import { expect, it } from 'vitest';
import { createBatcher } from './batcher.ts';

interface Item {
  group: string;
  key: string;
}

function recording(rowsMax: number) {
  const batches: Item[][] = [];
  const batcher = createBatcher<Item, string>({
    lanes: 1,
    rowsMax,
    waitingMax: 1_000,
    laneOf: () => 'one',
    groupOf: (item) => item.group,
    keyOf: (item) => item.key,
    async run(items) {
      batches.push(items);
      return items.map((item) => item.key);
    },
  });
  return { batches, batcher };
}

it('a flood of one group leaves room for another in the very next batch', async () => {
  const { batches, batcher } = recording(10);
  const flood = Array.from({ length: 200 }, (_, n) => batcher.add({ group: 'loud', key: `loud ${n}` }));
  const quiet = batcher.add({ group: 'quiet', key: 'quiet' });
  await Promise.all([...flood, quiet]);
  expect(batches[0]?.some((item) => item.group === 'quiet')).toBe(true);
  expect(batches.flat()).toHaveLength(201);
});

it('items of one group keep their order, and equal keys never share a batch', async () => {
  const { batches, batcher } = recording(10);
  await Promise.all(['a', 'b', 'a', 'c', 'a'].map((key) => batcher.add({ group: 'one', key })));
  expect(batches.map((batch) => batch.map((item) => item.key))).toEqual([['a', 'b', 'c'], ['a'], ['a']]);
});

it('more groups than rows are all served in turn', async () => {
  const { batches, batcher } = recording(2);
  await Promise.all(Array.from({ length: 5 }, (_, n) => batcher.add({ group: `group ${n}`, key: `key ${n}` })));
  expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
});

it('groups that did not fit into a batch go before those that were served, however much these still have', async () => {
  const { batches, batcher } = recording(2);
  const groups = ['a', 'b', 'c', 'd'];
  await Promise.all(groups.flatMap((group) => [1, 2, 3].map((n) => batcher.add({ group, key: `${group} ${n}` }))));
  expect(batches.slice(0, 4).map((batch) => batch.map((item) => item.group))).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['a', 'b'],
    ['c', 'd'],
  ]);
});
