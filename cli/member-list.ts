import type { Member } from '../contract/members.ts';
import { getAccountId } from '../server/accounts/find.ts';
import { listMembers } from '../server/members/actions.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const memberList: Command = {
  name: 'member list',
  summary: 'Lists the people of an account, those who were removed left out.',
  options: {
    account: { value: 'ACCOUNT', description: 'The name of the account, or its id.', isRequired: true },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const members = await withDatabase(async (database) => {
      const accountId = await getAccountId(database, String(given.account));
      return database.withAccount(accountId, async (tx) => {
        const all: Member[] = [];
        for (let cursor: string | undefined; ; ) {
          const page = await listMembers(tx, { limit: 100, cursor });
          all.push(...page.items);
          if (page.nextCursor === null) return all;
          cursor = page.nextCursor;
        }
      });
    });
    if (given.json) console.log(JSON.stringify({ members }));
    else for (const { email, name, role, roleName, status } of members) console.log(`${email}  ${roleName ?? role}  ${status}  ${name}`);
    return 0;
  },
};
