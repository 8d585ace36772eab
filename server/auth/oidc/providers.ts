import { createRemoteJWKSet, customFetch as keysFetch, type JWTVerifyGetKey } from 'jose';
import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  customFetch,
  discovery,
  type DiscoveryRequestOptions,
} from 'openid-client';
import type { Provider } from '../../../contract/oidc.ts';
import type { Config } from '../../config.ts';
import { type AllowedPlace, parseAllowedPlace } from '../../egress/allowed.ts';
import { createEgress, type Egress } from '../../egress/fetch.ts';
import type { ProviderSettings } from './settings.ts';

/** A provider that answered: what it says of itself, and its keys. */
export interface Connection {
  configuration: Configuration;
  keys: JWTVerifyGetKey;
  issuer: string;
}

export interface Providers {
  find(id: string): ProviderSettings | undefined;
  /** Asks the provider to describe itself, at most once an hour; throws while it cannot be reached. */
  connect(settings: ProviderSettings): Promise<Connection>;
}

const timeoutSeconds = 10;
const describedForMs = 3_600_000;
/** A provider that is down is not asked again at once, however many people press the button. */
const downForMs = 5_000;
/** Unknown keys make us look for new ones; only answers of the provider itself can name a key. */
const keysCooldownMs = 1_000;

/** What the sign-in page shows as buttons. */
export function listProviders(config: Pick<Config, 'oidc'>): Provider[] {
  return config.oidc.map(({ id, name }) => ({ id, name }));
}

export function createProviders(config: Pick<Config, 'oidc' | 'egressAllow'>, fetchOutside: Egress = egressOf(config)): Providers {
  const known = new Map<string, { connection: Promise<Connection>; until: number }>();
  return {
    find: (id) => config.oidc.find((one) => one.id === id),
    connect(settings) {
      const now = Date.now();
      const before = known.get(settings.id);
      if (before && now < before.until) return before.connection;
      // The description that was good an hour ago is better than none.
      const connection = connect(settings, fetchOutside).catch((error: unknown) => {
        known.set(settings.id, { connection: before?.connection ?? connection, until: Date.now() + downForMs });
        if (before) return before.connection;
        throw new ProviderError('cannot be reached', { cause: error });
      });
      known.set(settings.id, { connection, until: now + describedForMs });
      return connection;
    },
  };
}

async function connect(settings: ProviderSettings, fetchOutside: Egress): Promise<Connection> {
  const isHttp = settings.issuer.startsWith('http:');
  const options: DiscoveryRequestOptions = {
    timeout: timeoutSeconds,
    execute: isHttp ? [allowInsecureRequests] : [],
    [customFetch]: (url, { body, method, headers, redirect, signal }) =>
      fetchOutside(url, { body: body ?? null, method, headers, redirect, ...(signal ? { signal } : {}) }),
  };
  const configuration = await discovery(new URL(settings.issuer), settings.clientId, settings.clientSecret, authOf(settings), options);
  const described = configuration.serverMetadata();
  // Compared by ourselves: for Microsoft the library takes a description of another issuer, even one of any tenant.
  if (new URL(described.issuer).href !== new URL(settings.issuer).href) throw new ProviderError('describes another issuer');
  for (const url of [described.authorization_endpoint, described.token_endpoint, described.jwks_uri]) {
    if (url === undefined || !URL.canParse(url)) throw new ProviderError('does not say where its endpoints are');
    const { protocol } = new URL(url);
    if (protocol !== 'https:' && !(isHttp && protocol === 'http:')) throw new ProviderError('has an endpoint without https');
  }
  const keys = createRemoteJWKSet(new URL(described.jwks_uri ?? ''), {
    timeoutDuration: timeoutSeconds * 1000,
    cooldownDuration: keysCooldownMs,
    [keysFetch]: (url, { headers, method, redirect, signal }) => fetchOutside(url, { headers, method, redirect, signal }),
  });
  return { configuration, keys, issuer: described.issuer };
}

/** The operator named the issuer, wherever it is; where its endpoints are is what the issuer says. */
const egressOf = (config: Pick<Config, 'oidc' | 'egressAllow'>) =>
  createEgress({ allow: [...config.egressAllow, ...config.oidc.flatMap(placeOf)] });

function placeOf({ issuer }: ProviderSettings): AllowedPlace[] {
  const { hostname, port, protocol } = new URL(issuer);
  const place = parseAllowedPlace(`${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`);
  return place ? [place] : [];
}

/** A provider whose description cannot be used. */
export class ProviderError extends Error {}

/** In the body where the provider says that it takes it: encodings of the header differ between providers. */
function authOf({ clientAuth, clientSecret }: ProviderSettings): ClientAuth {
  const basic = ClientSecretBasic(clientSecret);
  const post = ClientSecretPost(clientSecret);
  return (provider, client, body, headers) => {
    const takesPost = provider.token_endpoint_auth_methods_supported?.includes('client_secret_post') === true;
    const isPost = clientAuth === undefined ? takesPost : clientAuth === 'client_secret_post';
    return (isPost ? post : basic)(provider, client, body, headers);
  };
}
