import type { Database, Tx } from '../../db/pool.ts';

export interface TotpRow {
  totp_sealed: Buffer | null;
  totp_confirmed_at: Date | null;
}

export async function findTotp(database: Database, userId: string): Promise<TotpRow | undefined> {
  const [row] = await database.query<TotpRow>({
    name: 'totp_find',
    text: 'select totp_sealed, totp_confirmed_at from users where id = $1',
    values: [userId],
  });
  return row;
}

/** Keeps a secret that does not count yet; false when one counts already. */
export async function insertPendingTotp(tx: Tx, userId: string, sealed: Buffer): Promise<boolean> {
  const rows = await tx.query({
    text: 'update users set totp_sealed = $2, totp_last_step = null where id = $1 and totp_confirmed_at is null returning id',
    values: [userId, sealed],
  });
  return rows.length === 1;
}

/** Makes the pending secret count from now on, its first code used; of any number at once exactly one succeeds. */
export async function confirmTotp(tx: Tx, userId: string, sealed: Buffer, step: number): Promise<boolean> {
  const rows = await tx.query({
    text: `update users set totp_confirmed_at = now(), totp_last_step = $3
           where id = $1 and totp_sealed = $2 and totp_confirmed_at is null returning id`,
    values: [userId, sealed, step],
  });
  return rows.length === 1;
}

/** Uses the code of a step up, and with it those of all steps before; of any number at once exactly one succeeds. */
export async function takeStep(database: Database, userId: string, step: number): Promise<boolean> {
  const rows = await database.query({
    name: 'totp_take_step',
    text: `update users set totp_last_step = $2
           where id = $1 and totp_confirmed_at is not null and (totp_last_step is null or totp_last_step < $2) returning id`,
    values: [userId, step],
  });
  return rows.length === 1;
}

/** Forgets the secret; says whether it counted. */
export async function deleteTotp(tx: Tx, userId: string): Promise<boolean> {
  const [row] = await tx.query<{ was_on: boolean }>({
    text: `with before as (select id, totp_confirmed_at is not null as was_on from users where id = $1 for update)
           update users u set totp_sealed = null, totp_confirmed_at = null, totp_last_step = null
           from before b where u.id = b.id returning b.was_on`,
    values: [userId],
  });
  return row?.was_on ?? false;
}

/** Locks the person, so that codes are replaced one set after the other; false when they have no second factor. */
export async function lockTotp(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx.query({
    text: 'select 1 from users where id = $1 and totp_confirmed_at is not null for update',
    values: [userId],
  });
  return rows.length === 1;
}

export async function insertRecoveryCodes(tx: Tx, userId: string, hashes: Buffer[]): Promise<void> {
  await tx.query({
    text: 'insert into recovery_codes (user_id, hash) select $1, unnest($2::bytea[])',
    values: [userId, hashes],
  });
}

export async function deleteRecoveryCodes(tx: Tx, userId: string): Promise<void> {
  await tx.query({ text: 'delete from recovery_codes where user_id = $1', values: [userId] });
}

/** Uses a code up; of any number at once exactly one succeeds. */
export async function takeRecoveryCode(tx: Tx, userId: string, hash: Buffer): Promise<boolean> {
  const rows = await tx.query({
    name: 'recovery_code_take',
    text: `update recovery_codes r set used_at = now() from users u
           where r.user_id = $1 and r.hash = $2 and r.used_at is null and u.id = r.user_id and u.totp_confirmed_at is not null returning r.hash`,
    values: [userId, hash],
  });
  return rows.length === 1;
}

export async function countRecoveryCodes(database: Database, userId: string): Promise<number> {
  const [row] = await database.query<{ left: number }>({
    text: 'select count(*)::integer as left from recovery_codes where user_id = $1 and used_at is null',
    values: [userId],
  });
  return row?.left ?? 0;
}
