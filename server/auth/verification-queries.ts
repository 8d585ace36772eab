import type { Tx } from '../db/pool.ts';

/** Marks an address as proven, the first time only; then it also says whether there was a password. */
export async function markVerified(tx: Tx, userId: string, keepsPassword: boolean): Promise<{ had_password: boolean } | undefined> {
  const [row] = await tx.query<{ had_password: boolean }>({
    text: `with before as (select id, password_hash is not null as had_password from users where id = $1 and email_verified_at is null for update)
           update users u set email_verified_at = now(), password_hash = case when $2 then u.password_hash end
           from before b where u.id = b.id returning b.had_password`,
    values: [userId, keepsPassword],
  });
  return row;
}

/** Takes away passkeys and identities of other providers. */
export async function forgetOtherWays(tx: Tx, userId: string): Promise<void> {
  await tx.query({ text: 'delete from passkeys where user_id = $1', values: [userId] });
  await tx.query({ text: 'delete from external_identities where user_id = $1', values: [userId] });
}

/** Gives a person another address, proven; false when somebody else has it. */
export async function replaceEmail(tx: Tx, userId: string, email: string): Promise<boolean> {
  const rows = await tx.query({
    text: `update users set email = $2 where id = $1 and not exists (select from users other where lower(other.email) = $2 and other.id <> $1) returning id`,
    values: [userId, email],
  });
  return rows.length === 1;
}

/** Keeps with a used token the address that a notice still has to go to. */
export async function rememberOldEmail(tx: Tx, tokenId: string, email: string): Promise<void> {
  await tx.query({
    text: `update one_time_tokens set data = data || jsonb_build_object('oldEmail', $2::text) where id = $1`,
    values: [tokenId, email],
  });
}
