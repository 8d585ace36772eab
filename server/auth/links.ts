import type { Context } from '../context.ts';
import type { Tx } from '../db/pool.ts';
import { ApiError } from '../http/errors.ts';
import { installationId } from '../jobs/job.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { canonicalEmail } from './address.ts';
import { forgetLinks, limitRequests, takeLink } from './link-limits.ts';
import type { TokenPurpose } from './one-time-tokens.ts';
import { findUser, type UserRow } from './queries.ts';
import { endTokens, type TokenRow } from './token-queries.ts';

/** Where each link leads. The token stands behind `#`, which browsers keep to themselves: it is in no server's log. */
const pages = {
  magic_link: '/sign-in/link',
  password_reset: '/sign-in/reset',
  email_verification: '/sign-in/verify',
  email_change: '/sign-in/email',
  invitation: '/invitation',
} as const satisfies Partial<Record<TokenPurpose, string>>;
export type LinkPurpose = keyof typeof pages;

/** The link to mail or to copy for a token's id. */
export function linkTo({ config, oneTimeTokens }: Pick<Context, 'config' | 'oneTimeTokens'>, purpose: LinkPurpose, id: string): string {
  return `${config.publicUrl}${pages[purpose]}#token=${oneTimeTokens.tokenOf(purpose, id)}`;
}

/**
 * Somebody asks for a link to an address. Nothing here depends on whether the address is known: the same rows are written, and
 * the job that would send the mail finds out.
 */
export async function requestLink(
  context: Context,
  purpose: 'magic_link' | 'password_reset',
  asked: { email: string; ip: string; language: string | null },
): Promise<void> {
  await limitRequests(context, asked.ip);
  if (!context.config.smtp) return;
  const email = canonicalEmail(asked.email);
  // One too many takes the same steps: how long this takes must not say whether an earlier link was used.
  const isTooMany = !(await takeLink(context, purpose, email));
  await context.database.withAccount(installationId, async (tx) => {
    const tokenId = await context.oneTimeTokens.issue(tx, purpose, { email, data: { language: asked.language, isTooMany } });
    await enqueueMail(tx, purpose, { tokenId });
  });
  context.jobs.wake('mail');
}

/** The person of a link while their address is still the one that it was sent to. */
export async function findLinkOwner({ database }: Pick<Context, 'database'>, token: TokenRow | undefined): Promise<UserRow | undefined> {
  const user = token?.user_id ? await findUser(database, token.user_id) : undefined;
  return user && user.email === token?.email ? user : undefined;
}

/** Ends changes of address that were asked for: whoever shuts others out of an account must not lose it to one of them. */
export const endEmailChanges = (tx: Tx, userId: string): Promise<void> => endTokens(tx, userId, ['email_change']);

/** Ends every link that leads into an account: its password was changed. */
export const endLinks = (tx: Tx, userId: string): Promise<void> => endTokens(tx, userId, ['magic_link', 'password_reset', 'email_change']);

/** After the commit: their owner may ask anew for the links that were ended. */
export async function forgetEndedLinks(context: Pick<Context, 'database' | 'config'>, email: string): Promise<void> {
  await forgetLinks(context, 'magic_link', email);
  await forgetLinks(context, 'password_reset', email);
}

export const linkIsOver = () => new ApiError('invalid_credentials', 'The link does not work any more, or never did. Ask for a new one.');
