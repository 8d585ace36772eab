import type { Actor } from '../audit/actor.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { takeSlot } from '../limits/sliding.ts';
import { findMemberships, findUserByEmail } from './queries.ts';

const notedMax = 5;
const windowMs = 60 * 60_000;

/**
 * Notes in the accounts of a person that somewhere their password was guessed wrongly too often. Nobody waits for it:
 * the answer must take as long for addresses that nobody has.
 */
export function noteLockOut(context: Pick<Context, 'database' | 'log'>, email: string, actor: Actor): void {
  void recordLockOut(context, email, actor).catch((error: unknown) => context.log.error({ err: error }, 'a lock-out was not recorded'));
}

async function recordLockOut({ database }: Pick<Context, 'database'>, email: string, actor: Actor): Promise<void> {
  const user = await findUserByEmail(database, email);
  if (!user) return;
  // Whoever guesses from many addresses must not fill a log that keeps everything.
  if (!(await takeSlot(database, `lock-outs of ${user.id}`, notedMax, windowMs)).isTaken) return;
  for (const { account_id: accountId } of await findMemberships(database, user.id)) {
    await database.withAccount(accountId, (tx) =>
      recordAudit(tx, actor, { action: 'member.locked_out', subject: { type: 'member', id: user.id } }),
    );
  }
}
