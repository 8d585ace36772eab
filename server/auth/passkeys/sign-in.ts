import { generateAuthenticationOptions } from '@simplewebauthn/server';
import type { z } from 'zod';
import type { passkeyProof, signInChallenge } from '../../../contract/passkeys.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Actor } from '../../audit/actor.ts';
import type { Context } from '../../context.ts';
import { ApiError } from '../../http/errors.ts';
import { limitedAddress } from '../../limits/address.ts';
import { takeSlot } from '../../limits/sliding.ts';
import type { Opened } from '../answer.ts';
import { tokenLifeMs } from '../one-time-tokens.ts';
import { findMemberships, findUser, type UserRow } from '../queries.ts';
import { finishSignIn } from '../sign-in.ts';
import { userHandleOf } from './actions.ts';
import type { Party } from './party.ts';
import { findPasskey, touchPasskey } from './queries.ts';
import { verifyAssertion } from './verify.ts';

/** Challenges of one client: the sign-in page asks for one each time it is opened. */
const challengesMax = 300;
const windowMs = 15 * 60_000;

/** What a browser needs to sign in with a passkey; nobody has said who they are yet. */
export async function challengeSignIn(
  { database, oneTimeTokens }: Context,
  party: Party,
  ip: string,
): Promise<z.input<typeof signInChallenge>> {
  const slot = await takeSlot(database, `passkey challenges ${limitedAddress(ip)}`, challengesMax, windowMs);
  if (!slot.isTaken)
    throw new ApiError('rate_limit_exceeded', 'Too many sign-ins were begun from here. Try again later.', {
      headers: { 'retry-after': String(Math.ceil(slot.retryAfterMs / 1000)) },
    });
  const challengeId = await oneTimeTokens.issue(database, 'passkey_sign_in', {});
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    challenge: new Uint8Array(Buffer.from(oneTimeTokens.tokenOf('passkey_sign_in', challengeId), 'base64url')),
    timeout: tokenLifeMs.passkey_sign_in,
    userVerification: 'required',
    allowCredentials: [],
  });
  return { challengeId, options: { ...options, allowCredentials: [] } as z.input<typeof signInChallenge>['options'] };
}

type Proof = z.output<typeof passkeyProof>;

/** Signs in whoever holds a passkey: no name and no second factor, the device has asked for its owner. */
export async function signInByPasskey(
  context: Context,
  party: Party,
  given: Proof & { ip: string; device: string; actorOf: (userId: string) => Actor },
): Promise<Opened> {
  const user = await provePasskey(context, party, given, given.ip);
  if (!user) throw new ApiError('invalid_credentials', 'This passkey does not sign in here, or its answer came too late.');
  return finishSignIn(context, user, { method: 'passkey', device: given.device, ip: given.ip, actorOf: given.actorOf });
}

/** The person whose passkey signed the challenge; undefined for anything else, whatever it is. */
export async function provePasskey(
  context: Context,
  party: Party,
  { challengeId, response }: Proof,
  ip: string,
): Promise<UserRow | undefined> {
  const { database, oneTimeTokens } = context;
  const challenge = oneTimeTokens.tokenOf('passkey_sign_in', challengeId);
  // Used up by a wrong answer too, and before it is looked at.
  if (!(await oneTimeTokens.take(database, 'passkey_sign_in', challenge))) return undefined;
  const passkey = await findPasskey(database, Buffer.from(response.id, 'base64url'));
  if (!passkey || response.response.userHandle !== userHandleOf(passkey.user_id).toString('base64url')) return undefined;
  const used = await verifyAssertion(response, passkey.public_key, challenge, party);
  if (!used) return undefined;
  if (await touchPasskey(database, passkey.id, used)) return findUser(database, passkey.user_id);
  await noteCopy(context, passkey, ip);
  return undefined;
}

/** A counter that does not grow: the key answers in two places. */
async function noteCopy({ database, actors }: Context, passkey: { id: string; user_id: string }, ip: string): Promise<void> {
  const [membership] = await findMemberships(database, passkey.user_id);
  if (!membership) return;
  await database.withAccount(membership.account_id, (tx) =>
    recordAudit(
      tx,
      { ...actors.system, type: 'stranger', ip },
      { action: 'passkey.copy_refused', subject: { type: 'passkey', id: passkey.id } },
    ),
  );
}
