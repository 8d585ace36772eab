import type { AccountStatus } from '../../contract/account-state.ts';
import type { Role, Tier } from '../../contract/auth.ts';
import type { Module } from '../../contract/modules.ts';
import type { Permission } from '../../contract/permissions.ts';
import type { Database, Tx } from '../db/pool.ts';
import { refreshTokenDays } from './refresh-token.ts';

export interface UserRow {
  id: string;
  email: string;
  name: string;
  password_hash: string | null;
  email_verified_at: Date | null;
  totp_confirmed_at: Date | null;
  is_superadmin: boolean;
  language: string | null;
  time_zone: string | null;
}

/** What an account allows whoever acts in it. */
export interface AccountStateRow {
  account_status: AccountStatus;
  trial_ends_at: Date | null;
  tier: Tier;
  modules: Module[];
}

/** What a member may do there. */
export interface HeldRoleRow {
  role: Role;
  role_id: string | null;
  role_name: string | null;
  role_permissions: string[] | null;
  is_superadmin: boolean;
}

export interface MembershipRow extends AccountStateRow, HeldRoleRow {
  account_id: string;
  account_name: string;
  is_demo: boolean;
  status: 'active' | 'suspended';
}

const userColumns = 'id, email, name, password_hash, email_verified_at, totp_confirmed_at, is_superadmin, language, time_zone';

export async function findUserByEmail(database: Database, email: string): Promise<UserRow | undefined> {
  const [row] = await database.query<UserRow>({
    name: 'auth_user_by_email',
    text: `select ${userColumns} from users where lower(email) = $1`,
    values: [email],
  });
  return row;
}

export async function findUser(database: Pick<Tx, 'query'>, id: string): Promise<UserRow | undefined> {
  const [row] = await database.query<UserRow>({
    name: 'auth_user',
    text: `select ${userColumns} from users where id = $1`,
    values: [id],
  });
  return row;
}

/** The accounts of a user, the oldest membership first. */
export function findMemberships(database: Database, userId: string): Promise<MembershipRow[]> {
  return database.query<MembershipRow>({
    name: 'auth_memberships',
    text: `select account_id, account_name, account_status, is_demo, role, status, role_id, role_name, role_permissions, is_superadmin,
             trial_ends_at, tier, modules from find_memberships($1)`,
    values: [userId],
  });
}

export interface LiveSessionRow extends AccountStateRow, HeldRoleRow {
  user_id: string;
  account_id: string;
  confirmed_at: Date;
}

const liveSessionColumns = `s.user_id, s.account_id, s.confirmed_at, m.account_status, m.role, m.role_id, m.role_name, m.role_permissions,
  m.is_superadmin, m.trial_ends_at, m.tier, m.modules`;
const liveSessions = `from sessions s cross join lateral find_memberships(s.user_id) m
  where s.revoked_at is null and s.expires_at > now() and m.account_id = s.account_id and m.status = 'active'`;

/** A session that is neither ended nor expired, of a member who is still active in its account. */
export async function findLiveSession(database: Database, id: string): Promise<LiveSessionRow | undefined> {
  const [row] = await database.query<LiveSessionRow>({
    name: 'auth_live_session',
    text: `select ${liveSessionColumns} ${liveSessions} and s.id = $1`,
    values: [id],
  });
  return row;
}

/** Of these sessions the ones that live, in one statement. */
export async function findLiveSessions(database: Database, ids: string[]): Promise<Map<string, LiveSessionRow>> {
  const rows = await database.query<LiveSessionRow & { id: string }>({
    name: 'auth_live_sessions',
    text: `select s.id, ${liveSessionColumns} ${liveSessions} and s.id = any($1::uuid[])`,
    values: [ids],
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** How somebody proved who they are. */
export type SignInMethod = 'password' | 'magic_link' | 'oidc' | 'passkey' | 'invitation' | 'setup';

export async function insertSession(
  tx: Tx,
  session: { id: string; userId: string; accountId: string; refreshHash: Buffer; device: string; method: SignInMethod; confirmedAt: Date },
): Promise<void> {
  await tx.query({
    name: 'auth_insert_session',
    text: `insert into sessions (id, user_id, account_id, refresh_hash, device, method, confirmed_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8))`,
    values: [
      session.id,
      session.userId,
      session.accountId,
      session.refreshHash,
      session.device,
      session.method,
      session.confirmedAt,
      refreshTokenDays,
    ],
  });
}

/** True when a user has sessions of the last month and none of them is of such a device; versions do not make another one. */
export async function isUnseenDevice(tx: Tx, userId: string, device: string): Promise<boolean> {
  const [row] = await tx.query<{ is_unseen: boolean }>({
    name: 'auth_unseen_device',
    text: `select count(*) > 0 and not coalesce(bool_or(regexp_replace(device, '[0-9._]+', '', 'g') = regexp_replace($2, '[0-9._]+', '', 'g')), false) as is_unseen
           from sessions where user_id = $1`,
    values: [userId, device],
  });
  return row?.is_unseen ?? false;
}

/** Replaces a refresh token by its successor; of any number at once exactly one succeeds. */
export async function rotateSession(
  database: Database,
  rotation: { id: string; hash: Buffer; nextHash: Buffer; nextSealed: Buffer },
): Promise<boolean> {
  const rows = await database.query({
    name: 'auth_rotate',
    text: `update sessions set previous_hash = refresh_hash, refresh_hash = $3, successor_sealed = $4, rotated_at = now(), last_used_at = now(),
             expires_at = now() + make_interval(days => $5)
           where id = $1 and refresh_hash = $2 and revoked_at is null and expires_at > now() returning id`,
    values: [rotation.id, rotation.hash, rotation.nextHash, rotation.nextSealed, refreshTokenDays],
  });
  return rows.length === 1;
}

/**
 * Moves a session from one account of its person to that of the transaction, under a new refresh token; false when it has
 * ended or is in that account no more. Of any number at once exactly one succeeds.
 */
export async function moveSession(tx: Tx, move: { id: string; userId: string; from: string }): Promise<boolean> {
  const rows = await tx.query({
    name: 'auth_move',
    text: `update sessions set account_id = $4, last_used_at = now()
           where id = $1 and user_id = $2 and account_id = $3 and revoked_at is null and expires_at > now() returning id`,
    values: [move.id, move.userId, move.from, tx.accountId],
  });
  return rows.length === 1;
}

/** The successor of a token that was replaced a moment ago: its answer may have been lost on the way. */
export async function findSuccessor(database: Database, id: string, hash: Buffer, graceSeconds: number): Promise<Buffer | undefined> {
  const [row] = await database.query<{ successor_sealed: Buffer }>({
    name: 'auth_successor',
    text: `select successor_sealed from sessions where id = $1 and previous_hash = $2 and revoked_at is null and expires_at > now()
             and rotated_at > now() - make_interval(secs => $3) and successor_sealed is not null`,
    values: [id, hash, graceSeconds],
  });
  return row?.successor_sealed;
}

/** Notes a fresh proof of who holds a session; undefined when it has ended. */
export async function confirmSession(database: Database, userId: string, id: string): Promise<Date | undefined> {
  const [row] = await database.query<{ confirmed_at: Date }>({
    text: `update sessions set confirmed_at = now() where id = $1 and user_id = $2 and revoked_at is null and expires_at > now() returning confirmed_at`,
    values: [id, userId],
  });
  return row?.confirmed_at;
}

export async function updatePassword(database: Pick<Tx, 'query'>, id: string, passwordHash: string): Promise<void> {
  await database.query({ text: 'update users set password_hash = $2 where id = $1', values: [id, passwordHash] });
}

export async function updateName(tx: Pick<Tx, 'query'>, id: string, name: string): Promise<void> {
  await tx.query({ text: 'update users set name = $2 where id = $1', values: [id, name] });
}

/** Ends a session; false when it had ended before. */
export async function revokeSession(tx: Pick<Tx, 'query'>, id: string): Promise<boolean> {
  const rows = await tx.query({
    name: 'auth_revoke',
    text: 'update sessions set revoked_at = now(), successor_sealed = null where id = $1 and revoked_at is null returning id',
    values: [id],
  });
  return rows.length > 0;
}

/** The account in which a user's sessions were last renewed or opened. */
export async function findLastAccount(database: Pick<Tx, 'query'>, userId: string): Promise<string | undefined> {
  const [row] = await database.query<{ account_id: string }>({
    name: 'auth_last_account',
    text: 'select account_id from sessions where user_id = $1 order by last_used_at desc, id desc limit 1',
    values: [userId],
  });
  return row?.account_id;
}

/** Ends sessions of one user: one, or all when no id is given. Returns those that were alive. */
export async function revokeSessionsOf(database: Pick<Tx, 'query'>, userId: string, id: string | null): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    name: 'auth_revoke_of_user',
    text: `update sessions set revoked_at = now(), successor_sealed = null
           where user_id = $1 and ($2::uuid is null or id = $2) and revoked_at is null and expires_at > now() returning id`,
    values: [userId, id],
  });
  return rows.map((row) => row.id);
}

/** Ends the sessions of one user but this one. Returns those that were alive. */
export async function revokeOtherSessions(database: Pick<Tx, 'query'>, userId: string, keptId: string): Promise<string[]> {
  const rows = await database.query<{ id: string }>({
    text: `update sessions set revoked_at = now(), successor_sealed = null
           where user_id = $1 and id <> $2 and revoked_at is null and expires_at > now() returning id`,
    values: [userId, keptId],
  });
  return rows.map((row) => row.id);
}

/** Ends the sessions of one user in the transaction's account. Returns those that were alive. */
export async function revokeSessionsOfMember(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>({
    name: 'auth_revoke_of_member',
    text: `update sessions set revoked_at = now(), successor_sealed = null
           where user_id = $1 and account_id = $2 and revoked_at is null and expires_at > now() returning id`,
    values: [userId, tx.accountId],
  });
  return rows.map((row) => row.id);
}

export interface SessionRow {
  id: string;
  device: string;
  created_at: Date;
  last_used_at: Date;
  expires_at: Date;
}

/** A page of a user's sessions, the newest first: ids grow with time. */
export function listLiveSessions(database: Database, userId: string, before: string | null, limit: number): Promise<SessionRow[]> {
  return database.query<SessionRow>({
    name: 'auth_sessions',
    text: `select id, device, created_at, last_used_at, expires_at from sessions
           where user_id = $1 and revoked_at is null and expires_at > now() and ($2::uuid is null or id < $2) order by id desc limit $3`,
    values: [userId, before, limit],
  });
}

/** Forgets sessions that ended or ran out a month ago: long after anybody could show a token of theirs. */
export async function deleteOldSessions(database: Database): Promise<void> {
  await database.query({ text: "delete from sessions where least(expires_at, revoked_at) < now() - interval '30 days'" });
}

export interface KeyRow extends AccountStateRow {
  account_id: string;
  id: string;
  secret_hash: Buffer;
  signing_secret_sealed: Buffer;
  permissions: Permission[];
  expires_at: Date | null;
  revoked_at: Date | null;
  previous_secret_hash: Buffer | null;
  previous_expires_at: Date | null;
  per_hour: number | null;
  per_minute: number | null;
  /** Made by a superadmin who still is one, for the installation. */
  is_superadmin: boolean;
}

export async function findKey(database: Database, prefix: string): Promise<KeyRow | undefined> {
  const [row] = await database.query<KeyRow>({
    name: 'auth_key',
    text: `select account_id, id, secret_hash, signing_secret_sealed, permissions, expires_at, revoked_at, previous_secret_hash, previous_expires_at,
             per_hour, per_minute, is_superadmin, account_status, trial_ends_at, tier, modules from find_api_key($1)`,
    values: [prefix],
  });
  return row;
}

/** Notes the use of a key, at most once a minute. */
export async function touchKey(tx: Tx, id: string): Promise<void> {
  await tx.query({
    name: 'auth_touch_key',
    text: `update api_keys set last_used_at = now() where account_id = $1 and id = $2 and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
    values: [tx.accountId, id],
  });
}
