import { createAccount } from '../server/accounts/actions.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const accountCreate: Command = {
  name: 'account create',
  summary: 'Makes an account with its admin, also while the server runs.',
  options: {
    name: { value: 'NAME', description: 'The name of the organisation.', isRequired: true },
    email: { value: 'EMAIL', description: 'What its admin signs in with.', isRequired: true },
    password: { value: 'PASSWORD', description: 'At least 10 characters.', isRequired: true },
    'member-name': { value: 'NAME', description: 'The name of the admin; by default the part of the address before the @.' },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const [name, email, password] = [String(given.name), String(given.email), String(given.password)];
    const memberName = String(given['member-name'] ?? email.split('@')[0]);
    const created = await withDatabase((database, operator) =>
      createAccount(database, operator, { name, email, password, memberName }, { isByOperator: true }),
    );
    console.log(given.json ? JSON.stringify({ ...created, name, email }) : `Account "${name}" is there; ${email} signs in as its admin.`);
    return 0;
  },
};
