import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/id.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { answerFor, type Opened } from './answer.ts';
import {
  findLastAccount,
  findMemberships,
  insertSession,
  isUnseenDevice,
  type MembershipRow,
  type SignInMethod,
  type UserRow,
} from './queries.ts';
import { hashToken } from './refresh-token.ts';
import { requireSecondFactor } from './second-factor/require.ts';

/** How somebody proved who they are, and from where. */
export interface Proof {
  method: SignInMethod;
  device: string;
  ip: string;
  /** The second factor, where the way needs one. */
  totp?: string | undefined;
  /** Names the person as who acts, with where from. */
  actorOf: (userId: string) => Actor;
  /** When it was proven, where that was before. */
  confirmedAt?: Date | undefined;
}

/** These ways prove two things at once: a key of the device and its owner, or what the provider asks for. */
const wholeProofs: readonly SignInMethod[] = ['passkey', 'oidc'];

/**
 * The last step of every way in: the second factor, the account, the session. `takeProof` uses up what works only once, after
 * the second factor and before there is a session; it throws when somebody else was quicker.
 */
export async function finishSignIn(
  context: Context,
  user: UserRow,
  proof: Proof,
  takeProof?: (accountId: string) => Promise<void>,
): Promise<Opened> {
  const membership = await findFirstMembership(context, user.id);
  if (!membership) throw new ApiError('invalid_credentials', 'This person is in no account any more.');
  if (!wholeProofs.includes(proof.method)) await requireSecondFactor(context, user, proof);
  await takeProof?.(membership.account_id);
  return openSession(context, user, membership, proof);
}

/** The account that a sign-in leads to: the one in which the person was last, or else the oldest in which they are active. */
export async function findFirstMembership({ database }: Pick<Context, 'database'>, userId: string): Promise<MembershipRow | undefined> {
  const active = (await findMemberships(database, userId)).filter((one) => one.status === 'active');
  if (active.length < 2) return active[0];
  const last = await findLastAccount(database, userId);
  return active.find((one) => one.account_id === last) ?? active[0];
}

/** Opens a session for somebody whose identity is proven. */
export async function openSession(
  context: Context,
  user: Pick<UserRow, 'id' | 'email' | 'name'>,
  membership: Pick<MembershipRow, 'account_id' | 'role'>,
  proof: Pick<Proof, 'method' | 'device' | 'confirmedAt' | 'actorOf'>,
): Promise<Opened> {
  const id = newId();
  const refreshToken = context.refreshTokens.make(id);
  const session = {
    id,
    userId: user.id,
    accountId: membership.account_id,
    refreshHash: hashToken(refreshToken),
    device: describeDevice(proof.device),
    method: proof.method,
    confirmedAt: proof.confirmedAt ?? new Date(),
  };
  const actor = proof.actorOf(user.id);
  await context.database.withAccount(membership.account_id, async (tx) => {
    const isNewDevice = await isDeviceNew(context, tx, session);
    await insertSession(tx, session);
    if (isNewDevice) await enqueueMail(tx, 'new_sign_in', { sessionId: id });
    await recordAudit(tx, actor, { action: 'session.started', subject: { type: 'session', id }, details: { method: proof.method } });
  });
  return { answer: await answerFor(context, user, membership, id), refreshToken };
}

/** Links and invitations come from the mailbox that would be told, and the first desk has nobody else. */
const toldOf: readonly SignInMethod[] = ['password', 'oidc', 'passkey'];

/** Whether the person is to be told: they have signed in before, and never from a device like this one. */
async function isDeviceNew(
  { config }: Context,
  tx: Tx,
  session: { userId: string; device: string; method: SignInMethod },
): Promise<boolean> {
  return config.smtp !== undefined && toldOf.includes(session.method) && isUnseenDevice(tx, session.userId, session.device);
}

/** Enough of the user agent to recognise a device in a list. */
function describeDevice(userAgent: string): string {
  return userAgent.replaceAll('\u0000', '').slice(0, 200);
}
