import type { SignedIn } from '../../contract/auth.ts';
import type { Context } from '../context.ts';
import { accessTokenSeconds } from './access-token.ts';
import type { MembershipRow, UserRow } from './queries.ts';

/** What a sign-in gives: the answer, and the refresh token that goes into a cookie or into the answer. */
export interface Opened {
  answer: SignedIn;
  refreshToken: string;
}

/** The access token of a session, and who it is for. */
export async function answerFor(
  context: Pick<Context, 'accessTokens'>,
  user: Pick<UserRow, 'id' | 'email' | 'name'>,
  membership: Pick<MembershipRow, 'account_id' | 'role'>,
  sessionId: string,
): Promise<SignedIn> {
  const { account_id: accountId, role } = membership;
  const accessToken = await context.accessTokens.sign({ sub: user.id, accountId, role, sid: sessionId });
  return { accessToken, expiresIn: accessTokenSeconds, user: { id: user.id, email: user.email, name: user.name, role, accountId } };
}
