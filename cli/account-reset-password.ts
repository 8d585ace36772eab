import { randomBytes } from 'node:crypto';
import { createActors } from '../server/audit/actor.ts';
import { createOneTimeTokens } from '../server/auth/one-time-tokens.ts';
import { makeResetLink, resetPassword } from '../server/auth/reset.ts';
import { readConfig } from '../server/config.ts';
import type { Database } from '../server/db/pool.ts';
import { type Command, type ExitCode, Misuse } from './command.ts';
import { withDatabase } from './database.ts';

export const accountResetPassword: Command = {
  name: 'account reset-password',
  summary: 'Gives somebody a new password and ends all their sessions, also while the server runs.',
  options: {
    email: { value: 'EMAIL', description: 'What they sign in with.', isRequired: true },
    password: { value: 'PASSWORD', description: 'At least 10 characters; without it a random one is made and printed.' },
    link: { description: 'Print a link with which they choose a password themselves; it works once, for an hour.' },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const email = String(given.email);
    if (given.link && given.password) throw new Misuse('--link and --password exclude each other');
    return given.link ? printLink(email, given.json === true) : setPassword(email, given.password, given.json === true);
  },
};

async function printLink(email: string, isJson: boolean): Promise<ExitCode> {
  const link = await withDatabase((database) => makeResetLink(contextOf(database), email));
  console.log(isJson ? JSON.stringify({ email, link }) : link);
  return 0;
}

async function setPassword(email: string, given: string | true | undefined, isJson: boolean): Promise<ExitCode> {
  const password = typeof given === 'string' ? given : randomBytes(15).toString('base64url');
  const sessionsEnded = await withDatabase((database) => resetPassword(contextOf(database), email, password));
  const shown = given ? {} : { password };
  console.log(isJson ? JSON.stringify({ email, sessionsEnded, ...shown }) : `${email} has a new password${given ? '' : `: ${password}`}`);
  return 0;
}

function contextOf(database: Database) {
  const config = readConfig();
  return { database, config, oneTimeTokens: createOneTimeTokens(config.secretKey), actors: createActors(config.secretKey) };
}
