import type { Context } from '../context.ts';
import { ApiError } from '../http/errors.ts';
import { installationId } from '../jobs/job.ts';
import { enqueueMail } from '../mail/enqueue.ts';
import { canonicalEmail } from './address.ts';
import { limitRequests, takeLink } from './link-limits.ts';
import type { TokenPurpose } from './one-time-tokens.ts';
import { findUser, type UserRow } from './queries.ts';
import type { TokenRow } from './token-queries.ts';

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
  if (!(await takeLink(context, purpose, email))) return;
  await context.database.withAccount(installationId, async (tx) => {
    const tokenId = await context.oneTimeTokens.issue(tx, purpose, { email, data: { language: asked.language } });
    await enqueueMail(tx, purpose, { tokenId });
  });
  context.jobs.wake('mail');
}

/** The person of a link while their address is still the one that it was sent to. */
export async function findLinkOwner({ database }: Pick<Context, 'database'>, token: TokenRow | undefined): Promise<UserRow | undefined> {
  const user = token?.user_id ? await findUser(database, token.user_id) : undefined;
  return user && user.email === token?.email ? user : undefined;
}

export const linkIsOver = () => new ApiError('invalid_credentials', 'The link does not work any more, or never did. Ask for a new one.');
