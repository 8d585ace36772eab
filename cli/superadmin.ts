import { grantSuperadmin, revokeSuperadmin } from '../server/accounts/superadmin.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const superadminGrant = command('grant', 'Lets somebody look after all accounts of this installation.', grantSuperadmin, {
  done: 'is a superadmin now.',
  same: 'is a superadmin already.',
});
export const superadminRevoke = command('revoke', 'Takes that away again; the last superadmin stays.', revokeSuperadmin, {
  done: 'is no superadmin any more.',
  same: 'is no superadmin.',
});

function command(verb: string, summary: string, change: typeof grantSuperadmin, words: { done: string; same: string }): Command {
  return {
    name: `superadmin ${verb}`,
    summary,
    options: {
      email: { value: 'EMAIL', description: 'What they sign in with.', isRequired: true },
      json: { description: 'Answer in JSON.' },
    },
    async run(given) {
      const email = String(given.email);
      const changed = await withDatabase((database, operator) => change(database, operator, email));
      console.log(given.json ? JSON.stringify({ email, changed }) : `${email} ${changed ? words.done : words.same}`);
      return 0;
    },
  };
}
