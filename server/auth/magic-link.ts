import type { Actor } from '../audit/actor.ts';
import type { Context } from '../context.ts';
import type { Opened } from './answer.ts';
import { forgetLinks } from './link-limits.ts';
import { findLinkOwner, linkIsOver } from './links.ts';
import { proveAddress } from './prove-address.ts';
import { forgetSessions } from './membership.ts';
import { finishSignIn } from './sign-in.ts';

/** Signs in with a link from a mail. The link is used up last: a missing second factor leaves it working. */
export async function signInByLink(
  context: Context,
  given: { token: string; totp?: string | undefined; ip: string; device: string; actorOf: (userId: string) => Actor },
): Promise<Opened> {
  const { database, oneTimeTokens } = context;
  const user = await findLinkOwner(context, await oneTimeTokens.find(database, 'magic_link', given.token));
  if (!user) throw linkIsOver();
  let ended: string[] = [];
  const opened = await finishSignIn(
    context,
    user,
    { method: 'magic_link', device: given.device, ip: given.ip, totp: given.totp, actorOf: given.actorOf },
    async (accountId) => {
      ended = await database.withAccount(accountId, async (tx) => {
        if (!(await oneTimeTokens.take(tx, 'magic_link', given.token))) throw linkIsOver();
        return proveAddress(tx, user.id, null);
      });
      forgetSessions(context, ended);
    },
  );
  await forgetLinks(context, 'magic_link', user.email);
  if (ended.length > 0) context.jobs.wake('mail');
  return opened;
}
