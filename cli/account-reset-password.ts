import { randomBytes } from 'node:crypto';
import { resetPassword } from '../server/auth/reset.ts';
import type { Command } from './command.ts';
import { withDatabase } from './database.ts';

export const accountResetPassword: Command = {
  name: 'account reset-password',
  summary: 'Gives somebody a new password and ends all their sessions, also while the server runs.',
  options: {
    email: { value: 'EMAIL', description: 'What they sign in with.', isRequired: true },
    password: { value: 'PASSWORD', description: 'At least 10 characters; without it a random one is made and printed.' },
    json: { description: 'Answer in JSON.' },
  },
  async run(given) {
    const email = String(given.email);
    const password = typeof given.password === 'string' ? given.password : randomBytes(15).toString('base64url');
    const sessionsEnded = await withDatabase((database) => resetPassword(database, email, password));
    const shown = given.password ? {} : { password };
    console.log(
      given.json
        ? JSON.stringify({ email, sessionsEnded, ...shown })
        : `${email} has a new password${given.password ? '' : `: ${password}`}`,
    );
    return 0;
  },
};
