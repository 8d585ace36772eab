import { z } from 'zod';
import type { InstalledAccount, installedAccountChange } from '../../contract/account.ts';
import type { AccountStatus } from '../../contract/account-state.ts';
import { getAccount } from '../accounts/access.ts';
import { changeAccount } from '../accounts/change.ts';
import { describeAccount } from '../accounts/present.ts';
import type { Actor } from '../audit/actor.ts';
import type { Database, Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { listAccountIds, readUse } from './queries.ts';

const cursor = cursorOf('installed accounts', z.object({ id: z.uuid() }));

/** The accounts of the installation, the newest first. */
export async function listInstalledAccounts(
  database: Database,
  query: { limit: number; cursor?: string | undefined; q?: string | undefined; status?: AccountStatus | undefined },
): Promise<{ items: InstalledAccount[]; nextCursor: string | null }> {
  const before = cursor.decode(query.cursor)?.id ?? null;
  const ids = await listAccountIds(database, { namePart: query.q ?? null, status: query.status ?? null, before }, query.limit + 1);
  const items: InstalledAccount[] = [];
  for (const id of ids.slice(0, query.limit)) items.push(await getInstalledAccount(database, id));
  const last = items.at(-1);
  return { items, nextCursor: ids.length > query.limit && last ? cursor.encode({ id: last.id }) : null };
}

export function getInstalledAccount(database: Database, id: string): Promise<InstalledAccount> {
  return database.withAccount(id, readInstalledAccount);
}

/** Changes what only the installation decides. It acts on open sessions and sockets within a second. */
export function changeInstalledAccount(
  database: Database,
  actor: Actor,
  id: string,
  { trialEndsAt, ...change }: z.infer<typeof installedAccountChange>,
): Promise<InstalledAccount> {
  const end = trialEndsAt === undefined ? {} : { trialEndsAt: trialEndsAt === null ? null : new Date(trialEndsAt) };
  return database.withAccount(id, async (tx) => {
    await changeAccount(tx, actor, { ...change, ...end });
    return readInstalledAccount(tx);
  });
}

/** The account of the transaction as the installation sees it. */
export async function readInstalledAccount(tx: Tx): Promise<InstalledAccount> {
  const account = describeAccount(await getAccount(tx));
  const use = await readUse(tx);
  return {
    ...account,
    memberCount: use.members,
    inboxCount: use.inboxes,
    lastActivityAt: use.last_activity_at?.toISOString() ?? null,
  };
}
