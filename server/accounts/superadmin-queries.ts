import type { Tx } from '../db/pool.ts';

const superadminLock = 7_046_203;

/** Whoever changes who is superadmin waits here for the others. */
export async function lockSuperadmins(tx: Tx): Promise<void> {
  await tx.query({ text: 'select pg_advisory_xact_lock($1)', values: [superadminLock] });
}

/** Whether there is an account beside the demo's. */
export async function hasOwnDesk(tx: Tx): Promise<boolean> {
  const [row] = await tx.query<{ has_own: boolean }>({
    text: 'select count_accounts() > (select count(*) from list_demo_accounts()) as has_own',
  });
  return row?.has_own ?? true;
}

export async function isMemberOfDemo(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx.query({ text: 'select 1 from find_memberships($1) where is_demo', values: [userId] });
  return rows.length > 0;
}

/** The superadmins beside this person who can still sign in somewhere. */
export async function countOtherSuperadmins(tx: Tx, userId: string): Promise<number> {
  const [row] = await tx.query<{ others: number }>({
    text: `select count(*)::integer as others from users u where u.is_superadmin and u.id <> $1
             and exists (select from find_memberships(u.id) m where m.status = 'active')`,
    values: [userId],
  });
  return row?.others ?? 0;
}

export async function isSuperadmin(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx.query({ text: 'select 1 from users where id = $1 and is_superadmin', values: [userId] });
  return rows.length > 0;
}

export async function setSuperadmin(tx: Tx, userId: string, isGranted: boolean): Promise<void> {
  await tx.query({ text: 'update users set is_superadmin = $2 where id = $1', values: [userId, isGranted] });
}
