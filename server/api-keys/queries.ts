import type { Database, Tx } from '../db/pool.ts';
import type { KeySecrets } from './secrets.ts';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  per_hour: number | null;
  per_minute: number | null;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  rotated_at: Date | null;
  previous_expires_at: Date | null;
  maker_id: string | null;
  maker_name: string | null;
  maker_status: 'active' | 'suspended' | null;
}

interface Limits {
  perHour: number | null;
  perMinute: number | null;
}

export interface NewKeyRow extends Pick<KeySecrets, 'secretHash' | 'signingSecretSealed'> {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  createdBy: string | null;
  expiresAt: string | null;
  limits: Limits;
  isSuperadmin: boolean;
}

export async function insertKey(tx: Tx, key: NewKeyRow): Promise<void> {
  await tx.query({
    text: `insert into api_keys (account_id, id, name, prefix, secret_hash, signing_secret_sealed, permissions, created_by, expires_at,
             per_hour, per_minute, is_superadmin)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      tx.accountId,
      key.id,
      key.name,
      key.prefix,
      key.secretHash,
      key.signingSecretSealed,
      key.permissions,
      key.createdBy,
      key.expiresAt,
      key.limits.perHour,
      key.limits.perMinute,
      key.isSuperadmin,
    ],
  });
}

const keys = `select k.id, k.name, k.prefix, k.permissions, k.per_hour, k.per_minute, k.created_at, k.expires_at, k.last_used_at, k.rotated_at,
    k.previous_expires_at, m.user_id as maker_id, u.name as maker_name, m.status as maker_status
  from api_keys k left join members m on m.account_id = k.account_id and m.user_id = k.created_by left join users u on u.id = m.user_id
  where k.account_id = $1 and k.revoked_at is null`;

/** A page of the keys that are not revoked, the newest first; one more than asked for when there are more. */
export function listKeyRows(tx: Tx, before: { id: string } | undefined, limit: number): Promise<ApiKeyRow[]> {
  return tx.query<ApiKeyRow>({
    name: 'api_key_list',
    text: `${keys} and ($2::uuid is null or k.id < $2) order by k.id desc limit $3`,
    values: [tx.accountId, before?.id ?? null, limit + 1],
  });
}

/** A key that is not revoked, locked. */
export async function findKeyRow(tx: Tx, id: string): Promise<ApiKeyRow | undefined> {
  const [row] = await tx.query<ApiKeyRow>({ text: `${keys} and k.id = $2 for update of k`, values: [tx.accountId, id] });
  return row;
}

/** The permissions of a key that works. */
export async function findLivePermissions(tx: Tx, id: string): Promise<string[]> {
  const [row] = await tx.query<{ permissions: string[] }>({
    text: 'select permissions from api_keys where account_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > now())',
    values: [tx.accountId, id],
  });
  return row?.permissions ?? [];
}

export async function updateKey(tx: Tx, id: string, change: { name: string; limits: Limits }): Promise<void> {
  await tx.query({
    text: 'update api_keys set name = $3, per_hour = $4, per_minute = $5 where account_id = $1 and id = $2',
    values: [tx.accountId, id, change.name, change.limits.perHour, change.limits.perMinute],
  });
}

/** Puts new secrets in front of those of now, which stay for the overlap; returns until when, null for not at all. */
export async function replaceSecrets(
  tx: Tx,
  id: string,
  next: Pick<KeySecrets, 'secretHash' | 'signingSecretSealed'>,
  overlapMinutes: number,
): Promise<Date | null> {
  const [row] = await tx.query<{ previous_expires_at: Date | null }>({
    text: `update api_keys set secret_hash = $3, signing_secret_sealed = $4, rotated_at = now(),
             previous_secret_hash = case when $5 > 0 then secret_hash end,
             previous_signing_secret_sealed = case when $5 > 0 then signing_secret_sealed end,
             previous_expires_at = case when $5 > 0 then date_trunc('milliseconds', least(expires_at, now() + make_interval(mins => $5))) end
           where account_id = $1 and id = $2 returning previous_expires_at`,
    values: [tx.accountId, id, next.secretHash, next.signingSecretSealed, overlapMinutes],
  });
  return row?.previous_expires_at ?? null;
}

/** Revokes a key; undefined when there is none. */
export async function revokeKeyRow(tx: Tx, id: string): Promise<{ name: string; prefix: string } | undefined> {
  const [row] = await tx.query<{ name: string; prefix: string }>({
    text: 'update api_keys set revoked_at = now() where account_id = $1 and id = $2 and revoked_at is null returning name, prefix',
    values: [tx.accountId, id],
  });
  return row;
}

export interface SigningRow {
  signing_secret_sealed: Buffer;
  previous_signing_secret_sealed: Buffer | null;
  previous_expires_at: Date | null;
}

export async function findSigningRow(tx: Tx, id: string): Promise<SigningRow | undefined> {
  const [row] = await tx.query<SigningRow>({
    name: 'api_key_signing',
    text: `select signing_secret_sealed, previous_signing_secret_sealed, previous_expires_at from api_keys
           where account_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > now())`,
    values: [tx.accountId, id],
  });
  return row;
}

export async function deleteEndedKeys(database: Database): Promise<number> {
  const [row] = await database.query<{ deleted: string }>({ text: 'select sweep_api_keys() as deleted' });
  return Number(row?.deleted ?? 0);
}
