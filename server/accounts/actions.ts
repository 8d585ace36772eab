import { z } from 'zod';
import { email, password, type Role } from '../../contract/auth.ts';
import { safeText } from '../../contract/common.ts';
import { modules } from '../../contract/modules.ts';
import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import { newId } from '../db/id.ts';
import type { Database, Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { fieldErrorsOf } from '../http/field-errors.ts';
import { addMember, preparePerson } from './people.ts';
import { type AccountColumns, insertAccount } from './queries.ts';
import { isFirstDesk, isOfDemo, makeSuperadmin } from './superadmin.ts';

export interface NewAccount {
  name: string;
  email: string;
  password: string;
  memberName: string;
}

export interface NewMember {
  email: string;
  password: string;
  name: string;
  role: Role;
}

export interface CreatedAccount {
  accountId: string;
  userId: string;
}

/** What an account starts as. */
export type AccountStart = Partial<Omit<AccountColumns, 'name'> & { isDemo: boolean }>;

const given = z.object({ name: safeText(1, 120), email, password, memberName: safeText(1, 120) });

/**
 * Makes an account with its admin. Somebody who signs in elsewhere in this installation keeps their password and
 * has to give it; any other password is refused with `conflict`. `isByOperator`: whoever opens the first desk of an
 * installation becomes its superadmin, and the operator vouches for the address, so that proving it takes nothing away.
 */
export async function createAccount(
  database: Database,
  actor: Actor,
  input: NewAccount,
  options: AccountStart & { isByOperator?: boolean } = {},
): Promise<CreatedAccount> {
  const parsed = given.safeParse(input);
  if (!parsed.success)
    throw new ApiError('validation_error', 'The account cannot be made like this.', { errors: fieldErrorsOf(parsed.error) });
  const { name, memberName, ...signIn } = parsed.data;
  const { isByOperator = false, ...start } = options;
  const person = await preparePerson(database, { ...signIn, name: memberName, accountName: name });
  const accountId = newId();
  await database.withAccount(accountId, async (tx) => {
    const isFirst = isByOperator && (await isFirstDesk(tx));
    await openAccount(tx, actor, name, start);
    await addMember(tx, person, 'admin', isByOperator);
    if (isFirst && !(await isOfDemo(tx, person.id))) await makeSuperadmin(tx, actor, person.id);
  });
  return { accountId, userId: person.id };
}

/** Opens the account of the transaction, still without anybody in it. */
export async function openAccount(tx: Tx, actor: Actor, name: string, start: AccountStart = {}): Promise<void> {
  const account = { name, ...defaultStart, ...start };
  await insertAccount(tx, account);
  await recordAudit(tx, actor, {
    action: 'account.created',
    subject: { type: 'account', id: String(tx.accountId) },
    details: { name, status: account.status, tier: account.tier, modules: account.modules, trialEndsAt: account.trialEndsAt },
  });
}

const defaultStart = {
  status: 'active',
  tier: 'enterprise',
  modules,
  trialEndsAt: null,
  language: 'fr',
  timeZone: 'Europe/Paris',
  isDemo: false,
} as const;

/** Adds somebody to an account with a role; the same rule for addresses that are known. */
export async function createMember(database: Database, accountId: string, member: NewMember): Promise<string> {
  const person = await preparePerson(database, member);
  await database.withAccount(accountId, (tx) => addMember(tx, person, member.role));
  return person.id;
}
