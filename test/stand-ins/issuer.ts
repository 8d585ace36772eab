import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Also those that no token should have. */
export type Claims = Record<string, unknown>;

/** What an issuer says about somebody, and how it goes wrong where a test wants it to. */
export interface Grant {
  claims: Claims;
  /** The token instead of the one that is made of the claims. */
  sign?: (claims: Claims) => Promise<string> | string;
  userinfo?: Record<string, unknown>;
}

/** A small OpenID provider on loopback: it speaks the protocol and says whatever a test tells it to say. */
export interface Issuer {
  url: string;
  clientId: string;
  clientSecret: string;
  /** Its description of itself, to be changed. */
  description: Record<string, unknown>;
  /** Calls to each path. */
  calls: Map<string, number>;
  /** The answer of a path instead of its own: a status, or 'silence'. */
  faults: Map<string, number | 'silence'>;
  /** Signs in somebody: from the address that we send a browser to, to the address that it sends the browser back to. */
  authorize(url: string, grant: Grant): string;
  sign(claims: Claims): Promise<string>;
  /** The public key that everybody can read, as the bytes of its JWK. */
  publicKey(): Promise<string>;
  rotateKey(): Promise<void>;
  close(): Promise<void>;
}

interface Code {
  grant: Grant;
  nonce: string;
  challenge: string;
  redirectUri: string;
}

export async function startIssuer(clientId = 'guichet'): Promise<Issuer> {
  const clientSecret = `secret of ${clientId} + more`;
  const codes = new Map<string, Code>();
  const tokens = new Map<string, Grant>();
  let key = await makeKey();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const issuer: Issuer = {
    url,
    clientId,
    clientSecret,
    description: {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
      userinfo_endpoint: `${url}/userinfo`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      authorization_response_iss_parameter_supported: true,
    },
    calls: new Map(),
    faults: new Map(),
    authorize(from, grant) {
      const { searchParams: asked } = new URL(from);
      if (asked.get('code_challenge_method') !== 'S256') throw new Error('the client does not use PKCE with S256');
      const code = randomUUID();
      const [nonce, challenge, redirectUri] = ['nonce', 'code_challenge', 'redirect_uri'].map((name) => asked.get(name) ?? '') as [
        string,
        string,
        string,
      ];
      codes.set(code, { grant, nonce, challenge, redirectUri });
      const back = new URL(redirectUri);
      back.search = new URLSearchParams({ code, state: asked.get('state') ?? '', iss: url }).toString();
      return back.href;
    },
    sign: (claims) => new SignJWT(claims as JWTPayload).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(key.privateKey),
    publicKey: async () => JSON.stringify(await exportJWK(key.publicKey)),
    async rotateKey() {
      key = await makeKey();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', url).pathname;
    issuer.calls.set(path, (issuer.calls.get(path) ?? 0) + 1);
    const fault = issuer.faults.get(path);
    if (fault === 'silence') return;
    const [status, body] = fault === undefined ? await answerTo(path, request) : [fault, { error: 'server_error' }];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async function answerTo(path: string, request: IncomingMessage): Promise<[number, unknown]> {
    switch (path) {
      case '/.well-known/openid-configuration':
        return [200, issuer.description];
      case '/keys':
        return [200, { keys: [{ ...(await exportJWK(key.publicKey)), kid: key.kid, alg: 'RS256', use: 'sig' }] }];
      case '/token':
        return exchange(await readForm(request));
      case '/userinfo': {
        const grant = tokens.get((request.headers.authorization ?? '').replace('Bearer ', ''));
        return grant ? [200, { sub: grant.claims['sub'], ...grant.userinfo }] : [401, { error: 'invalid_token' }];
      }
      default:
        return [404, {}];
    }
  }

  async function exchange(form: URLSearchParams): Promise<[number, unknown]> {
    if (form.get('client_id') !== clientId || form.get('client_secret') !== issuer.clientSecret) return [401, { error: 'invalid_client' }];
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code?.challenge !== challenge || code.redirectUri !== form.get('redirect_uri')) return [400, { error: 'invalid_grant' }];
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: url, aud: clientId, iat: now, exp: now + 300, nonce: code.nonce, ...code.grant.claims };
    const accessToken = randomUUID();
    tokens.set(accessToken, code.grant);
    const idToken = await (code.grant.sign ?? issuer.sign)(claims);
    return [200, { access_token: accessToken, token_type: 'Bearer', expires_in: 300, id_token: idToken }];
  }

  return issuer;
}

async function makeKey() {
  return { kid: randomUUID(), ...(await generateKeyPair('RS256', { extractable: true })) };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
