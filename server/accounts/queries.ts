import type { AccountStatus } from '../../contract/account-state.ts';
import type { Account } from '../../contract/account.ts';
import type { Role, Tier } from '../../contract/auth.ts';
import type { Module } from '../../contract/modules.ts';
import type { Database, Tx } from '../db/pool.ts';

export interface AccountRow {
  id: string;
  name: string;
  status: AccountStatus;
  is_demo: boolean;
  language: Account['language'];
  time_zone: string;
  tier: Tier;
  modules: Module[];
  trial_ends_at: Date | null;
  created_at: Date;
}

const columns = 'id, name, status, is_demo, language, time_zone, tier, modules, trial_ends_at, created_at';

/** The account of the transaction. */
export async function findAccount(tx: Tx): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>({
    name: 'account_find',
    text: `select ${columns} from accounts where id = $1`,
    values: [tx.accountId],
  });
  return row;
}

/** The account of the transaction, its row locked. */
export async function lockAccount(tx: Tx): Promise<AccountRow | undefined> {
  const [row] = await tx.query<AccountRow>({
    text: `select ${columns} from accounts where id = $1 for no key update`,
    values: [tx.accountId],
  });
  return row;
}

/** What an account is made of and may be changed to. */
export interface AccountColumns {
  name: string;
  status: AccountStatus;
  tier: Tier;
  modules: readonly Module[];
  trialEndsAt: Date | null;
  language: string;
  timeZone: string;
}

export async function insertAccount(tx: Tx, account: AccountColumns & { isDemo: boolean }): Promise<void> {
  await tx.query({
    text: `insert into accounts (id, name, status, tier, modules, trial_ends_at, language, time_zone, is_demo) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [...valuesOf(tx, account), account.isDemo],
  });
}

export async function updateAccount(tx: Tx, account: AccountColumns): Promise<void> {
  await tx.query({
    text: 'update accounts set name = $2, status = $3, tier = $4, modules = $5, trial_ends_at = $6, language = $7, time_zone = $8 where id = $1',
    values: valuesOf(tx, account),
  });
}

const valuesOf = (tx: Tx, { name, status, tier, modules, trialEndsAt, language, timeZone }: AccountColumns): unknown[] => [
  tx.accountId,
  name,
  status,
  tier,
  modules,
  trialEndsAt,
  language,
  timeZone,
];

/** Makes a user; false when somebody has the address. */
export async function insertUser(
  tx: Tx,
  user: { id: string; email: string; name: string; passwordHash: string; isVerified: boolean },
): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into users (id, email, name, password_hash, email_verified_at) values ($1, $2, $3, $4, case when $5 then now() end)
           on conflict (lower(email)) do nothing returning id`,
    values: [user.id, user.email, user.name, user.passwordHash, user.isVerified],
  });
  return rows.length === 1;
}

export async function insertMember(tx: Tx, userId: string, role: Role): Promise<void> {
  await tx.query({
    text: 'insert into members (account_id, user_id, role) values ($1, $2, $3)',
    values: [tx.accountId, userId, role],
  });
}

/** The accounts that have this name, whatever its case. */
export async function findAccountsNamed(database: Database, name: string): Promise<string[]> {
  const rows = await database.query<{ id: string }>({ text: 'select id from find_accounts_named($1)', values: [name] });
  return rows.map((row) => row.id);
}
