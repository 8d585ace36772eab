import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { readPageFiles } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'guichet-pages-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('built files are found with their types, codings and whether they can change', () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-CCWiV9DB.js'), 'export {}');
  writeFileSync(join(folder, 'assets', 'index-CCWiV9DB.js.gz'), gzipSync('export {}'));
  writeFileSync(join(folder, 'assets', 'index-CCWiV9DB.js.map'), '{}');
  const files = readPageFiles(folder);
  expect([...files.keys()].toSorted()).toEqual(['/assets/index-CCWiV9DB.js', '/index.html']);
  expect(files.get('/index.html')).toMatchObject({ type: 'text/html; charset=utf-8', isImmutable: false });
  const script = files.get('/assets/index-CCWiV9DB.js');
  expect(script?.isImmutable).toBe(true);
  expect(gunzipSync(script?.bodies.get('gzip') ?? Buffer.alloc(0)).toString()).toBe('export {}');
});

test('a folder that was not built has no files', () => {
  expect(readPageFiles(join(folder, 'missing')).size).toBe(0);
});
