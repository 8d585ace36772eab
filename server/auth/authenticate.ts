import { createHash, timingSafeEqual } from 'node:crypto';
import { readOnlyReasonOf } from '../../contract/account-state.ts';
import { type Permission, permissionsOfMember } from '../../contract/permissions.ts';
import type { Database } from '../db/pool.ts';
import type { Logger } from '../log.ts';
import type { AccessTokens, Claims } from './access-token.ts';
import type { KeyPrincipal, MemberPrincipal, Principal } from './principal.ts';
import {
  type AccountStateRow,
  findKey,
  findLiveSession,
  findLiveSessions,
  type HeldRoleRow,
  type KeyRow,
  type LiveSessionRow,
  touchKey,
} from './queries.ts';

/** Who is behind a credential. Routes and sockets ask the same one. */
export interface Authenticator {
  /** From an Authorization header; undefined for none, a wrong, an expired or a revoked one. */
  authenticate(authorization: string | undefined): Promise<Principal | undefined>;
  /** From an access token alone: what a socket shows. */
  authenticateToken(token: string): Promise<(MemberPrincipal & { expiresAt: Date }) | undefined>;
  /** The session itself while it lives: its member, account and role. */
  findSession(id: string): Promise<LiveSessionRow | undefined>;
  /** Those of these sessions that live, asked anew: what open sockets are checked against. */
  findLiveSessions(ids: string[]): Promise<Map<string, LiveSessionRow>>;
  /** Forgets what is known of a session that was just ended here; other processes find out within a second. */
  forgetSession(sessionId: string): void;
  forgetKey(prefix: string): void;
}

/** Answers of the database are believed for this long: a revocation acts within a second everywhere. */
const freshMs = 500;
const entriesMax = 10_000;
const touchEveryMs = 60_000;
const keyPattern = /^gk_([0-9a-f]{16})_([0-9A-Za-z_-]{43})$/;

export function createAuthenticator(database: Database, tokens: AccessTokens, log: Logger): Authenticator {
  const sessions = createShortMemory((id) => findLiveSession(database, id));
  const keys = createShortMemory((prefix) => findKey(database, prefix));
  const touchedAt = new Map<string, number>();

  async function findMember(token: string) {
    const claims = tokens.verify(token);
    const session = claims && (await sessions.get(claims.sid));
    if (!claims || !session || session.user_id !== claims.sub || session.account_id !== claims.accountId) return undefined;
    return toMember(claims, session);
  }

  async function findKeyHolder(prefix: string, secret: string): Promise<KeyPrincipal | undefined> {
    const key = await keys.get(prefix);
    if (!key || key.revoked_at || (key.expires_at && key.expires_at.getTime() <= Date.now())) return undefined;
    if (!isSecretOf(key, createHash('sha256').update(secret).digest())) return undefined;
    touch(key);
    return toKeyHolder(key);
  }

  /** The last use is for people to look at: written beside the request, and seldom. */
  function touch(key: KeyRow): void {
    const now = Date.now();
    if (now - (touchedAt.get(key.id) ?? 0) < touchEveryMs) return;
    if (touchedAt.size >= entriesMax) touchedAt.clear();
    touchedAt.set(key.id, now);
    database
      .withAccount(key.account_id, (tx) => touchKey(tx, key.id))
      .catch((error: unknown) => log.warn({ err: error }, 'the use of an API key was not noted'));
  }

  return {
    async authenticate(authorization) {
      const credential = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization ?? '')?.[1];
      if (credential === undefined) return undefined;
      const key = keyPattern.exec(credential);
      return key?.[1] && key[2] ? findKeyHolder(key[1], key[2]) : findMember(credential);
    },
    authenticateToken: findMember,
    findSession: sessions.get,
    findLiveSessions: (ids) => findLiveSessions(database, ids),
    forgetSession: sessions.forget,
    forgetKey: keys.forget,
  };
}

/** The secret of now, or the one before the last rotation while both count. */
function isSecretOf(key: KeyRow, hash: Buffer): boolean {
  if (timingSafeEqual(key.secret_hash, hash)) return true;
  const { previous_secret_hash: previous, previous_expires_at: until } = key;
  return previous !== null && until !== null && until.getTime() > Date.now() && timingSafeEqual(previous, hash);
}

/** What the account allows at this moment. */
export const accountStateOf = (row: AccountStateRow) => ({
  readOnlyReason: readOnlyReasonOf(row.account_status, row.trial_ends_at) ?? null,
  tier: row.tier,
  modules: new Set(row.modules),
});

/** What somebody may do, by their role as it is now. */
export function permissionsHeld(row: HeldRoleRow): Set<Permission> {
  return new Set(permissionsOfMember({ role: row.role, rolePermissions: row.role_permissions, isSuperadmin: row.is_superadmin }));
}

function toMember(claims: Claims, session: LiveSessionRow): MemberPrincipal & { expiresAt: Date } {
  return {
    type: 'member',
    accountId: session.account_id,
    id: session.user_id,
    userId: session.user_id,
    keyId: null,
    // The role is read, not believed: a change of it acts on tokens that are out already.
    role: session.role,
    roleId: session.role_id,
    roleName: session.role_name,
    isSuperadmin: session.is_superadmin,
    permissions: permissionsHeld(session),
    sessionId: claims.sid,
    confirmedAt: session.confirmed_at,
    ...accountStateOf(session),
    expiresAt: new Date(claims.exp * 1000),
  };
}

function toKeyHolder(key: KeyRow): KeyPrincipal {
  return {
    type: 'api_key',
    accountId: key.account_id,
    id: key.id,
    userId: null,
    keyId: key.id,
    role: null,
    isSuperadmin: key.is_superadmin,
    permissions: new Set<Permission>(
      key.is_superadmin ? key.permissions : key.permissions.filter((name) => name !== 'installation.manage'),
    ),
    sessionId: null,
    limits: { perHour: key.per_hour, perMinute: key.per_minute },
    ...accountStateOf(key),
  };
}

/** Look-ups of the last moment; those that run at once for one key share one question. */
function createShortMemory<Row>(load: (key: string) => Promise<Row | undefined>) {
  const known = new Map<string, { at: number; row: Promise<Row | undefined> }>();
  return {
    get(key: string): Promise<Row | undefined> {
      const now = Date.now();
      const entry = known.get(key);
      if (entry && now - entry.at < freshMs) return entry.row;
      if (known.size >= entriesMax) known.clear();
      const row = load(key);
      known.set(key, { at: now, row });
      row.catch(() => known.delete(key));
      return row;
    },
    forget(key: string): void {
      known.delete(key);
    },
  };
}
