import type { FastifyRequest } from 'fastify';
import type { Identity, OidcProblem } from '../../../contract/oidc.ts';
import type { Actor } from '../../audit/actor.ts';
import { recordAudit } from '../../audit/record.ts';
import type { Context } from '../../context.ts';
import { newId } from '../../db/id.ts';
import type { Database } from '../../db/pool.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import { limitedAddress } from '../../limits/address.ts';
import type { Opened } from '../answer.ts';
import type { MemberPrincipal } from '../principal.ts';
import { findUser, findUserByEmail, type UserRow } from '../queries.ts';
import { findFirstMembership, finishSignIn } from '../sign-in.ts';
import type { ProvenIdentity } from './claims.ts';
import type { Flow } from './cookie.ts';
import { finishFlow } from './flow.ts';
import { countOtherWays, deleteIdentity, findInvitationFor, insertIdentity, listIdentityRows, touchIdentity } from './queries.ts';
import type { ProviderSettings } from './settings.ts';

/** What a sign-in at a provider came to. */
export type Landing =
  | { outcome: 'signed_in'; opened: Opened }
  | { outcome: 'linked' }
  | { outcome: 'invited'; token: string }
  | { outcome: 'refused'; problem: OidcProblem };

const refused = (problem: OidcProblem): Landing => ({ outcome: 'refused', problem });

/** Where somebody comes from, and who they are for the audit log once that is known. */
export interface Visit {
  device: string;
  ip: string;
  actorOf(userId: string): Actor;
}

export const visitOf = ({ actors }: Pick<Context, 'actors'>, request: FastifyRequest): Visit => ({
  device: request.headers['user-agent'] ?? '',
  ip: request.ip,
  actorOf: (userId) => actors.person(userId, request),
});

/** From what the browser brings back to what becomes of it. */
export async function finishSignInAt(
  context: Context,
  settings: ProviderSettings,
  flow: Flow | undefined,
  query: string,
  visit: Visit,
): Promise<Landing> {
  if (flow?.provider !== settings.id) return refused('oidc_expired');
  await context.limits.take('provider', limitedAddress(visit.ip));
  const exchange = await finishFlow(context, settings, flow, query);
  if (exchange.outcome === 'refused') return exchange;
  return flow.link ? linkIdentity(context, flow.link, exchange.identity, visit) : signInWith(context, exchange.identity, visit);
}

/** Lets somebody in whom a provider has identified. Strangers get nothing: no user, no session. */
async function signInWith(context: Context, identity: ProvenIdentity, visit: Visit): Promise<Landing> {
  const known = await touchIdentity(context.database, identity);
  const user = known && (await findUser(context.database, known.user_id));
  if (user) return letIn(context, user, visit);
  if (identity.email === null || !identity.isEmailVerified) return refused('oidc_email_unverified');
  const owner = await findUserByEmail(context.database, identity.email);
  const membership = owner && (await findFirstMembership(context, owner.id));
  if (!owner || !membership) return findInvitation(context, identity.email);
  // Whoever made this user may never have held the address: only its owner can say, by signing in here.
  if (!owner.email_verified_at) return refused('oidc_link_first');
  return (await claimIdentity(context, membership.account_id, owner.id, identity, visit))
    ? letIn(context, owner, visit)
    : refused('oidc_taken');
}

/** Who is invited is shown their invitation, to accept it or not: the provider vouches for the address that it was sent to. */
async function findInvitation({ database, oneTimeTokens }: Context, email: string): Promise<Landing> {
  const tokenId = await findInvitationFor(database, email);
  return tokenId === undefined ? refused('oidc_no_account') : { outcome: 'invited', token: oneTimeTokens.tokenOf('invitation', tokenId) };
}

async function letIn(context: Context, user: UserRow, { device, ip, actorOf }: Visit): Promise<Landing> {
  if (!(await findFirstMembership(context, user.id))) return refused('oidc_no_account');
  return { outcome: 'signed_in', opened: await finishSignIn(context, user, { method: 'oidc', device, ip, actorOf }) };
}

/** Adds an identity to the person who asked for it, while the session in which they asked lives. */
async function linkIdentity(context: Context, link: NonNullable<Flow['link']>, identity: ProvenIdentity, visit: Visit): Promise<Landing> {
  const session = await context.auth.findSession(link.sessionId);
  if (session?.user_id !== link.userId) return refused('oidc_expired');
  return (await claimIdentity(context, session.account_id, link.userId, identity, visit)) ? { outcome: 'linked' } : refused('oidc_taken');
}

/** Gives somebody an identity; true too when it is theirs already, false when it is somebody else's. */
async function claimIdentity(
  context: Context,
  accountId: string,
  userId: string,
  identity: ProvenIdentity,
  visit: Visit,
): Promise<boolean> {
  if (await addIdentity(context, accountId, userId, identity, visit)) return true;
  return (await touchIdentity(context.database, identity))?.user_id === userId;
}

/** False when the identity is somebody's already. */
function addIdentity(
  { database }: Pick<Context, 'database'>,
  accountId: string,
  userId: string,
  identity: ProvenIdentity,
  visit: Visit,
): Promise<boolean> {
  return database.withAccount(accountId, async (tx) => {
    const id = newId();
    if (!(await insertIdentity(tx, id, userId, identity))) return false;
    await recordAudit(tx, visit.actorOf(userId), {
      action: 'identity.linked',
      subject: { type: 'identity', id },
      details: { provider: identity.provider },
    });
    return true;
  });
}

/** Takes an identity from its owner, unless it is their last way in. */
export async function unlinkIdentity(context: Context, member: MemberPrincipal, id: string, actor: Actor): Promise<void> {
  await context.database.withAccount(member.accountId, async (tx) => {
    const ways = await countOtherWays(tx, member.userId, id);
    const row = await deleteIdentity(tx, member.userId, id);
    if (!row) throw notFound('identity');
    if (ways === 0) throw new ApiError('conflict', 'This is the only way in. Set a password or add a passkey first.');
    await recordAudit(tx, actor, { action: 'identity.unlinked', subject: { type: 'identity', id }, details: { provider: row.provider } });
  });
}

/** A person's identities at providers, the oldest first. */
export async function listIdentities(database: Database, providers: ProviderSettings[], userId: string): Promise<Identity[]> {
  const rows = await listIdentityRows(database, userId);
  return rows.map((row) => ({
    id: row.id,
    provider: row.provider,
    // One that the operator has taken out since goes by its issuer.
    name: providers.find((one) => one.issuer === row.issuer)?.name ?? row.issuer,
    email: row.email,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
  }));
}
