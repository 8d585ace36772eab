import { linkTo, type LinkPurpose } from '../auth/links.ts';
import { tokenLifeMs } from '../auth/one-time-tokens.ts';
import { getAccount } from '../accounts/access.ts';
import type { Context } from '../context.ts';
import type { MailKind } from './enqueue.ts';
import {
  deleteLink,
  findLink,
  findNewSession,
  findOpenInvitation,
  findRecipient,
  findRecipientByEmail,
  noteInvitationMailed,
  type RecipientRow,
  startLink,
} from './queries.ts';
import { type Facts, type Language, languageOf } from './words.ts';

/** A mail that can be written now. */
export interface Ready {
  to: string;
  language: Language;
  facts: Facts;
  /** After the mail server took it. */
  noteSent?: () => Promise<void>;
}

type Parts = Pick<Context, 'database' | 'config' | 'oneTimeTokens'>;
type Find = (context: Parts, subjectId: string, accountId: string) => Promise<Ready | undefined>;

/** How each mail finds whom it goes to and what it says; undefined when there is nothing to send any more. */
export const subjects: Record<MailKind, Find> = {
  magic_link: (context, tokenId) => findAskedLink(context, 'magic_link', tokenId),
  password_reset: (context, tokenId) => findAskedLink(context, 'password_reset', tokenId),
  email_verification: (context, tokenId) => findOwnLink(context, 'email_verification', tokenId),
  email_change: (context, tokenId) => findOwnLink(context, 'email_change', tokenId),
  email_changed_notice: findChangedAddress,
  password_changed_notice: findPerson,
  password_removed_notice: findPerson,
  second_factor_removed_notice: findPerson,
  recovery_code_used_notice: findPerson,
  passkey_added_notice: findPerson,
  invitation: findInvitation,
  new_sign_in: findSignIn,
};

/** A link that anybody may have asked for: only somebody who can sign in gets one. */
async function findAskedLink(context: Parts, purpose: LinkPurpose, tokenId: string): Promise<Ready | undefined> {
  const { database } = context;
  const link = await findLink(database, tokenId);
  if (!link || link.is_over) return undefined;
  const person = await findRecipientByEmail(database, link.email);
  if (!person?.account_id || link.data.isTooMany) {
    await deleteLink(database, tokenId);
    return undefined;
  }
  await startLink(database, tokenId, person.id, tokenLifeMs[purpose]);
  const language = await languageFor(context, person, link.data.language);
  return { to: person.email, language, facts: { name: person.name, link: linkTo(context, purpose, tokenId) } };
}

/** A link that a signed-in person asked for. */
async function findOwnLink(context: Parts, purpose: LinkPurpose, tokenId: string): Promise<Ready | undefined> {
  const { database } = context;
  const link = await findLink(database, tokenId);
  const person = link?.user_id && !link.is_over ? await findRecipient(database, link.user_id) : undefined;
  if (!link || !person) return undefined;
  // Somebody else's address gets no mail about it, and whoever asked does not learn whose it is.
  const other = await findRecipientByEmail(database, link.email);
  if (other && other.id !== person.id) return undefined;
  await startLink(database, tokenId, person.id, tokenLifeMs[purpose]);
  return {
    to: link.email,
    language: await languageFor(context, person),
    facts: { name: person.name, link: linkTo(context, purpose, tokenId) },
  };
}

async function findChangedAddress(context: Parts, tokenId: string): Promise<Ready | undefined> {
  const link = await findLink(context.database, tokenId);
  const person = link?.user_id ? await findRecipient(context.database, link.user_id) : undefined;
  if (!link?.data.oldEmail || !person) return undefined;
  return {
    to: link.data.oldEmail,
    language: await languageFor(context, person),
    facts: { name: person.name, address: hideAddress(link.email) },
  };
}

async function findPerson(context: Parts, userId: string): Promise<Ready | undefined> {
  const person = await findRecipient(context.database, userId);
  return person && { to: person.email, language: await languageFor(context, person), facts: { name: person.name } };
}

async function findInvitation(context: Parts, invitationId: string, accountId: string): Promise<Ready | undefined> {
  const invitation = await context.database.withAccount(accountId, (tx) => findOpenInvitation(tx, invitationId));
  if (!invitation) return undefined;
  const person = await findRecipientByEmail(context.database, invitation.email);
  return {
    to: invitation.email,
    language: languageOf(person?.language, invitation.language),
    facts: {
      name: person?.name ?? '',
      account: invitation.account_name,
      inviter: invitation.inviter,
      link: linkTo(context, 'invitation', invitation.token_id),
    },
    noteSent: () => context.database.withAccount(accountId, (tx) => noteInvitationMailed(tx, invitationId)),
  };
}

async function findSignIn(context: Parts, sessionId: string): Promise<Ready | undefined> {
  const session = await findNewSession(context.database, sessionId);
  const person = session && (await findRecipient(context.database, session.user_id));
  if (!session || !person) return undefined;
  const language = await languageFor(context, person);
  const timeZone = person.time_zone ?? 'UTC';
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long', timeZone }).format(session.created_at);
  return { to: person.email, language, facts: { name: person.name, device: session.device, when } };
}

/** What the person chose, else what their browser asked for, else what their account speaks. */
async function languageFor({ database }: Parts, person: RecipientRow, asked?: string | null): Promise<Language> {
  if (person.language || asked || !person.account_id) return languageOf(person.language, asked);
  return languageOf((await database.withAccount(person.account_id, getAccount)).language);
}

/** Enough to recognise one's own address, too little to learn another's. */
function hideAddress(email: string): string {
  const [local = '', domain = ''] = email.split('@');
  return `${local.slice(0, 1)}…@${domain}`;
}
