import { expect, test } from 'vitest';
import { listSources, readSource } from '../support/sources.ts';

interface LockEntry {
  version?: string;
  optionalDependencies?: Record<string, string>;
}

test('the lock names the binaries of every system, so that npm ci works everywhere', () => {
  const { packages } = JSON.parse(readSource('package-lock.json').text) as { packages: Record<string, LockEntry> };
  const missing = Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
        .map((name) => `${path}: ${name}`),
    );
  expect(missing).toEqual([]);
});

const secrets = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\bxox[abprs]-[A-Za-z0-9-]{20,}/,
  /\bsk_live_[A-Za-z0-9]{20,}/,
  /\bEAA[A-Za-z0-9]{60,}/,
  /\beyJ[A-Za-z0-9_-]{30,}\.eyJ[A-Za-z0-9_-]{30,}\.[A-Za-z0-9_-]{20,}/,
];

test('no secret is kept in the tree', () => {
  const found = listSources(/\.(?!png$|jpg$|webp$|woff2?$|ico$)\w+$/).filter((file) => secrets.some((pattern) => pattern.test(file.text)));
  expect(found.map((file) => file.path)).toEqual([]);
});

test('nothing is left for later and no test is skipped', () => {
  const marks = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX'].join(''));
  const skipped = new RegExp(`\\b(?:test|it|describe)\\.(?:${['skip', 'only', 'todo', 'fixme'].join('|')})\\b`);
  const found = listSources(/\.(ts|tsx|mjs|sql|css|md)$/).filter(
    (file) => (marks.test(file.text) && !file.path.endsWith('.md')) || skipped.test(file.text),
  );
  expect(found.map((file) => file.path)).toEqual([]);
});
