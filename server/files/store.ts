import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

export interface KeptFile {
  /** Random: neither the sender nor the file's name decides where bytes lie. */
  storageKey: string;
  sha256: Buffer;
  size: number;
}

/** Where the bytes of files lie. What `put` has returned survives a crash of the machine. */
export interface FileStore {
  put(bytes: Buffer): Promise<KeptFile>;
  read(storageKey: string): Readable;
  remove(storageKey: string): Promise<void>;
  /** Keys of files that have lain there since before a time; drafts of that age, which a crash left, are removed. */
  listOlder(before: Date): AsyncGenerator<string>;
}

const keyPattern = /^[0-9a-f]{2}\/[0-9a-f]{40}$/;

/** A store in a local directory: written beside, synced, renamed, and the folder synced too. */
export function createFileStore(directory: string): FileStore {
  function pathOf(storageKey: string): string {
    if (!keyPattern.test(storageKey)) throw new TypeError('not a storage key');
    return join(directory, storageKey);
  }

  return {
    async put(bytes) {
      const name = randomBytes(21).toString('hex');
      const storageKey = `${name.slice(0, 2)}/${name.slice(2)}`;
      const path = pathOf(storageKey);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await withFile(`${path}.part`, 'wx', async (file) => {
        await file.writeFile(bytes);
        await file.sync();
      });
      await rename(`${path}.part`, path);
      await withFile(dirname(path), 'r', (folder) => folder.sync());
      return { storageKey, sha256: createHash('sha256').update(bytes).digest(), size: bytes.length };
    },
    read: (storageKey) => createReadStream(pathOf(storageKey)),
    remove: (storageKey) => unlink(pathOf(storageKey)),
    async *listOlder(before) {
      for (const folder of await readFolder(directory)) {
        for (const name of await readFolder(join(directory, folder))) {
          const path = join(directory, folder, name);
          const age = await stat(path).catch(() => null);
          if (!age || age.mtime >= before) continue;
          if (keyPattern.test(`${folder}/${name}`)) yield `${folder}/${name}`;
          else if (name.endsWith('.part')) await unlink(path);
        }
      }
    },
  };
}

/** Names in a folder; none when there is no such folder. */
async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

async function withFile(path: string, flags: string, work: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
