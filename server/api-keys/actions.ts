import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { apiKey, newApiKey } from '../../contract/auth.ts';
import type { Permission } from '../../contract/permissions.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Principal } from '../auth/principal.ts';
import type { Sealer } from '../credentials/seal.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { cursorOf } from '../http/cursor.ts';
import { ApiError, notFound } from '../http/errors.ts';
import { type ApiKeyRow, insertKey, listKeyRows, revokeKeyRow } from './queries.ts';

type ApiKey = z.infer<typeof apiKey>;

/** A new key with its two secrets, which are shown this once. */
export interface CreatedKey {
  id: string;
  key: string;
  prefix: string;
  signingSecret: string;
}

const cursor = cursorOf('api keys', z.object({ id: z.uuid() }));
/** The purpose under which the signing secret of a key is sealed. */
export const signingSecretPurpose = 'api key signing secret';

/** Makes a key that may do no more than its maker. */
export async function createKey(
  tx: Tx,
  sealer: Sealer,
  { maker, actor }: { maker: Principal; actor: Actor },
  given: z.infer<typeof newApiKey>,
): Promise<CreatedKey> {
  refuseMoreThanHeld(maker, given.permissions);
  if (given.expiresAt !== undefined && Date.parse(given.expiresAt) <= Date.now()) {
    throw new ApiError('validation_error', 'expiresAt: is over already.', { errors: [{ path: 'expiresAt', message: 'is over already' }] });
  }
  const id = newId();
  const prefix = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const signingSecret = randomBytes(32).toString('base64url');
  await insertKey(tx, {
    id,
    name: given.name,
    prefix,
    secretHash: createHash('sha256').update(secret).digest(),
    signingSecretSealed: sealer.seal(Buffer.from(signingSecret), signingSecretPurpose),
    permissions: [...new Set(given.permissions)],
    createdBy: maker.userId,
    expiresAt: given.expiresAt ?? null,
  });
  await recordAudit(tx, actor, {
    action: 'api_key.created',
    subject: { type: 'api_key', id },
    details: { name: given.name, permissions: given.permissions, expiresAt: given.expiresAt ?? null },
  });
  return { id, key: `gk_${prefix}_${secret}`, prefix, signingSecret };
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

/** Revokes a key and returns its prefix. */
export async function revokeKey(tx: Tx, actor: Actor, id: string): Promise<string> {
  const prefix = await revokeKeyRow(tx, id);
  if (prefix === undefined) throw notFound('API key');
  await recordAudit(tx, actor, { action: 'api_key.revoked', subject: { type: 'api_key', id } });
  return prefix;
}

function refuseMoreThanHeld(maker: Principal, wanted: string[]): void {
  const more = wanted.flatMap((name, at) =>
    maker.permissions.has(name as Permission) ? [] : [{ path: `permissions.${at}`, message: 'is not a permission that you hold' }],
  );
  if (more.length > 0) throw new ApiError('validation_error', 'permissions: a key can do no more than whoever makes it.', { errors: more });
}

function describeKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    permissions: row.permissions,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  };
}
