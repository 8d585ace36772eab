import type { Role } from '../../contract/auth.ts';
import type { Permission } from '../../contract/permissions.ts';

interface PrincipalBase {
  accountId: string;
  /** The user's or the key's id. */
  id: string;
  permissions: ReadonlySet<Permission>;
  /** The account takes no changes by people: suspended or cancelled. */
  isReadOnly: boolean;
}

export interface MemberPrincipal extends PrincipalBase {
  type: 'member';
  userId: string;
  keyId: null;
  role: Role;
  sessionId: string;
}

export interface KeyPrincipal extends PrincipalBase {
  type: 'api_key';
  userId: null;
  keyId: string;
  role: null;
  sessionId: null;
}

/** Who calls: a signed-in member of an account, or one of its API keys. */
export type Principal = MemberPrincipal | KeyPrincipal;
