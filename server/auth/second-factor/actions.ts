import type { RecoveryCodes, TotpEnrolment } from '../../../contract/security.ts';
import type { Actor } from '../../audit/actor.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Context } from '../../context.ts';
import type { Tx } from '../../db/pool.ts';
import { ApiError } from '../../http/errors.ts';
import { enqueueMail } from '../../mail/enqueue.ts';
import type { MemberPrincipal } from '../principal.ts';
import { findUser } from '../queries.ts';
import { totpPurpose } from './check.ts';
import { confirmTotp, deleteRecoveryCodes, deleteTotp, findTotp, insertPendingTotp, insertRecoveryCodes, lockTotp } from './queries.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { describeSecret, findStep, makeSecret } from './totp.ts';

const subjectOf = (userId: string) => ({ type: 'user', id: userId });
const alreadyOn = () => new ApiError('conflict', 'The authenticator app is set up already. Turn it off first to take another one.');

/** Makes a secret for an authenticator app. It counts once a code proves that the app has it. */
export async function startTotp({ sealer }: Context, tx: Tx, { userId }: MemberPrincipal): Promise<TotpEnrolment> {
  const user = await findUser(tx, userId);
  if (!user) throw new ApiError('unauthenticated', 'The session has ended. Sign in again.');
  const secret = makeSecret();
  if (!(await insertPendingTotp(tx, userId, await sealer.seal(secret, totpPurpose(userId))))) throw alreadyOn();
  return describeSecret(secret, user.email);
}

/** Turns the second factor on with a code of the app, and gives the recovery codes. */
export async function enableTotp(context: Context, member: MemberPrincipal, actor: Actor, code: string): Promise<RecoveryCodes> {
  const { userId, accountId } = member;
  const row = await findTotp(context.database, userId);
  if (row?.totp_confirmed_at) throw alreadyOn();
  if (!row?.totp_sealed) throw new ApiError('conflict', 'There is no secret to confirm: POST /me/totp makes one.');
  const sealed = row.totp_sealed;
  // No limit: whoever may call this was shown the secret.
  const step = findStep(await context.sealer.unseal(sealed, totpPurpose(userId)), code.replace(/\s/g, ''), Date.now());
  if (step === undefined)
    throw new ApiError('validation_error', 'code: is not the one that the app shows.', {
      errors: [{ path: 'code', message: 'is not the one that the app shows; check the clock of the device' }],
    });
  return context.database.withAccount(accountId, async (tx) => {
    if (!(await confirmTotp(tx, userId, sealed, step))) throw alreadyOn();
    const recoveryCodes = await replaceRecoveryCodes(tx, userId);
    await recordAudit(tx, actor, { action: 'second_factor.enabled', subject: subjectOf(userId) });
    return { recoveryCodes };
  });
}

/** Gives new recovery codes; the old ones stop working. */
export async function renewRecoveryCodes(tx: Tx, { userId }: MemberPrincipal, actor: Actor): Promise<RecoveryCodes> {
  if (!(await lockTotp(tx, userId))) throw new ApiError('conflict', 'Recovery codes come with an authenticator app. Set one up first.');
  const recoveryCodes = await replaceRecoveryCodes(tx, userId);
  await recordAudit(tx, actor, { action: 'second_factor.recovery_codes_renewed', subject: subjectOf(userId) });
  return { recoveryCodes };
}

/** Turns the second factor off, its secret and recovery codes gone, and tells the person; says whether it was on. */
export async function disableTotp(tx: Tx, userId: string, actor: Actor): Promise<boolean> {
  const wasOn = await deleteTotp(tx, userId);
  await deleteRecoveryCodes(tx, userId);
  if (!wasOn) return false;
  await enqueueMail(tx, 'second_factor_removed_notice', { userId });
  await recordAudit(tx, actor, { action: 'second_factor.removed', subject: subjectOf(userId) });
  return true;
}

async function replaceRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const codes = makeRecoveryCodes();
  await deleteRecoveryCodes(tx, userId);
  await insertRecoveryCodes(
    tx,
    userId,
    codes.map((code) => hashRecoveryCode(userId, code)),
  );
  return codes;
}
