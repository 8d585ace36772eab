import { recordAudit } from '../../audit/record.ts';
import type { Context } from '../../context.ts';
import { ApiError } from '../../http/errors.ts';
import { limitedAddress } from '../../limits/address.ts';
import { forgetSlots, takeSlot } from '../../limits/sliding.ts';
import { enqueueMail } from '../../mail/enqueue.ts';
import { findMemberships } from '../queries.ts';
import { findTotp, takeRecoveryCode, takeStep } from './queries.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { findStep } from './totp.ts';

/** Wrong codes for one person from all addresses together: whoever comes this far has their password or their session. */
const wrongCodesMax = 30;
const windowMs = 60 * 60_000;

/** What the secret is sealed for. */
export const totpPurpose = (userId: string) => `totp secret of ${userId}`;

/**
 * Whether a code of the app or a recovery code is right; uses it up. Wrong ones count by person and address, so that
 * nobody who guesses elsewhere keeps the owner out, and by person alone, so that many addresses do not guess for ever.
 */
export async function isRightCode(context: Context, userId: string, code: string, ip: string): Promise<boolean> {
  const right = await context.attempts.guess(`second factor ${userId} ${limitedAddress(ip)}`, async () => {
    await takeGuess(context, userId);
    const digits = code.replace(/\s/g, '');
    const isRight = /^\d{6}$/.test(digits) ? await takeTotp(context, userId, digits) : await takeRecovery(context, userId, code, ip);
    return isRight || undefined;
  });
  if (!right) return false;
  await forgetSlots(context.database, guessesOf(userId));
  return true;
}

const guessesOf = (userId: string) => `second factor ${userId}`;

async function takeGuess({ database }: Context, userId: string): Promise<void> {
  const slot = await takeSlot(database, guessesOf(userId), wrongCodesMax, windowMs);
  if (slot.isTaken) return;
  throw new ApiError('rate_limit_exceeded', 'Too many wrong codes. Try again later.', {
    headers: { 'retry-after': String(Math.ceil(slot.retryAfterMs / 1000)) },
  });
}

async function takeTotp({ database, sealer }: Context, userId: string, digits: string): Promise<boolean> {
  const row = await findTotp(database, userId);
  if (!row?.totp_sealed || !row.totp_confirmed_at) return false;
  const step = findStep(await sealer.unseal(row.totp_sealed, totpPurpose(userId)), digits, Date.now());
  return step !== undefined && takeStep(database, userId, step);
}

/** Its use is written down and told to the person: somebody may have found the paper. */
async function takeRecovery(context: Context, userId: string, code: string, ip: string): Promise<boolean> {
  const { database, actors } = context;
  const membership = (await findMemberships(database, userId)).find(({ status }) => status === 'active');
  if (!membership) return false;
  const isTaken = await database.withAccount(membership.account_id, async (tx) => {
    if (!(await takeRecoveryCode(tx, userId, hashRecoveryCode(userId, code)))) return false;
    await enqueueMail(tx, 'recovery_code_used_notice', { userId });
    await recordAudit(
      tx,
      { ...actors.system, type: 'member', id: userId, ip },
      { action: 'second_factor.recovery_code_used', subject: { type: 'user', id: userId } },
    );
    return true;
  });
  if (isTaken) context.jobs.wake('mail');
  return isTaken;
}
