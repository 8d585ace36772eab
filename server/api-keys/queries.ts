import type { Tx } from '../db/pool.ts';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

export interface NewKeyRow {
  id: string;
  name: string;
  prefix: string;
  secretHash: Buffer;
  signingSecretSealed: Buffer;
  permissions: string[];
  createdBy: string | null;
  expiresAt: string | null;
}

export async function insertKey(tx: Tx, key: NewKeyRow): Promise<void> {
  await tx.query({
    text: `insert into api_keys (account_id, id, name, prefix, secret_hash, signing_secret_sealed, permissions, created_by, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
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
    ],
  });
}

/** A page of the keys that are not revoked, the newest first; one more than asked for when there are more. */
export function listKeyRows(tx: Tx, before: { id: string } | undefined, limit: number): Promise<ApiKeyRow[]> {
  return tx.query<ApiKeyRow>({
    name: 'api_key_list',
    text: `select id, name, prefix, permissions, created_at, expires_at, last_used_at from api_keys
           where account_id = $1 and revoked_at is null and ($2::uuid is null or id < $2) order by id desc limit $3`,
    values: [tx.accountId, before?.id ?? null, limit + 1],
  });
}

/** Revokes a key and returns its prefix; undefined when there is none. */
export async function revokeKeyRow(tx: Tx, id: string): Promise<string | undefined> {
  const [row] = await tx.query<{ prefix: string }>({
    text: 'update api_keys set revoked_at = now() where account_id = $1 and id = $2 and revoked_at is null returning prefix',
    values: [tx.accountId, id],
  });
  return row?.prefix;
}
