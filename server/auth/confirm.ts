import type { Confirmation, Security } from '../../contract/security.ts';
import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import { signInAgain } from './actions.ts';
import { proofMs } from './confirmation.ts';
import { listIdentities } from './oidc/actions.ts';
import { listPasskeys } from './passkeys/actions.ts';
import type { Party } from './passkeys/party.ts';
import { provePasskey } from './passkeys/sign-in.ts';
import { verifyPassword } from './password.ts';
import type { MemberPrincipal } from './principal.ts';
import { confirmSession, findUser } from './queries.ts';
import { isRightCode } from './second-factor/check.ts';
import { countRecoveryCodes } from './second-factor/queries.ts';

const until = (confirmedAt: Date) => new Date(confirmedAt.getTime() + proofMs).toISOString();

/** Takes a fresh proof of who holds the session; for a while sensitive changes ask for no other. Returns until when. */
export async function confirmWho(
  context: Context,
  member: MemberPrincipal,
  given: Confirmation,
  from: { ip: string; party: Party },
): Promise<string> {
  if (!(await isProven(context, member, given, from)))
    throw new ApiError('invalid_credentials', 'This does not prove who you are. Try again, or sign in again.');
  const confirmedAt = await confirmSession(context.database, member.userId, member.sessionId);
  if (!confirmedAt) throw signInAgain();
  context.auth.forgetSession(member.sessionId);
  return until(confirmedAt);
}

async function isProven(
  context: Context,
  { userId, sessionId }: MemberPrincipal,
  given: Confirmation,
  from: { ip: string; party: Party },
): Promise<boolean> {
  const { password, totp, passkey } = given;
  if (totp !== undefined) return isRightCode(context, userId, totp, from.ip);
  if (passkey !== undefined) return (await provePasskey(context, from.party, passkey, from.ip))?.id === userId;
  if (password === undefined) return false;
  // Counted by session: whoever guesses here holds it, and keeps nobody else from anything.
  const isRight = await context.attempts.guess(`current password ${sessionId}`, async () => {
    const user = await findUser(context.database, userId);
    return (await verifyPassword(user?.password_hash, password)) || undefined;
  });
  return isRight === true;
}

/** How the signed-in person signs in. Secrets are in none of it. */
export async function describeSecurity({ database, config }: Context, member: MemberPrincipal): Promise<Security> {
  const { userId } = member;
  const [user, recoveryCodesLeft, passkeys, identities] = await Promise.all([
    findUser(database, userId),
    countRecoveryCodes(database, userId),
    listPasskeys(database, userId),
    listIdentities(database, config.oidc, userId),
  ]);
  if (!user) throw signInAgain();
  return {
    hasPassword: user.password_hash !== null,
    emailVerified: user.email_verified_at !== null,
    totp: { enabled: user.totp_confirmed_at !== null, recoveryCodesLeft },
    passkeys,
    identities,
    confirmedUntil: until(member.confirmedAt),
  };
}
