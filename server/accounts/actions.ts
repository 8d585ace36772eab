import { z } from 'zod';
import { email, password, type Role } from '../../contract/auth.ts';
import { safeText } from '../../contract/common.ts';
import { findPerson } from '../auth/actions.ts';
import { canonicalEmail } from '../auth/address.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from '../auth/password.ts';
import { newId } from '../db/id.ts';
import type { Database, Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { fieldErrorsOf } from '../http/field-errors.ts';
import { insertAccount, insertMember, insertUser } from './queries.ts';

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

const given = z.object({ name: safeText(1, 120), email, password, memberName: safeText(1, 120) });

/**
 * Makes an account with its admin. Somebody who signs in elsewhere in this installation keeps their password and
 * has to give it; any other password is refused with `conflict`.
 */
export async function createAccount(
  database: Database,
  input: NewAccount,
  options: { isDemo?: boolean; language?: string; timeZone?: string } = {},
): Promise<CreatedAccount> {
  const parsed = given.safeParse(input);
  if (!parsed.success)
    throw new ApiError('validation_error', 'The account cannot be made like this.', { errors: fieldErrorsOf(parsed.error) });
  const { name, memberName: personName } = parsed.data;
  const person = await preparePerson(database, { email: parsed.data.email, password: parsed.data.password, name: personName });
  const accountId = newId();
  await database.withAccount(accountId, async (tx) => {
    await insertAccount(tx, {
      name,
      isDemo: options.isDemo ?? false,
      language: options.language ?? 'fr',
      timeZone: options.timeZone ?? 'Europe/Paris',
    });
    await addMember(tx, person, 'admin');
  });
  return { accountId, userId: person.id };
}

/** Adds somebody to an account with a role; the same rule for addresses that are known. */
export async function createMember(database: Database, accountId: string, member: NewMember): Promise<string> {
  const person = await preparePerson(database, member);
  await database.withAccount(accountId, (tx) => addMember(tx, person, member.role));
  return person.id;
}

interface Person {
  id: string;
  email: string;
  name: string;
  /** null: the user exists already. */
  passwordHash: string | null;
}

/** Hashing takes its time, so it happens before the transaction. */
async function preparePerson(database: Database, wanted: { email: string; password: string; name: string }): Promise<Person> {
  const address = canonicalEmail(wanted.email);
  const known = await findPerson(database, address);
  if (known) {
    if (!(await verifyPassword(known.password_hash, wanted.password))) throw addressTaken();
    return { id: known.id, email: address, name: known.name, passwordHash: null };
  }
  refuseWeakPassword(wanted.password, { email: address, name: wanted.name });
  return { id: newId(), email: address, name: wanted.name, passwordHash: await hashPassword(wanted.password) };
}

async function addMember(tx: Tx, { passwordHash, ...person }: Person, role: Role): Promise<void> {
  if (passwordHash !== null && !(await insertUser(tx, { ...person, passwordHash }))) throw addressTaken();
  await insertMember(tx, person.id, role);
}

const addressTaken = () =>
  new ApiError('conflict', 'Somebody with this e-mail address signs in here already, with another password.', {
    errors: [{ path: 'email', message: 'is in use with another password' }],
  });
