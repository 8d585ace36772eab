import { randomBytes } from 'node:crypto';
import { createActors } from '../server/audit/actor.ts';
import { createOneTimeTokens } from '../server/auth/one-time-tokens.ts';
import { makeResetLink, resetPassword } from '../server/auth/reset.ts';
import { removeSecondFactorOf } from '../server/auth/second-factor/operator.ts';
import { readConfig } from '../server/config.ts';
import type { Database } from '../server/db/pool.ts';
import { type Command, Misuse } from './command.ts';
import { withDatabase } from './database.ts';

export const accountResetPassword: Command = {
  name: 'account reset-password',
  summary: 'Gives somebody a new password and ends all their sessions, also while the server runs.',
  options: {
    email: { value: 'EMAIL', description: 'What they sign in with.', isRequired: true },
    password: { value: 'PASSWORD', description: 'At least 10 characters; without it a random one is made and printed.' },
    link: { description: 'Print a link with which they choose a password themselves; it works once, for an hour.' },
    'remove-second-factor': { description: 'Also turn the authenticator app and its recovery codes off, for somebody who lost them.' },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const email = String(given.email);
    if (given.link && given.password) throw new Misuse('--link and --password exclude each other');
    const done = await withDatabase(async (database) => {
      const context = contextOf(database);
      const reset = given.link ? { link: await makeResetLink(context, email) } : await setPassword(context, email, given.password);
      const removed = given['remove-second-factor'] ? { secondFactorRemoved: await removeSecondFactorOf(context, email) } : {};
      return { ...reset, ...removed };
    });
    console.log(given.json ? JSON.stringify({ email, ...done }) : describe(email, done));
    return 0;
  },
};

interface Done {
  link?: string;
  password?: string;
  secondFactorRemoved?: boolean;
}

async function setPassword(context: ReturnType<typeof contextOf>, email: string, given: string | true | undefined) {
  const password = typeof given === 'string' ? given : randomBytes(15).toString('base64url');
  const sessionsEnded = await resetPassword(context, email, password);
  return given ? { sessionsEnded } : { sessionsEnded, password };
}

function describe(email: string, { link, password, secondFactorRemoved }: Done): string {
  const reset = link ?? `${email} has a new password${password === undefined ? '' : `: ${password}`}`;
  if (secondFactorRemoved === undefined) return reset;
  return `${reset}\n${secondFactorRemoved ? 'The second factor is off.' : 'There was no second factor.'}`;
}

function contextOf(database: Database) {
  const config = readConfig();
  return { database, config, oneTimeTokens: createOneTimeTokens(config.secretKey), actors: createActors(config.secretKey) };
}
