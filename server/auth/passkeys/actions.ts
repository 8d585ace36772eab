import { generateRegistrationOptions } from '@simplewebauthn/server';
import type { z } from 'zod';
import { type newPasskey, type Passkey, passkeysMax, type registrationChallenge } from '../../../contract/passkeys.ts';
import type { Actor } from '../../audit/actor.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Context } from '../../context.ts';
import { bytesOfId, newId } from '../../db/id.ts';
import type { Database, Tx } from '../../db/pool.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import { enqueueMail } from '../../mail/enqueue.ts';
import { countOtherWays } from '../oidc/queries.ts';
import { tokenLifeMs } from '../one-time-tokens.ts';
import type { MemberPrincipal } from '../principal.ts';
import { findUser } from '../queries.ts';
import type { Party } from './party.ts';
import { countPasskeys, deletePasskey, insertPasskey, listPasskeyRows, type PasskeyRow, renamePasskeyRow } from './queries.ts';
import { algorithms, verifyRegistration } from './verify.ts';

const tooMany = () => new ApiError('conflict', `A person has at most ${passkeysMax} passkeys. Remove one first.`);

/** The bytes by which a device knows a person; it gives them back when it signs in. */
export const userHandleOf = bytesOfId;

/** What a browser needs to make a passkey for the signed-in person. */
export async function challengeRegistration(
  { database, oneTimeTokens }: Context,
  { userId }: MemberPrincipal,
  party: Party,
): Promise<z.input<typeof registrationChallenge>> {
  const [user, known] = await Promise.all([findUser(database, userId), listPasskeyRows(database, userId)]);
  if (!user) throw new ApiError('unauthenticated', 'The session has ended. Sign in again.');
  if (known.length >= passkeysMax) throw tooMany();
  const challengeId = await oneTimeTokens.issue(database, 'passkey_registration', { userId });
  const options = await generateRegistrationOptions({
    rpName: 'Guichet',
    rpID: party.id,
    userName: user.email,
    userDisplayName: user.name,
    userID: new Uint8Array(userHandleOf(userId)),
    challenge: new Uint8Array(Buffer.from(oneTimeTokens.tokenOf('passkey_registration', challengeId), 'base64url')),
    timeout: tokenLifeMs.passkey_registration,
    attestationType: 'none',
    excludeCredentials: known.map((one) => ({ id: one.credential_id.toString('base64url'), transports: one.transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: algorithms,
  });
  return { challengeId, options: options as z.input<typeof registrationChallenge>['options'] };
}

/** Adds the passkey that a browser made, and tells the person by mail. */
export async function addPasskey(
  context: Context,
  member: MemberPrincipal,
  actor: Actor,
  party: Party,
  given: z.output<typeof newPasskey>,
): Promise<Passkey> {
  const { database, oneTimeTokens } = context;
  const { userId, accountId } = member;
  const challenge = oneTimeTokens.tokenOf('passkey_registration', given.challengeId);
  // Used up by a wrong answer too, and before it is looked at.
  const isTaken = (await oneTimeTokens.take(database, 'passkey_registration', challenge))?.user_id === userId;
  const credential = isTaken ? await verifyRegistration(given.response, challenge, party) : undefined;
  if (!credential) throw refused();
  const added = await database.withAccount(accountId, async (tx) => {
    if ((await countPasskeys(tx, userId)) >= passkeysMax) throw tooMany();
    const transports = given.response.response.transports.filter((name) => transportNames.has(name));
    const row = await insertPasskey(tx, { id: newId(), userId, ...credential, transports, name: given.name });
    if (!row) throw new ApiError('conflict', 'This passkey is in use already.');
    await enqueueMail(tx, 'passkey_added_notice', { userId });
    await recordAudit(tx, actor, { action: 'passkey.added', subject: { type: 'passkey', id: row.id } });
    return row;
  });
  context.jobs.wake('mail');
  return toPasskey(added);
}

const transportNames = new Set(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);

const refused = () =>
  new ApiError('validation_error', 'response: does not fit the challenge, or came too late. Begin again.', {
    errors: [{ path: 'response', message: 'does not fit the challenge, or came too late' }],
  });

/** A person's passkeys, the oldest first. */
export async function listPasskeys(database: Database, userId: string): Promise<Passkey[]> {
  return (await listPasskeyRows(database, userId)).map(toPasskey);
}

export async function renamePasskey(tx: Tx, userId: string, id: string, name: string, actor: Actor): Promise<Passkey> {
  const row = await renamePasskeyRow(tx, userId, id, name);
  if (!row) throw notFound('passkey');
  await recordAudit(tx, actor, { action: 'passkey.renamed', subject: { type: 'passkey', id } });
  return toPasskey(row);
}

/** Takes a passkey away, unless it is the person's last way in. */
export async function removePasskey(tx: Tx, userId: string, id: string, actor: Actor): Promise<void> {
  const ways = await countOtherWays(tx, userId, id);
  const row = await deletePasskey(tx, userId, id);
  if (!row) throw notFound('passkey');
  if (ways === 0) throw new ApiError('conflict', 'This is the only way in. Set a password first.');
  await recordAudit(tx, actor, { action: 'passkey.removed', subject: { type: 'passkey', id } });
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    name: row.name,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    backedUp: row.is_backed_up,
  };
}
