import type { z } from 'zod';
import type { createdInstalledAccount, newInstalledAccount } from '../../contract/account.ts';
import { openAccount } from '../accounts/actions.ts';
import { trialEnd } from '../accounts/change.ts';
import { addMember, type Person, preparePerson } from '../accounts/people.ts';
import type { Actor } from '../audit/actor.ts';
import { canonicalEmail } from '../auth/address.ts';
import { passwordGuesses } from '../auth/attempts.ts';
import { verifyPassword } from '../auth/password.ts';
import type { Context } from '../context.ts';
import { newId } from '../db/id.ts';
import { inAccount, type Tx } from '../db/pool.ts';
import { createInvitation } from '../invitations/actions.ts';
import { readInstalledAccount } from './actions.ts';

type Given = z.infer<typeof newInstalledAccount>;

/** An account about to be opened. */
export interface Prepared {
  given: Given;
  /** undefined: they are invited. */
  admin: Person | undefined;
}

/** Hashing takes its time, so it happens before the transaction. The password of somebody known is guessed at no more often than at the door. */
export async function prepareInstalledAccount(
  { database, attempts }: Pick<Context, 'database' | 'attempts'>,
  given: Given,
  ip: string,
): Promise<Prepared> {
  const { email, password, memberName = email.split('@')[0] ?? email } = given;
  if (password === undefined) return { given, admin: undefined };
  const isRight = async (stored: string | null | undefined, tried: string) =>
    (await attempts.guess(passwordGuesses(canonicalEmail(email), ip), async () => (await verifyPassword(stored, tried)) || undefined)) ===
    true;
  return { given, admin: await preparePerson(database, { email, password, name: memberName, accountName: given.name }, isRight) };
}

/** Opens an account within the superadmin's transaction, so that a repeated request opens no second one. */
export function createInstalledAccount(
  tx: Tx,
  context: Pick<Context, 'oneTimeTokens' | 'config'>,
  actor: Actor,
  { given, admin }: Prepared,
): Promise<z.infer<typeof createdInstalledAccount>> {
  const { status, tier, language, timeZone } = given;
  const trialEndsAt = given.trialEndsAt === undefined ? trialEnd() : new Date(given.trialEndsAt);
  const start = { status, tier, language, timeZone, trialEndsAt: status === 'trial' ? trialEndsAt : null };
  return inAccount(tx, newId(), async (inner) => {
    await openAccount(inner, actor, given.name, given.modules ? { ...start, modules: given.modules } : start);
    if (admin) await addMember(inner, admin, 'admin');
    const maker = { tokens: context.oneTimeTokens, publicUrl: context.config.publicUrl };
    // Invited by the installation: nobody of this account could have done it.
    const invited = admin ? null : await createInvitation(inner, maker, { principal: null, actor }, { email: given.email, role: 'admin' });
    return {
      account: await readInstalledAccount(inner),
      invitation: invited && { email: invited.email, link: invited.link, expiresAt: invited.expiresAt },
    };
  });
}
