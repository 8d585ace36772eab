import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';

export interface RealProvider {
  url: string;
  client: { id: string; secret: string };
  /** Who sits in front of the browser, and consents to everything. */
  person: { id: string; email: string; email_verified: boolean };
  close(): Promise<void>;
}

/** A certified OpenID provider on loopback, with one client and one person. */
export async function startOidcProvider(
  redirectUri: string,
  options: { auth?: 'client_secret_basic' | 'client_secret_post' } = {},
): Promise<RealProvider> {
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { id: 'guichet', secret: 'a-secret-with-+/%:=-signs' };
  const person = { id: 'person', email: '', email_verified: true };
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: options.auth ?? 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => Promise.resolve({ sub: id, email: person.email, email_verified: person.email_verified }),
    }),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
    cookies: { keys: ['a key of the stand-in'] },
  };
  const provider = new Provider(url, configuration);
  const speak = provider.callback();
  answer = (request, response) => {
    if (request.url?.startsWith('/interaction/')) void agree(provider, person.id, request, response);
    else void speak(request, response);
  };
  return {
    url,
    client,
    person,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Signs the person in and grants what the client asks for: the two things that the provider stops for. */
async function agree(provider: Provider, accountId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId } });
  const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}
