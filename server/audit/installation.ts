import { inAccount, type Tx } from '../db/pool.ts';
import type { Actor } from './actor.ts';
import { listAccountsOfSuperadmins } from './queries.ts';
import { type AuditEntry, recordAudit } from './record.ts';

/** Writes what concerns the whole installation into the accounts of those who look after it, in the order of their ids. */
export async function recordInstallationAudit(tx: Tx, actor: Actor, entry: AuditEntry): Promise<void> {
  for (const accountId of await listAccountsOfSuperadmins(tx)) await inAccount(tx, accountId, (other) => recordAudit(other, actor, entry));
}
