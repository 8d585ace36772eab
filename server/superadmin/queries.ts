import type { AccountStatus } from '../../contract/account-state.ts';
import type { Database, Tx } from '../db/pool.ts';

/** The ids of a page of all accounts, the newest first. */
export async function listAccountIds(
  database: Database,
  filter: { namePart: string | null; status: AccountStatus | null; before: string | null },
  most: number,
): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    name: 'superadmin_list',
    text: 'select id from list_account_ids($1, $2, $3, $4)',
    values: [filter.namePart, filter.status, filter.before, most],
  });
  return rows.map((row) => row.id);
}

export interface UseRow {
  members: number;
  inboxes: number;
  last_activity_at: Date | null;
}

/** How the account of the transaction is used, in numbers. */
export async function readUse(tx: Tx): Promise<UseRow> {
  const [row] = await tx.query<UseRow>({
    name: 'superadmin_use',
    text: `select (select count(*)::integer from members where account_id = $1 and status <> 'removed') as members,
             (select count(*)::integer from inboxes where account_id = $1) as inboxes,
             (select last_activity_at from conversations where account_id = $1 order by last_activity_at desc limit 1) as last_activity_at`,
    values: [tx.accountId],
  });
  return row ?? { members: 0, inboxes: 0, last_activity_at: null };
}
