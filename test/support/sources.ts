import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../server/package.ts';

export interface SourceFile {
  path: string;
  text: string;
  lines: number;
}

/** Files of this tree that are kept in git or about to be, read once per call. */
export function listSources(pattern: RegExp): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 32 * 1024 ** 2,
  });
  return listed
    .split('\n')
    .filter((path) => pattern.test(path) && existsSync(join(packageRoot, path)))
    .map((path) => readSource(path));
}

/** One file of this tree. */
export function readSource(path: string): SourceFile {
  const text = readFileSync(join(packageRoot, path), 'utf8');
  return { path, text, lines: text.split('\n').length - 1 };
}
