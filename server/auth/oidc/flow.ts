import { createHash } from 'node:crypto';
import { type JWTPayload, jwtVerify } from 'jose';
import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { OidcProblem } from '../../../contract/oidc.ts';
import type { Context } from '../../context.ts';
import { takeSlot } from '../../limits/sliding.ts';
import { type ProvenIdentity, readIdentity } from './claims.ts';
import { type Flow, flowSeconds } from './cookie.ts';
import { problemOf } from './problem.ts';
import type { Connection } from './providers.ts';
import type { ProviderSettings } from './settings.ts';

interface Refused {
  outcome: 'refused';
  problem: OidcProblem;
}
export type Start = { outcome: 'started'; url: string; flow: Flow } | Refused;
export type Exchange = { outcome: 'proven'; identity: ProvenIdentity } | Refused;

/** Keys of a provider are public: with these algorithms nobody can sign with what everybody can read. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

const refused = (problem: OidcProblem): Refused => ({ outcome: 'refused', problem });

/** Begins: where the browser goes, and what it has to bring back. */
export async function startFlow(
  context: Pick<Context, 'config' | 'log' | 'oidc'>,
  settings: ProviderSettings,
  { next, link }: Pick<Flow, 'next' | 'link'>,
): Promise<Start> {
  const flow: Flow = {
    provider: settings.id,
    state: randomState(),
    nonce: randomNonce(),
    verifier: randomPKCECodeVerifier(),
    next,
    link,
    expiresAt: Date.now() + flowSeconds * 1000,
  };
  try {
    const { configuration } = await context.oidc.connect(settings);
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: callbackUrl(context, settings),
      scope: 'openid email profile',
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      // Others may not know the value; these two would otherwise take whoever was there last.
      ...(settings.id === 'oidc' ? {} : { prompt: 'select_account' }),
      ...(settings.id === 'google' && settings.hostedDomain !== undefined ? { hd: settings.hostedDomain } : {}),
    });
    return { outcome: 'started', url: url.href, flow };
  } catch (error) {
    return giveUp(context, settings, error);
  }
}

/** Ends: from what the browser brings back to who somebody is. Each start is good for one try. */
export async function finishFlow(
  context: Pick<Context, 'config' | 'database' | 'log' | 'oidc'>,
  settings: ProviderSettings,
  flow: Flow,
  query: string,
): Promise<Exchange> {
  const name = `oidc ${createHash('sha256').update(flow.state).digest('base64url')}`;
  const slot = await takeSlot(context.database, name, 1, 2 * flowSeconds * 1000);
  if (!slot.isTaken) return refused('oidc_expired');
  try {
    const connection = await context.oidc.connect(settings);
    const identity = await exchange(connection, settings, flow, new URL(`${callbackUrl(context, settings)}${query}`));
    return identity ? { outcome: 'proven', identity } : refused('oidc_refused');
  } catch (error) {
    return giveUp(context, settings, error);
  }
}

function giveUp({ log }: Pick<Context, 'log'>, { id }: ProviderSettings, error: unknown): Refused {
  const problem = problemOf(error);
  log.warn({ err: error, kind: id, code: problem }, 'a sign-in at a provider came to nothing');
  return refused(problem);
}

/** The code for tokens, and the identity token for what it says, its signature included. */
async function exchange(
  { configuration, keys, issuer }: Connection,
  settings: ProviderSettings,
  flow: Flow,
  url: URL,
): Promise<ProvenIdentity | undefined> {
  const tokens = await authorizationCodeGrant(configuration, url, {
    pkceCodeVerifier: flow.verifier,
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    idTokenExpected: true,
  });
  const { payload } = await jwtVerify(tokens.id_token ?? '', keys, {
    issuer,
    audience: settings.clientId,
    algorithms,
    clockTolerance: 30,
    requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
  });
  return readIdentity(settings, { ...payload, ...(await askForEmail(configuration, settings, tokens.access_token, payload)) });
}

/** Some providers tell the address only to whoever asks for it. What they say of it comes from the same answer. */
async function askForEmail(
  configuration: Configuration,
  settings: ProviderSettings,
  accessToken: string,
  payload: JWTPayload,
): Promise<JWTPayload> {
  const isToldHere = settings.id !== 'oidc' || payload['email'] !== undefined;
  if (isToldHere || configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  const { email, email_verified } = await fetchUserInfo(configuration, accessToken, payload.sub ?? '');
  return { email, email_verified };
}

/** What has to be registered at the provider. */
function callbackUrl({ config }: Pick<Context, 'config'>, { id }: ProviderSettings): string {
  return `${config.publicUrl}/api/v1/auth/oidc/${id}/callback`;
}
