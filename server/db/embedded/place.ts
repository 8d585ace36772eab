import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keepSecret } from '../../secret-file.ts';

/** A system account under which PostgreSQL runs when we are root: it refuses to run as root itself. */
export interface SystemAccount {
  uid: number;
  gid: number;
}

/** Where an embedded PostgreSQL lives. */
export interface Place {
  /** Holds everything below; belongs to `account`. */
  root: string;
  cluster: string;
  socketDir: string;
  logDir: string;
  account: SystemAccount | undefined;
  /** Set when the data directory could not be reached by `account` and a system directory is used instead. */
  movedFrom: string | undefined;
}

/** Unix socket addresses end at 107 bytes on Linux and 103 on macOS; the name and `.lock` are 23 of them. */
const socketDirBytesMax = 80;

/** Chooses the directories of a data directory's PostgreSQL; changes nothing but the data directory itself. */
export function choosePlace(dataDir: string): Place {
  const home = resolve(dataDir);
  const isRoot = process.getuid?.() === 0;
  mkdirSync(home, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
  const key = createHash('sha256').update(home).digest('hex').slice(0, 16);
  const account = isRoot ? chooseAccount(join(home, 'postgres')) : undefined;
  const isReachable = account === undefined || canEnter(home, account) || (openPassage(home), canEnter(home, account));
  const root = isReachable ? join(home, 'postgres') : join('/var/lib/guichet', nameOf(home));
  const socketDir = join(root, 'socket');
  return {
    root,
    cluster: join(root, 'cluster'),
    socketDir:
      Buffer.byteLength(socketDir) <= socketDirBytesMax
        ? socketDir
        : join('/tmp', `guichet-${account?.uid ?? process.getuid?.() ?? 0}-${key}`),
    logDir: join(root, 'log'),
    account,
    movedFrom: isReachable ? undefined : home,
  };
}

/** Makes the directories, each readable by PostgreSQL's account only. */
export function preparePlace(place: Place): void {
  if (place.movedFrom) mkdirSync('/var/lib/guichet', { recursive: true, mode: 0o711 });
  for (const dir of [place.root, place.logDir, place.socketDir]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (place.account && statSync(dir).uid === 0) chownSync(dir, place.account.uid, place.account.gid);
    refuseForeign(dir, place.account?.uid ?? process.getuid?.() ?? 0);
  }
}

/** True when the account can enter this directory through all its parents. */
export function canEnter(dir: string, account: SystemAccount): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** The data directory knows its database by this name: a new directory at the same path does not find the old one's. */
function nameOf(home: string): string {
  return keepSecret(join(home, 'postgres-name'), () => randomBytes(8).toString('hex'));
}

/** Others may then pass through the data directory, not list it; what lies in it stays closed by itself. */
function openPassage(home: string): void {
  chmodSync(home, statSync(home).mode | 0o011);
}

/** In /tmp somebody else could have made the folder first. */
function refuseForeign(dir: string, uid: number): void {
  const found = lstatSync(dir);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return;
  throw new Error(`${dir} must be a directory of uid ${uid} with mode 0700`);
}

function chooseAccount(root: string): SystemAccount {
  const owner = statSync(root, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const known = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  // initdb needs an account that has a name, so a bare number will not do.
  for (const name of ['guichet', 'postgres', 'nobody']) {
    const entry = known.find((fields) => fields[0] === name);
    if (entry) return { uid: Number(entry[2]) >>> 0, gid: Number(entry[3]) >>> 0 };
  }
  throw new Error('PostgreSQL does not run as root: make an account for it, for example with `useradd --system guichet`');
}
