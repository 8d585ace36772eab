import { newInvitation } from '../contract/invitations.ts';
import { getAccountId } from '../server/accounts/find.ts';
import { createOneTimeTokens } from '../server/auth/one-time-tokens.ts';
import { ApiError } from '../server/http/errors.ts';
import { fieldErrorsOf } from '../server/http/field-errors.ts';
import { createInvitation } from '../server/invitations/actions.ts';
import { getRoleNamed } from '../server/roles/access.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const memberInvite: Command = {
  name: 'member invite',
  summary: 'Invites somebody into an account, also while the server runs, and prints the link; a mail goes out where mail is set up.',
  options: {
    account: { value: 'ACCOUNT', description: 'The name of the account, or its id.', isRequired: true },
    email: { value: 'EMAIL', description: 'Who is invited.', isRequired: true },
    role: { value: 'ROLE', description: "admin, agent, viewer, or the name of one of the account's roles.", isRequired: true },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const invitation = await withDatabase(async (database, actor, { secretKey, publicUrl }) => {
      const accountId = await getAccountId(database, String(given.account));
      const maker = { tokens: createOneTimeTokens(secretKey), publicUrl };
      return database.withAccount(accountId, async (tx) => {
        const parsed = newInvitation.safeParse({ email: String(given.email), ...(await getRoleNamed(tx, String(given.role))) });
        if (!parsed.success)
          throw new ApiError('validation_error', 'Nobody can be invited like this.', { errors: fieldErrorsOf(parsed.error) });
        return createInvitation(tx, maker, { principal: null, actor }, parsed.data);
      });
    });
    const { id, email, role, roleName, expiresAt, link } = invitation;
    console.log(
      given.json
        ? JSON.stringify({ id, email, role, roleName, expiresAt, link })
        : `${email} joins as ${roleName ?? role} with this link, which works once until ${expiresAt}:\n${link}`,
    );
    return 0;
  },
};
