import { spawn } from 'node:child_process';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

export const ownerName = 'guichet_owner';

/** Makes the cluster when there is none; an interrupted attempt leaves nothing behind that looks finished. */
export async function createCluster(place: Place, binaries: Binaries, password: string): Promise<boolean> {
  if (existsSync(join(place.cluster, 'PG_VERSION'))) {
    refuseOtherMajor(place.cluster, binaries.version);
    return false;
  }
  const half = `${place.cluster}.new`;
  const passwordFile = join(place.root, 'initdb.password');
  rmSync(half, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.account) chownSync(passwordFile, place.account.uid, place.account.gid);
  try {
    const account = ['-D', half, '-U', ownerName, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-instructions'];
    // The built-in locale sorts the same on every system, for ever; ICU and libc change under an index.
    const text = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    await run(binaries.initdb, place, account.concat(text));
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(half, place.cluster);
  return true;
}

function refuseOtherMajor(cluster: string, version: string): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (found !== version.split('.')[0])
    throw new Error(`${cluster} was made by PostgreSQL ${found}, but this version of Guichet brings ${version}`);
}

function run(program: string, place: Place, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...place.account,
      cwd: place.root,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`initdb ended with ${code ?? signal}: ${said.trim()}`)),
    );
  });
}
