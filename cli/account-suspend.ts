import type { InstalledAccount } from '../contract/account.ts';
import type { AccountStatus } from '../contract/account-state.ts';
import { changeInstalledAccount, getInstalledAccount } from '../server/superadmin/actions.ts';
import { accountId, describeInstalled, readAccountId } from './account-show.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const accountSuspend = command(
  'account suspend',
  'Makes an account read-only within a second; it still receives messages.',
  () => 'suspended',
);
export const accountResume = command(
  'account resume',
  'Lets a suspended account go on: as a trial until its end where it was one, else active.',
  ({ trialEndsAt }) => (trialEndsAt === null ? 'active' : 'trial'),
);

function command(name: string, summary: string, statusFor: (account: InstalledAccount) => AccountStatus): Command {
  return {
    name,
    summary,
    options: { id: accountId, json: { description: 'Answer in JSON.' } },
    async run(given) {
      const id = readAccountId(given.id);
      const account = await withDatabase(async (database, operator) =>
        changeInstalledAccount(database, operator, id, { status: statusFor(await getInstalledAccount(database, id)) }),
      );
      console.log(given.json ? JSON.stringify(account) : describeInstalled(account));
      return 0;
    },
  };
}
