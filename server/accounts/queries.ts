import type { Role } from '../../contract/auth.ts';
import type { Tx } from '../db/pool.ts';

export interface AccountRow {
  id: string;
  name: string;
  status: string;
  is_demo: boolean;
  language: string;
  time_zone: string;
  tier: string;
  modules: string[];
  trial_ends_at: Date | null;
}

/** The account of the transaction. */
export async function findAccount(tx: Tx): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>({
    name: 'account_find',
    text: 'select id, name, status, is_demo, language, time_zone, tier, modules, trial_ends_at from accounts where id = $1',
    values: [tx.accountId],
  });
  return row;
}

export async function insertAccount(tx: Tx, account: { name: string; isDemo: boolean; language: string; timeZone: string }): Promise<void> {
  await tx.query({
    text: 'insert into accounts (id, name, is_demo, language, time_zone) values ($1, $2, $3, $4, $5)',
    values: [tx.accountId, account.name, account.isDemo, account.language, account.timeZone],
  });
}

/** Makes a user; false when somebody has the address. */
export async function insertUser(tx: Tx, user: { id: string; email: string; name: string; passwordHash: string }): Promise<boolean> {
  const rows = await tx.query({
    text: 'insert into users (id, email, name, password_hash) values ($1, $2, $3, $4) on conflict (lower(email)) do nothing returning id',
    values: [user.id, user.email, user.name, user.passwordHash],
  });
  return rows.length === 1;
}

export async function insertMember(tx: Tx, userId: string, role: Role): Promise<void> {
  await tx.query({
    text: 'insert into members (account_id, user_id, role) values ($1, $2, $3)',
    values: [tx.accountId, userId, role],
  });
}
