import type { Database, Tx } from '../db/pool.ts';

export async function insertMail(tx: Tx, mail: { id: string; kind: string; subjectId: string }): Promise<void> {
  await tx.query({
    name: 'mail_insert',
    text: 'insert into mails (id, kind, subject_id) values ($1, $2, $3)',
    values: [mail.id, mail.kind, mail.subjectId],
  });
}

export type MailState = 'queued' | 'sent' | 'refused' | 'failed' | 'unneeded';

export async function findMailState(database: Database, id: string): Promise<MailState | undefined> {
  const [row] = await database.query<{ state: MailState }>({
    name: 'mail_state',
    text: 'select state from mails where id = $1',
    values: [id],
  });
  return row?.state;
}

/** Notes what became of a mail, once. */
export async function endMail(database: Database, id: string, state: MailState, reply: string | null): Promise<void> {
  await database.query({
    name: 'mail_end',
    text: "update mails set state = $2, reply = $3, ended_at = now() where id = $1 and state = 'queued'",
    values: [id, state, reply],
  });
}

/** Forgets links that are over for a week, and what became of mails a month ago. */
export async function deleteOldMails(database: Database): Promise<void> {
  await database.query({ text: "delete from one_time_tokens where expires_at < now() - interval '7 days'" });
  await database.query({ text: "delete from mails where created_at < now() - interval '30 days'" });
}

export interface RecipientRow {
  id: string;
  email: string;
  name: string;
  language: string | null;
  time_zone: string | null;
  /** The oldest account in which the person is active; null for none. */
  account_id: string | null;
}

const recipientColumns = `u.id, u.email, u.name, u.language, u.time_zone,
  (select m.account_id from find_memberships(u.id) m where m.status = 'active' limit 1) as account_id`;

export async function findRecipientByEmail(database: Database, email: string): Promise<RecipientRow | undefined> {
  const [row] = await database.query<RecipientRow>({
    name: 'mail_recipient_by_email',
    text: `select ${recipientColumns} from users u where lower(u.email) = $1`,
    values: [email],
  });
  return row;
}

export async function findRecipient(database: Database, userId: string): Promise<RecipientRow | undefined> {
  const [row] = await database.query<RecipientRow>({
    name: 'mail_recipient',
    text: `select ${recipientColumns} from users u where u.id = $1`,
    values: [userId],
  });
  return row;
}

export interface LinkRow {
  user_id: string | null;
  email: string;
  data: { language?: string | null; isTooMany?: boolean; oldEmail?: string };
  is_over: boolean;
}

export async function findLink(database: Database, tokenId: string): Promise<LinkRow | undefined> {
  const [row] = await database.query<LinkRow>({
    name: 'mail_link',
    text: 'select user_id, email, data, consumed_at is not null as is_over from one_time_tokens where id = $1',
    values: [tokenId],
  });
  return row;
}

/** The link is for this person, and its life begins now: a mail that waited for its server is not born dead. */
export async function startLink(database: Database, tokenId: string, userId: string, lifeMs: number): Promise<void> {
  await database.query({
    name: 'mail_link_start',
    text: `update one_time_tokens set user_id = $2, expires_at = now() + make_interval(secs => $3 / 1000.0) where id = $1 and consumed_at is null`,
    values: [tokenId, userId, lifeMs],
  });
}

/** Forgets a link to an address that nobody has. */
export async function deleteLink(database: Database, tokenId: string): Promise<void> {
  await database.query({ name: 'mail_link_delete', text: 'delete from one_time_tokens where id = $1', values: [tokenId] });
}

export interface InvitationRow {
  email: string;
  token_id: string;
  account_name: string;
  language: string;
  inviter: string | null;
}

/** An invitation that can still be accepted. */
export async function findOpenInvitation(tx: Tx, id: string): Promise<InvitationRow | undefined> {
  const [row] = await tx.query<InvitationRow>({
    name: 'mail_invitation',
    text: `select i.email, i.token_id, a.name as account_name, a.language, u.name as inviter
           from invitations i join accounts a on a.id = i.account_id left join users u on u.id = i.invited_by
           where i.account_id = $1 and i.id = $2 and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()`,
    values: [tx.accountId, id],
  });
  return row;
}

export async function noteInvitationMailed(tx: Tx, id: string): Promise<void> {
  await tx.query({
    name: 'mail_invitation_sent',
    text: 'update invitations set mailed_at = now() where account_id = $1 and id = $2',
    values: [tx.accountId, id],
  });
}

export interface NewSessionRow {
  user_id: string;
  device: string;
  created_at: Date;
}

export async function findNewSession(database: Database, id: string): Promise<NewSessionRow | undefined> {
  const [row] = await database.query<NewSessionRow>({
    name: 'mail_session',
    text: 'select user_id, device, created_at from sessions where id = $1 and revoked_at is null',
    values: [id],
  });
  return row;
}
