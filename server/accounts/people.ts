import type { Role } from '../../contract/auth.ts';
import { findPerson } from '../auth/actions.ts';
import { canonicalEmail } from '../auth/address.ts';
import { hashPassword, refuseWeakPassword, verifyPassword } from '../auth/password.ts';
import { newId } from '../db/id.ts';
import type { Database, Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { insertMember, insertUser } from './queries.ts';

/** Somebody who is about to become a member. */
export interface Person {
  id: string;
  email: string;
  name: string;
  /** null: the user exists already. */
  passwordHash: string | null;
}

/** Hashing takes its time, so it happens before the transaction. `isRight` says whether the password of somebody known is right. */
export async function preparePerson(
  database: Database,
  wanted: { email: string; password: string; name: string; accountName?: string },
  isRight = verifyPassword,
): Promise<Person> {
  const address = canonicalEmail(wanted.email);
  const known = await findPerson(database, address);
  if (known) {
    if (!(await isRight(known.password_hash, wanted.password))) throw addressTaken();
    return { id: known.id, email: address, name: known.name, passwordHash: null };
  }
  refuseWeakPassword(wanted.password, { email: address, name: wanted.name, accountName: wanted.accountName ?? '' });
  return { id: newId(), email: address, name: wanted.name, passwordHash: await hashPassword(wanted.password) };
}

/** `isVerified`: somebody vouches that the address of a new person is theirs. */
export async function addMember(tx: Tx, { passwordHash, ...person }: Person, role: Role, isVerified = false): Promise<void> {
  if (passwordHash !== null && !(await insertUser(tx, { ...person, passwordHash, isVerified }))) throw addressTaken();
  await insertMember(tx, person.id, role);
}

const addressTaken = () =>
  new ApiError('conflict', 'Somebody with this e-mail address signs in here already, with another password.', {
    errors: [{ path: 'email', message: 'is in use with another password' }],
  });
