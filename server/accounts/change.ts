import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { getAccount } from './access.ts';
import { type AccountColumns, type AccountRow, lockAccount, updateAccount } from './queries.ts';

const trialDays = 14;

/** When a trial that begins now ends, where nobody says otherwise. */
export const trialEnd = (now = Date.now()) => new Date(now + trialDays * 86_400_000);

/** What is left out or undefined stays. */
export type AccountChange = { [Name in keyof AccountColumns]?: AccountColumns[Name] | undefined };

/** Changes the account of the transaction; what is left out stays, and what stays is not written down as a change. */
export async function changeAccount(tx: Tx, actor: Actor, change: AccountChange): Promise<AccountRow> {
  const row = await lockAccount(tx);
  if (!row) throw notFound('account');
  const before = columnsOf(row);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const after: AccountColumns = { ...before, ...given };
  if (after.status === 'trial') after.trialEndsAt ??= trialEnd();
  // A suspended trial keeps its end, so that it can go on; an account that became active has none.
  if (after.status === 'active') after.trialEndsAt = null;
  const changed = (Object.keys(after) as (keyof AccountColumns)[]).filter((name) => String(before[name]) !== String(after[name]));
  if (changed.length === 0) return row;
  await updateAccount(tx, after);
  const pick = (columns: AccountColumns) => Object.fromEntries(changed.map((name) => [name, columns[name]]));
  await recordAudit(tx, actor, {
    action: 'account.changed',
    subject: { type: 'account', id: row.id },
    details: { before: pick(before), after: pick(after) },
  });
  return getAccount(tx);
}

const columnsOf = (row: AccountRow): AccountColumns => ({
  name: row.name,
  status: row.status,
  tier: row.tier,
  modules: row.modules,
  trialEndsAt: row.trial_ends_at,
  language: row.language,
  timeZone: row.time_zone,
});
