import type { Account } from '../../contract/account.ts';
import { readOnlyReasonOf } from '../../contract/account-state.ts';
import type { AccountRow } from './queries.ts';

/** An account as the API shows it, by the clock of now. */
export function describeAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    tier: row.tier,
    modules: row.modules,
    trialEndsAt: row.trial_ends_at?.toISOString() ?? null,
    readOnlyReason: readOnlyReasonOf(row.status, row.trial_ends_at) ?? null,
    language: row.language,
    timeZone: row.time_zone,
    isDemo: row.is_demo,
    createdAt: row.created_at.toISOString(),
  };
}
