import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../server/package.ts';
import { mutants } from '../mutants/mutants.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

test('every mutant still finds the text that it breaks, and its test is still there', () => {
  const stale = mutants.filter(
    ({ file, find, test: testFile, red }) => read(file).split(find).length !== 2 || !read(testFile).includes(`'${red}'`),
  );
  expect(stale.map(({ name }) => name)).toEqual([]);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});
