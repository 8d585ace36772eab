import type { Role } from '../../contract/auth.ts';
import type { Database, Tx } from '../db/pool.ts';

export interface InvitationRow {
  id: string;
  email: string;
  role: Role;
  role_id: string | null;
  role_name: string | null;
  team_ids: string[];
  teams: { id: string; name: string }[];
  invited_by: string | null;
  invited_by_key: string | null;
  inviter_name: string | null;
  token_id: string;
  mailed_at: Date | null;
  created_at: Date;
  expires_at: Date;
}

const columns = `i.id, i.email, i.role, i.role_id, r.name as role_name, i.team_ids, i.invited_by, i.invited_by_key, u.name as inviter_name, i.token_id, i.mailed_at, i.created_at, i.expires_at,
  (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name_key), '[]') from teams t
    where t.account_id = i.account_id and t.id = any(i.team_ids)) as teams`;

const open = `from invitations i left join roles r on r.account_id = i.account_id and r.id = i.role_id left join users u on u.id = i.invited_by
  where i.account_id = $1 and i.accepted_at is null and i.revoked_at is null`;

/** A page of the invitations that nobody accepted or revoked, the newest first; one more than asked for when there are more. */
export function listOpenInvitations(tx: Tx, before: string | undefined, limit: number): Promise<InvitationRow[]> {
  return tx.query<InvitationRow>({
    name: 'invitation_list',
    text: `select ${columns} ${open} and ($2::uuid is null or i.id < $2) order by i.id desc limit $3`,
    values: [tx.accountId, before ?? null, limit + 1],
  });
}

/** One that nobody accepted or revoked; it may have expired. */
export async function findOpenInvitation(tx: Tx, id: string): Promise<InvitationRow | undefined> {
  const [row] = await tx.query<InvitationRow>({
    name: 'invitation_find',
    text: `select ${columns} ${open} and i.id = $2`,
    values: [tx.accountId, id],
  });
  return row;
}

/** The account and id of an invitation that can still be accepted, by the hash of its token. */
export async function findInvitationByHash(database: Database, hash: Buffer): Promise<{ account_id: string; id: string } | undefined> {
  const [row] = await database.query<{ account_id: string; id: string }>({
    name: 'invitation_by_hash',
    text: 'select account_id, id from find_invitation($1)',
    values: [hash],
  });
  return row;
}

export interface NewInvitationRow {
  id: string;
  email: string;
  role: Role;
  roleId: string | null;
  teamIds: string[];
  invitedBy: string | null;
  invitedByKey: string | null;
  tokenId: string;
  tokenHash: Buffer;
  lifeMs: number;
}

/** Makes an invitation in place of one to the same address that expired; the unique index refuses a second one that waits. */
export async function insertInvitation(tx: Tx, invitation: NewInvitationRow): Promise<void> {
  await tx.query({
    text: `update invitations set revoked_at = now()
           where account_id = $1 and lower(email) = $2 and accepted_at is null and revoked_at is null and expires_at <= now()`,
    values: [tx.accountId, invitation.email],
  });
  await tx.query({
    text: `insert into invitations (account_id, id, email, role, role_id, team_ids, invited_by, invited_by_key, token_id, token_hash, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11 * interval '1 millisecond')`,
    values: [
      tx.accountId,
      invitation.id,
      invitation.email,
      invitation.role,
      invitation.roleId,
      invitation.teamIds,
      invitation.invitedBy,
      invitation.invitedByKey,
      invitation.tokenId,
      invitation.tokenHash,
      invitation.lifeMs,
    ],
  });
}

/** Gives an open invitation a new token; the old one finds nothing any more. */
export async function renewInvitation(
  tx: Tx,
  id: string,
  set: Pick<NewInvitationRow, 'invitedBy' | 'invitedByKey' | 'tokenId' | 'tokenHash' | 'lifeMs'>,
): Promise<void> {
  await tx.query({
    text: `update invitations set invited_by = $3, invited_by_key = $4, token_id = $5, token_hash = $6, mailed_at = null,
             expires_at = now() + $7 * interval '1 millisecond'
           where account_id = $1 and id = $2`,
    values: [tx.accountId, id, set.invitedBy, set.invitedByKey, set.tokenId, set.tokenHash, set.lifeMs],
  });
}

export async function revokeInvitationRow(tx: Tx, id: string): Promise<void> {
  await tx.query({ text: 'update invitations set revoked_at = now() where account_id = $1 and id = $2', values: [tx.accountId, id] });
}

/** Uses an invitation up while its token is still this one; of any number at once one succeeds. */
export async function takeInvitation(tx: Tx, id: string, tokenHash: Buffer): Promise<boolean> {
  const rows = await tx.query({
    text: `update invitations set accepted_at = now()
           where account_id = $1 and id = $2 and token_hash = $3 and accepted_at is null and revoked_at is null and expires_at > now() returning id`,
    values: [tx.accountId, id, tokenHash],
  });
  return rows.length > 0;
}

/** Closes the open invitations that somebody made: whoever leaves lets nobody in any more. */
export async function revokeInvitationsOf(tx: Tx, inviterId: string): Promise<void> {
  await tx.query({
    text: `update invitations set revoked_at = now() where account_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null`,
    values: [tx.accountId, inviterId],
  });
}

/** Makes the user who accepts; false when somebody got the address meanwhile. */
export async function insertInvitedUser(
  tx: Tx,
  user: { id: string; email: string; name: string; passwordHash: string; isVerified: boolean },
): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into users (id, email, name, password_hash, email_verified_at) values ($1, $2, $3, $4, case when $5 then now() end)
           on conflict (lower(email)) do nothing returning id`,
    values: [user.id, user.email, user.name, user.passwordHash, user.isVerified],
  });
  return rows.length > 0;
}

/** Locks a person without a second factor whose address nobody proved, or who is in no account; false when that is so no more. */
export async function lockClaimable(tx: Tx, userId: string): Promise<boolean> {
  const rows = await tx.query({
    text: `select from users u where u.id = $1 and u.totp_confirmed_at is null
             and (u.email_verified_at is null or not exists (select from find_memberships(u.id))) for update`,
    values: [userId],
  });
  return rows.length > 0;
}

/** Gives a person who was taken over from whoever made them the name and password that their mailbox's owner chose. */
export async function updateClaimedUser(tx: Tx, user: { id: string; name: string; passwordHash: string }): Promise<void> {
  await tx.query({
    text: 'update users set name = $2, password_hash = $3 where id = $1',
    values: [user.id, user.name, user.passwordHash],
  });
}
