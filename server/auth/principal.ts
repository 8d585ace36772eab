import type { ReadOnlyReason } from '../../contract/account-state.ts';
import type { Role, Tier } from '../../contract/auth.ts';
import type { Module } from '../../contract/modules.ts';
import type { Permission } from '../../contract/permissions.ts';

interface PrincipalBase {
  accountId: string;
  /** The user's or the key's id. */
  id: string;
  permissions: ReadonlySet<Permission>;
  /** Why the account takes no changes by people; null while it does. By the clock at the moment of asking. */
  readOnlyReason: ReadOnlyReason | null;
  /** What the account may use: limits go by the tier, API and navigation by the modules. */
  tier: Tier;
  modules: ReadonlySet<Module>;
  isSuperadmin: boolean;
}

export interface MemberPrincipal extends PrincipalBase {
  type: 'member';
  userId: string;
  keyId: null;
  role: Role;
  /** Only of a custom role. */
  roleId: string | null;
  roleName: string | null;
  sessionId: string;
  /** When the person last proved who they are. */
  confirmedAt: Date;
}

export interface KeyPrincipal extends PrincipalBase {
  type: 'api_key';
  userId: null;
  keyId: string;
  role: null;
  sessionId: null;
  /** The key's own limits, beside those of its account; null for none. */
  limits: { perHour: number | null; perMinute: number | null };
}

/** Who calls: a signed-in member of an account, or one of its API keys. */
export type Principal = MemberPrincipal | KeyPrincipal;
