import type { Database, Tx } from '../../db/pool.ts';
import type { ProvenIdentity } from './claims.ts';

export interface IdentityRow {
  id: string;
  user_id: string;
  provider: string;
  issuer: string;
  email: string | null;
  created_at: Date;
  last_used_at: Date | null;
}

const columns = 'id, user_id, provider, issuer, email, created_at, last_used_at';

/** Notes the use of an identity; undefined when nobody here has it. */
export async function touchIdentity(database: Database, { issuer, subject, email }: ProvenIdentity): Promise<IdentityRow | undefined> {
  const [row] = await database.query<IdentityRow>({
    name: 'oidc_touch_identity',
    text: `update external_identities set last_used_at = now(), email = coalesce($3, email) where issuer = $1 and subject = $2 returning ${columns}`,
    values: [issuer, subject, email],
  });
  return row;
}

/** Adds an identity to a user; false when somebody has it already. */
export async function insertIdentity(tx: Tx, id: string, userId: string, identity: ProvenIdentity): Promise<boolean> {
  const rows = await tx.query({
    text: `insert into external_identities (id, user_id, provider, issuer, subject, email, last_used_at) values ($1, $2, $3, $4, $5, $6, now())
           on conflict (issuer, subject) do nothing returning id`,
    values: [id, userId, identity.provider, identity.issuer, identity.subject, identity.email],
  });
  return rows.length === 1;
}

/** A person's identities, the oldest first. */
export function listIdentityRows(database: Database, userId: string): Promise<IdentityRow[]> {
  return database.query<IdentityRow>({
    text: `select ${columns} from external_identities where user_id = $1 order by id`,
    values: [userId],
  });
}

/** How many ways in a person has besides one identity or passkey; their row is locked, so that two removals do not leave none. */
export async function countOtherWays(tx: Tx, userId: string, leavingId: string): Promise<number> {
  await tx.query({ text: 'select 1 from users where id = $1 for update', values: [userId] });
  const [row] = await tx.query<{ ways: string }>({
    text: `select (select count(*) from users where id = $1 and password_hash is not null)
             + (select count(*) from passkeys where user_id = $1 and id <> $2)
             + (select count(*) from external_identities where user_id = $1 and id <> $2) as ways`,
    values: [userId, leavingId],
  });
  return Number(row?.ways ?? 0);
}

export async function deleteIdentity(tx: Tx, userId: string, id: string): Promise<IdentityRow | undefined> {
  const [row] = await tx.query<IdentityRow>({
    text: `delete from external_identities where user_id = $1 and id = $2 returning ${columns}`,
    values: [userId, id],
  });
  return row;
}

/** The token of the newest open invitation for an address, by its id. */
export async function findInvitationFor(database: Database, email: string): Promise<string | undefined> {
  const [row] = await database.query<{ token_id: string }>({ text: 'select token_id from find_invitation_for($1)', values: [email] });
  return row?.token_id;
}
