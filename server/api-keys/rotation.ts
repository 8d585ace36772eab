import { recordAudit } from '../audit/record.ts';
import type { Sealer } from '../credentials/seal.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { getHolder, getKey, refuseBoundKey, requireAllHeld } from './access.ts';
import type { CreatedKey, Doer } from './actions.ts';
import { replaceSecrets } from './queries.ts';
import { keyText, makeSecrets } from './secrets.ts';

/**
 * Gives a key new secrets under its old id and prefix. The secrets before work on for the overlap, and no longer than
 * the key; those before them stop now, so that at most two are ever good.
 */
export async function rotateKey(
  tx: Tx,
  sealer: Sealer,
  doer: Doer,
  id: string,
  overlapMinutes: number,
): Promise<CreatedKey & { previousExpiresAt: string | null }> {
  const { principal, actor } = doer;
  const holder = await getHolder(tx, doer);
  const key = await getKey(tx, id);
  if (key.expires_at && key.expires_at.getTime() <= Date.now()) throw new ApiError('conflict', 'This key has expired: make a new one.');
  requireAllHeld(holder, key);
  if (id !== principal.keyId) await refuseBoundKey(tx, principal);
  const secrets = await makeSecrets(sealer, tx.accountId);
  const until = await replaceSecrets(tx, id, secrets, overlapMinutes);
  const previousExpiresAt = until?.toISOString() ?? null;
  await recordAudit(tx, actor, {
    action: 'api_key.rotated',
    subject: { type: 'api_key', id },
    details: { name: key.name, prefix: key.prefix, previousExpiresAt },
  });
  return { id, key: keyText(key.prefix, secrets.secret), prefix: key.prefix, signingSecret: secrets.signingSecret, previousExpiresAt };
}
