import { createMember } from '../../server/accounts/actions.ts';
import type { TokenPurpose } from '../../server/auth/one-time-tokens.ts';
import { type TestAccount, type TestApp, testPassword } from '../support/app.ts';
import type { Answer } from '../support/desk.ts';

interface Given {
  desk: TestApp;
  account: TestAccount;
}

let count = 0;
const phrase = 'une phrase assez longue';

/** Operations with links and the own password, each by somebody new: they end what a person signs in with. */
export const linkCalls: Record<string, (call: Given) => Promise<Answer>> = {
  signInByLink: async (call) => consume(call, 'magic-link', await linkFor(call, 'magic_link')),
  resetPassword: async (call) => consume(call, 'password-reset', await linkFor(call, 'password_reset'), { password: phrase }),
  verifyEmail: async (call) => consume(call, 'email-verification', await linkFor(call, 'email_verification')),
  changeEmail: async (call) => consume(call, 'email-change', await linkFor(call, 'email_change', `other${count}@links.example`)),
  async changePassword({ desk, account }) {
    const { email } = await join(desk, account);
    return desk.api('PUT', '/auth/password', {
      token: await desk.signIn(email),
      body: { currentPassword: testPassword, password: phrase },
    });
  },
};

async function join(desk: TestApp, account: TestAccount): Promise<{ userId: string; email: string }> {
  count += 1;
  const email = `link${count}@links.example`;
  const userId = await createMember(desk.db.database, account.id, { email, password: testPassword, name: 'Linked', role: 'viewer' });
  return { userId, email };
}

/** The token that would be in the mail to somebody new. */
async function linkFor({ desk, account }: Given, purpose: TokenPurpose, sentTo?: string): Promise<string> {
  const { userId, email } = await join(desk, account);
  const { oneTimeTokens, database } = desk.context;
  return oneTimeTokens.tokenOf(purpose, await oneTimeTokens.issue(database, purpose, { userId, email: sentTo ?? email }));
}

function consume({ desk }: Given, path: string, token: string, more: object = {}): Promise<Answer> {
  return desk.api('POST', `/auth/${path}/consume`, { body: { token, ...more } });
}
