import { newId } from '../db/id.ts';
import type { Database, Tx } from '../db/pool.ts';
import { enqueue, installationId } from '../jobs/job.ts';
import { insertMail } from './queries.ts';

/** Every mail that the system itself writes, and the one id that says what it is about. */
export interface MailSubjects {
  magic_link: { tokenId: string };
  password_reset: { tokenId: string };
  email_verification: { tokenId: string };
  email_change: { tokenId: string };
  /** To the old address; the token that made the change remembers it. */
  email_changed_notice: { tokenId: string };
  password_changed_notice: { userId: string };
  /** Its address was proven for the first time, which took away a password that somebody else may have set. */
  password_removed_notice: { userId: string };
  second_factor_removed_notice: { userId: string };
  recovery_code_used_notice: { userId: string };
  passkey_added_notice: { userId: string };
  /** Its transaction must be of the invitation's account. */
  invitation: { invitationId: string };
  new_sign_in: { sessionId: string };
}

export type MailKind = keyof MailSubjects;

/** A mail that nobody waits for is still worth sending after some hours of a mail server's absence. */
const attemptsMax = 16;

/**
 * Adds a mail in the caller's transaction, or in one of its own that belongs to the installation. Address, words and link are
 * found when it is sent; without a mail server it ends as `unneeded`. Wake the lane `mail` after the commit.
 */
export async function enqueueMail<Kind extends MailKind>(where: Tx | Database, kind: Kind, subject: MailSubjects[Kind]): Promise<void> {
  if ('withAccount' in where) return where.withAccount(installationId, (tx) => enqueueMail(tx, kind, subject));
  if (where.accountId === null) throw new TypeError('a mail needs a transaction with an account, or the database');
  const [subjectId] = Object.values(subject) as string[];
  if (subjectId === undefined) throw new TypeError('a mail needs to be about something');
  const mailId = newId();
  await insertMail(where, { id: mailId, kind, subjectId });
  await enqueue(where, [{ kind: 'mail', lane: 'mail', accountId: where.accountId, payload: { mailId, kind, subjectId }, attemptsMax }]);
}
