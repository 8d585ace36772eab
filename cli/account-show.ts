import type { InstalledAccount } from '../contract/account.ts';
import { getInstalledAccount } from '../server/superadmin/actions.ts';
import { type Command, Misuse } from './command.ts';
import { withDatabase } from './database.ts';

export const accountId = { value: 'ID', description: 'The id that `guichet account list` shows.', isRequired: true };

export const accountShow: Command = {
  name: 'account show',
  summary: 'Shows one account: its state, tier, modules and how it is used.',
  options: { id: accountId, json: { description: 'Answer in JSON.' } },
  async run(given) {
    const id = readAccountId(given.id);
    const account = await withDatabase((database) => getInstalledAccount(database, id));
    console.log(given.json ? JSON.stringify(account) : describeInstalled(account));
    return 0;
  },
};

export function readAccountId(given: unknown): string {
  const id = String(given).toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new Misuse('--id is not the id of an account.');
  return id;
}

/** One line for each thing to know. */
export function describeInstalled(account: InstalledAccount): string {
  const rows: Record<string, string> = {
    id: account.id,
    name: account.name,
    status: account.readOnlyReason === null ? account.status : `${account.status}, read-only (${account.readOnlyReason})`,
    'trial ends': account.trialEndsAt ?? '-',
    tier: account.tier,
    modules: account.modules.join(', ') || '-',
    members: String(account.memberCount),
    inboxes: String(account.inboxCount),
    'last activity': account.lastActivityAt ?? '-',
    created: account.createdAt,
  };
  return Object.entries(rows)
    .map(([name, value]) => `${name.padEnd(14)}${value}`)
    .join('\n');
}
