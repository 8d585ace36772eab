import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OidcDesk, oidcDesk } from '../../../test/support/oidc-desk.ts';
import type { Claims } from '../../../test/stand-ins/issuer.ts';
import { readConfig } from '../../config.ts';
import { newId } from '../../db/id.ts';
import { createLog } from '../../log.ts';
import { createProviders, ProviderError } from './providers.ts';

let at: OidcDesk;
let described: Record<string, unknown>;
beforeAll(async () => {
  at = await oidcDesk();
  described = { ...at.issuers.oidc.description };
});
afterAll(() => at.close());
/** As after a start: nothing is known of any provider, and all is well with them. */
beforeEach(() => {
  at.desk.context.oidc = createProviders(at.desk.context.config);
  for (const issuer of Object.values(at.issuers)) {
    issuer.faults.clear();
    issuer.calls.clear();
  }
  at.issuers.oidc.description = { ...described };
});

const discovery = '/.well-known/openid-configuration';
const unavailable = () => at.problem('oidc_unavailable', 'oidc');
async function begin() {
  const jar = at.jar();
  const { email, subject } = await at.makeMember(true);
  const { location } = await at.start(jar, 'oidc');
  return { jar, back: at.issuers.oidc.authorize(location, { claims: { sub: subject, email, email_verified: true } }) };
}
const person = async () => {
  const { email, subject } = await at.makeMember(true);
  return { claims: { sub: subject, email, email_verified: true } };
};

describe('a provider', () => {
  it('is asked to describe itself once, and for its keys once', async () => {
    await Promise.all([person(), person(), person()].map(async (one) => at.signIn('oidc', await one)));
    await at.signIn('oidc', await person());
    expect(at.issuers.oidc.calls.get(discovery)).toBe(1);
    expect(at.issuers.oidc.calls.get('/keys')).toBe(1);
  });

  it('that changes its key is asked for the new one', async () => {
    await at.signIn('oidc', await person());
    await at.issuers.oidc.rotateKey();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await at.signIn('oidc', await person())).location).toBe('/');
    expect(at.issuers.oidc.calls.get('/keys')).toBe(2);
  });

  it.each([500, 404, 302])('that answers %i is unavailable, and is not asked again at once', async (status) => {
    at.issuers.oidc.faults.set(discovery, status);
    const jar = at.jar();
    for (const _time of [1, 2, 3]) expect((await at.start(jar, 'oidc')).location).toBe(unavailable());
    expect(at.issuers.oidc.calls.get(discovery)).toBe(1);
    const link = await at.desk.api('POST', '/me/identities/oidc', { token: at.desk.one.admin.token });
    expect(link.json).toMatchObject({ status: 503, code: 'unavailable' });
    expect(jar.cookies.size).toBe(0);
  });

  it.each([
    ['/token', 500],
    ['/token', 404],
    ['/keys', 500],
    ['/keys', 404],
  ])('whose %s answers %i is unavailable', async (path, status) => {
    const { jar, back } = await begin();
    at.issuers.oidc.faults.set(path, status);
    expect((await jar.visit(back)).location).toBe(unavailable());
  });

  it('that refuses our secret is unavailable', async () => {
    const { jar, back } = await begin();
    const { clientSecret } = at.issuers.oidc;
    at.issuers.oidc.clientSecret = 'changed over there';
    expect((await jar.visit(back)).location).toBe(unavailable());
    at.issuers.oidc.clientSecret = clientSecret;
  });

  it('that says nothing is waited for no longer than ten seconds', async () => {
    const { jar, back } = await begin();
    at.issuers.oidc.faults.set('/token', 'silence');
    at.issuers.google.faults.set(discovery, 'silence');
    const start = performance.now();
    const [token, described] = await Promise.all([jar.visit(back), at.start(at.jar(), 'google')]);
    expect(performance.now() - start).toBeLessThan(13_000);
    expect([token.location, described.location]).toEqual([unavailable(), at.problem('oidc_unavailable', 'google')]);
  }, 20_000);

  it.each<[string, Record<string, unknown>]>([
    ['another issuer', { issuer: 'https://accounts.example' }],
    ['an issuer for every tenant', { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0' }],
    ['no keys', { jwks_uri: undefined }],
    ['no token endpoint', { token_endpoint: undefined }],
    ['a sign-in page that is a script', { authorization_endpoint: 'javascript:alert(1)' }],
    ['keys in a file', { jwks_uri: 'file:///etc/passwd' }],
  ])('that describes %s is not used', async (_what, change) => {
    Object.assign(at.issuers.oidc.description, change);
    expect((await at.start(at.jar(), 'oidc')).location).toBe(unavailable());
  });
});

it('Microsoft’s own address is pinned to the tenant, whatever is described there', async () => {
  const tenant = '5d0c1e2f-9a7b-4c3d-8e6f-1a2b3c4d5e6f';
  const config = readConfig({
    GUICHET_SECRET_KEY: 'a master key that is long enough for tests',
    GUICHET_MICROSOFT_TENANT: tenant,
    GUICHET_MICROSOFT_CLIENT_ID: 'id',
    GUICHET_MICROSOFT_CLIENT_SECRET: 'secret',
  });
  const [microsoft] = config.oidc;
  if (!microsoft) throw new Error('Microsoft is not set up');
  const at = `https://login.microsoftonline.com/${tenant}`;
  /** What stands at login.microsoftonline.com, which no test may call. */
  const describing = (issuer: string) => async (url: string | URL) => {
    expect(String(url)).toBe(`${at}/v2.0/.well-known/openid-configuration`);
    return Response.json({ issuer, authorization_endpoint: `${at}/authorize`, token_endpoint: `${at}/token`, jwks_uri: `${at}/keys` });
  };
  for (const issuer of ['https://login.microsoftonline.com/{tenantid}/v2.0', `https://login.microsoftonline.com/${newId()}/v2.0`])
    await expect(createProviders(config, describing(issuer)).connect(microsoft)).rejects.toThrow(ProviderError);
  expect((await createProviders(config, describing(`${at}/v2.0`)).connect(microsoft)).issuer).toBe(`${at}/v2.0`);
});

it('nothing of a sign-in is written to the log but that it failed', async () => {
  const lines: string[] = [];
  at.desk.context.log = createLog('trace', { write: (line: string) => void lines.push(line) });
  const { jar, back } = await begin();
  at.issuers.oidc.faults.set('/token', 500);
  await jar.visit(back);
  let token = '';
  const { email, subject } = await at.makeMember(true);
  at.issuers.oidc.faults.clear();
  const sign = async (claims: Claims) => {
    token = await at.issuers.oidc.sign({ ...claims, aud: 'another' });
    return token;
  };
  await at.signIn('oidc', { claims: { sub: subject, email }, sign });
  expect(lines.map((line) => JSON.parse(line).code)).toEqual(['oidc_unavailable', 'oidc_refused']);
  const query = new URL(back).searchParams;
  for (const secret of [query.get('code') ?? '', query.get('state') ?? '', token, email, subject])
    expect(lines.join()).not.toContain(secret);
});

/** Last: they do not come back. */
it('a provider that is gone is unavailable', async () => {
  const { jar, back } = await begin();
  await at.issuers.oidc.close();
  await at.issuers.google.close();
  expect((await jar.visit(back)).location).toBe(unavailable());
  expect((await at.start(at.jar(), 'google')).location).toBe(at.problem('oidc_unavailable', 'google'));
});
