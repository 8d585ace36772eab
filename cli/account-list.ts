import { type InstalledAccount, installedAccountQuery } from '../contract/account.ts';
import { ApiError } from '../server/http/errors.ts';
import { fieldErrorsOf } from '../server/http/field-errors.ts';
import { listInstalledAccounts } from '../server/superadmin/actions.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const accountList: Command = {
  name: 'account list',
  summary: 'Lists the accounts of this installation, the newest first.',
  options: {
    search: { value: 'TEXT', description: 'Only those with this in their name.' },
    status: { value: 'STATUS', description: 'Only trial, active, suspended or cancelled ones.' },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const accounts = await listAll({ q: given.search, status: given.status });
    if (given.json) console.log(JSON.stringify({ items: accounts }));
    else for (const account of accounts) console.log(lineOf(account));
    return 0;
  },
};

async function listAll(wanted: { q: unknown; status: unknown }): Promise<InstalledAccount[]> {
  const parsed = installedAccountQuery.safeParse({ ...wanted, limit: 100 });
  if (!parsed.success)
    throw new ApiError('validation_error', 'The list cannot be made like this.', { errors: fieldErrorsOf(parsed.error) });
  return withDatabase(async (database) => {
    const all: InstalledAccount[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await listInstalledAccounts(database, { ...parsed.data, cursor });
      all.push(...page.items);
      if (page.nextCursor === null) return all;
      cursor = page.nextCursor;
    }
  });
}

const lineOf = ({ id, name, status, readOnlyReason, tier, memberCount }: InstalledAccount): string =>
  [id, readOnlyReason ?? status, tier, `${memberCount} members`, name].join('  ');
