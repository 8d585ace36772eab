import { password as newPassword } from '../../contract/auth.ts';
import type { Acceptance } from '../../contract/invitations.ts';
import { getAccount } from '../accounts/access.ts';
import type { Actor } from '../audit/actor.ts';
import { findPerson, listAccountsOf } from '../auth/actions.ts';
import { passwordGuesses } from '../auth/attempts.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from '../auth/password.ts';
import type { Principal } from '../auth/principal.ts';
import { proveAddress } from '../auth/prove-address.ts';
import { requireSecondFactor } from '../auth/second-factor/require.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { insertInvitedUser, lockClaimable, updateClaimedUser } from './queries.ts';

/** Who shows a token, and from where. */
export interface Guest {
  /** Whoever signed in before, where a credential came with the request. */
  bearer: Principal | undefined;
  ip: string;
  device: string;
  actorOf(userId: string): Actor;
}

export interface Found {
  accountId: string;
  id: string;
  /** The hash that the row keeps, whichever of the two tokens was shown. */
  tokenHash: Buffer;
  /** Only the mail held this token: whoever shows it reads that mailbox. */
  isByMail: boolean;
}

type KnownPerson = NonNullable<Awaited<ReturnType<typeof findPerson>>>;

export interface Person {
  id: string;
  email: string;
  name: string;
  /** A new person, one whom the mailbox takes over from whoever made them, or one who proved to be themselves. */
  kind: 'new' | 'claimed' | 'known';
  /** The password that a new or claimed one chose. */
  passwordHash: string;
  /** The session that proved it. */
  sessionId: string | null;
  confirmedAt: Date | undefined;
}

/**
 * An address that nobody ever proved may have been taken by a stranger: whoever reads its mail may take it over, as with the
 * first link to set a new password. So may somebody who was removed everywhere: no link to a new password is sent to them.
 * A second factor is not passed by like that.
 */
export async function isClaimable({ database }: Pick<Context, 'database'>, user: KnownPerson, { isByMail }: Found): Promise<boolean> {
  if (!isByMail || user.totp_confirmed_at !== null) return false;
  return user.email_verified_at === null || (await listAccountsOf(database, user.id)).length === 0;
}

/** Finds out whether a guest is who the invitation is for. */
export async function provePerson(context: Context, found: Found, email: string, given: Acceptance, guest: Guest): Promise<Person> {
  const user = await findPerson(context.database, email);
  if (!user) return chooseSecrets(newId(), 'new', email, given, await nameOf(context, found));
  const known = { id: user.id, email: user.email, name: user.name, kind: 'known', passwordHash: '', sessionId: null } as const;
  // A session is as good as its last proof: joining must not make it fresh.
  const { bearer } = guest;
  if (bearer?.type === 'member' && bearer.userId === user.id)
    return { ...known, sessionId: bearer.sessionId, confirmedAt: bearer.confirmedAt };
  if (given.name !== undefined && (await isClaimable(context, user, found)))
    return chooseSecrets(user.id, 'claimed', user.email, given, await nameOf(context, found));
  const { password } = given;
  if (password === undefined) throw refuse('password', 'is needed: somebody signs in with this address already');
  const isRight = await context.attempts.guess(
    passwordGuesses(email, guest.ip),
    async () => (await verifyPassword(user.password_hash, password)) || undefined,
  );
  if (!isRight) throw new ApiError('invalid_credentials', 'The password is wrong.');
  await requireSecondFactor(context, user, { totp: given.totp, ip: guest.ip });
  return { ...known, confirmedAt: undefined };
}

const nameOf = async ({ database }: Context, { accountId }: Found) => (await database.withAccount(accountId, getAccount)).name;

async function chooseSecrets(
  id: string,
  kind: 'new' | 'claimed',
  email: string,
  { name, password }: Acceptance,
  accountName: string,
): Promise<Person> {
  if (name === undefined || name.trim() === '') throw refuse('name', 'is needed');
  const parsed = newPassword.safeParse(password);
  if (!parsed.success) throw refuse('password', password === undefined ? 'is needed' : (parsed.error.issues[0]?.message ?? 'does not fit'));
  refuseWeakPassword(parsed.data, { email, name, accountName });
  const passwordHash = await hashPassword(parsed.data);
  return { id, email, name: name.trim(), kind, passwordHash, sessionId: null, confirmedAt: undefined };
}

/** Writes what is new about the person; returns the sessions that ended where an address was proven for the first time. */
export async function keepPerson(tx: Tx, person: Person, { isByMail }: Found): Promise<string[]> {
  if (person.kind === 'new') {
    if (await insertInvitedUser(tx, { ...person, isVerified: isByMail })) return [];
    throw tooLate();
  }
  if (!isByMail) return [];
  if (person.kind === 'claimed' && !(await lockClaimable(tx, person.id))) throw tooLate();
  // Who gave the password keeps it: no session did, so none is kept.
  const ended = await proveAddress(tx, person.id, person.kind === 'claimed' ? null : (person.sessionId ?? newId()));
  if (person.kind === 'claimed') await updateClaimedUser(tx, person);
  return ended;
}

const tooLate = () => new ApiError('conflict', 'Somebody has just signed up with this address: sign in, then accept.');

const refuse = (path: string, message: string) => new ApiError('validation_error', `${path}: ${message}.`, { errors: [{ path, message }] });
