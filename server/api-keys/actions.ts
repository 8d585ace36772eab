import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ApiKey, apiKeyChange, newApiKey } from '../../contract/api-key.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Principal } from '../auth/principal.ts';
import type { Sealer } from '../credentials/seal.ts';
import { newId } from '../db/id.ts';
import type { Database, Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { findNotHeld, getHolder, getKey, refuseBoundKey } from './access.ts';
import { type ApiKeyRow, deleteEndedKeys, insertKey, listKeyRows, revokeKeyRow, updateKey } from './queries.ts';
import { keyText, makeSecrets } from './secrets.ts';

/** A new key with its two secrets, which are shown this once. */
export interface CreatedKey {
  id: string;
  key: string;
  prefix: string;
  signingSecret: string;
}

/** Whose rights count, and who is written into the audit log. */
export interface Doer {
  principal: Principal;
  actor: Actor;
}

const cursor = cursorOf('api keys', z.object({ id: z.uuid() }));

/**
 * Makes a key that may do no more than its maker. It belongs to the account: it works on when its maker leaves or may do
 * less. Only `installation.manage` ends with its maker's being superadmin.
 */
export async function createKey(tx: Tx, sealer: Sealer, doer: Doer, given: z.infer<typeof newApiKey>): Promise<CreatedKey> {
  const { principal, actor } = doer;
  const holder = await getHolder(tx, doer);
  const permissions = [...new Set(given.permissions)];
  await refuseBoundKey(tx, principal);
  refuseMoreThanHeld(holder, given.permissions);
  refusePast(given.expiresAt);
  const id = newId();
  const prefix = randomBytes(8).toString('hex');
  const secrets = await makeSecrets(sealer, tx.accountId);
  const limits = { perHour: given.limits?.perHour ?? null, perMinute: given.limits?.perMinute ?? null };
  const expiresAt = given.expiresAt ?? null;
  const isSuperadmin = permissions.includes('installation.manage');
  await insertKey(tx, {
    ...secrets,
    id,
    name: given.name,
    prefix,
    permissions,
    createdBy: principal.userId,
    expiresAt,
    limits,
    isSuperadmin,
  });
  await recordAudit(tx, actor, {
    action: 'api_key.created',
    subject: { type: 'api_key', id },
    details: { name: given.name, prefix, permissions, expiresAt, limits },
  });
  return { id, key: keyText(prefix, secrets.secret), prefix, signingSecret: secrets.signingSecret };
}

export async function listKeys(
  tx: Tx,
  query: { limit: number; cursor?: string | undefined },
): Promise<{ items: ApiKey[]; nextCursor: string | null }> {
  const rows = await listKeyRows(tx, cursor.decode(query.cursor), query.limit);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map(describeKey), nextCursor: rows.length > query.limit && last ? cursor.encode({ id: last.id }) : null };
}

/** Renames a key or changes its own limits; what is left out stays. */
export async function changeKey(tx: Tx, { principal, actor }: Doer, id: string, given: z.infer<typeof apiKeyChange>): Promise<ApiKey> {
  if (given.limits) await refuseBoundKey(tx, principal);
  const key = await getKey(tx, id);
  const before = { name: key.name, limits: { perHour: key.per_hour, perMinute: key.per_minute } };
  const { perHour = before.limits.perHour, perMinute = before.limits.perMinute } = given.limits ?? {};
  const after = { name: given.name ?? before.name, limits: { perHour, perMinute } };
  await updateKey(tx, id, after);
  await recordAudit(tx, actor, { action: 'api_key.changed', subject: { type: 'api_key', id }, details: { before, after } });
  return describeKey(await getKey(tx, id));
}

/** Revokes a key and returns its prefix. */
export async function revokeKey(tx: Tx, actor: Actor, id: string): Promise<string> {
  const revoked = await revokeKeyRow(tx, id);
  if (!revoked) throw notFound('API key');
  await recordAudit(tx, actor, { action: 'api_key.revoked', subject: { type: 'api_key', id }, details: revoked });
  return revoked.prefix;
}

/** Forgets secrets and keys that ended long ago; returns how many keys. */
export const sweepKeys = (database: Database): Promise<number> => deleteEndedKeys(database);

function refuseMoreThanHeld(holder: Pick<Principal, 'permissions' | 'type'>, wanted: string[]): void {
  const errors = findNotHeld(holder, wanted).map(({ at }) => ({
    path: `permissions.${at}`,
    message: 'is not a permission that you hold',
  }));
  if (errors.length > 0) throw new ApiError('validation_error', 'permissions: a key can do no more than whoever makes it.', { errors });
}

function refusePast(expiresAt: string | undefined): void {
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.now())
    throw new ApiError('validation_error', 'expiresAt: is over already.', { errors: [{ path: 'expiresAt', message: 'is over already' }] });
}

function describeKey(row: ApiKeyRow): ApiKey {
  const overlaps = row.previous_expires_at !== null && row.previous_expires_at.getTime() > Date.now();
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    permissions: row.permissions,
    limits: { perHour: row.per_hour, perMinute: row.per_minute },
    createdAt: row.created_at.toISOString(),
    createdBy: row.maker_id === null ? null : { id: row.maker_id, name: row.maker_name ?? '', isActive: row.maker_status === 'active' },
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    rotatedAt: row.rotated_at?.toISOString() ?? null,
    previousExpiresAt: overlaps ? (row.previous_expires_at?.toISOString() ?? null) : null,
  };
}
