import type { Actor } from '../server/audit/actor.ts';
import { recordInstallationAudit } from '../server/audit/installation.ts';
import type { Database } from '../server/db/pool.ts';
import type { FileStore } from '../server/files/store.ts';
import { deleteDemo, type Removed } from './queries.ts';

export type RemovedDemo = Omit<Removed, 'storageKeys'> & { files: number };

/** Removes a demo account with the people who have no other one, and its files; undefined when the account is no demo. */
export async function removeDemo(database: Database, files: FileStore, actor: Actor, accountId: string): Promise<RemovedDemo | undefined> {
  const removed = await database.withAccount(accountId, async (tx) => {
    const deleted = await deleteDemo(tx);
    // Its own chain is gone with it: those who look after the installation keep the record.
    const subject = { type: 'account', id: accountId };
    if (deleted) await recordInstallationAudit(tx, actor, { action: 'demo.removed', subject, details: { users: deleted.users } });
    return deleted;
  });
  if (!removed) return undefined;
  // After the commit: until then the rows still name them.
  const { storageKeys, ...counts } = removed;
  for (const key of storageKeys) await removeFile(files, key);
  return { ...counts, files: storageKeys.length };
}

async function removeFile(files: FileStore, key: string): Promise<void> {
  await files.remove(key).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** Removes every demo account there is; what `guichet demo remove` does. */
export async function removeDemos(database: Database, files: FileStore, actor: Actor): Promise<RemovedDemo[]> {
  const accounts = await database.query<{ id: string }>({ text: 'select id from list_demo_accounts()' });
  const removed: RemovedDemo[] = [];
  for (const { id } of accounts) {
    const one = await removeDemo(database, files, actor, id);
    if (one) removed.push(one);
  }
  return removed;
}
