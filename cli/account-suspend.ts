import { changeInstalledAccount } from '../server/superadmin/actions.ts';
import { accountId, describeInstalled, readAccountId } from './account-show.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const accountSuspend = command(
  'account suspend',
  'suspended',
  'Makes an account read-only within a second; it still receives messages.',
);
export const accountResume = command('account resume', 'active', 'Makes an account fully usable again.');

function command(name: string, status: 'suspended' | 'active', summary: string): Command {
  return {
    name,
    summary,
    options: { id: accountId, json: { description: 'Answer in JSON.' } },
    async run(given) {
      const id = readAccountId(given.id);
      const account = await withDatabase((database, operator) => changeInstalledAccount(database, operator, id, { status }));
      console.log(given.json ? JSON.stringify(account) : describeInstalled(account));
      return 0;
    },
  };
}
