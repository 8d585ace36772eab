import { getAccountId } from '../server/accounts/find.ts';
import { canonicalEmail } from '../server/auth/address.ts';
import { notFound } from '../server/http/errors.ts';
import { findMemberWith } from '../server/members/access.ts';
import { patchMember } from '../server/members/actions.ts';
import { getRoleNamed } from '../server/roles/access.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const memberRole: Command = {
  name: 'member role',
  summary: 'Gives a member another role; acts within a second, also while the server runs.',
  options: {
    account: { value: 'ACCOUNT', description: 'The name of the account, or its id.', isRequired: true },
    email: { value: 'EMAIL', description: 'Who gets it.', isRequired: true },
    role: { value: 'ROLE', description: "admin, agent, viewer, or the name of one of the account's roles.", isRequired: true },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const member = await withDatabase(async (database, actor) => {
      const accountId = await getAccountId(database, String(given.account));
      return database.withAccount(accountId, async (tx) => {
        const known = await findMemberWith(tx, canonicalEmail(String(given.email)));
        if (!known) throw notFound('member');
        const role = await getRoleNamed(tx, String(given.role));
        return (await patchMember(tx, { principal: null, actor }, known.user_id, role)).member;
      });
    });
    console.log(given.json ? JSON.stringify(member) : `${member.email} is ${member.roleName ?? member.role} now.`);
    return 0;
  },
};
