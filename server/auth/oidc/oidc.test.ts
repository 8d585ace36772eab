import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/support/app.ts';
import { cookieJar, type Jar } from '../../../test/support/browser-jar.ts';
import { type Grant, type Issuer, startIssuer } from '../../../test/stand-ins/issuer.ts';

let desk: TestApp;
let google: Issuer;
let microsoft: Issuer;
let other: Issuer;
const tenant = '5d0c1e2f-9a7b-4c3d-8e6f-1a2b3c4d5e6f';

beforeAll(async () => {
  [google, microsoft, other] = await Promise.all([startIssuer('at-google'), startIssuer('at-microsoft'), startIssuer('at-other')]);
  desk = await testApp({
    GUICHET_PUBLIC_URL: 'https://desk.example',
    GUICHET_GOOGLE_ISSUER: google.url,
    GUICHET_GOOGLE_CLIENT_ID: google.clientId,
    GUICHET_GOOGLE_CLIENT_SECRET: google.clientSecret,
    GUICHET_MICROSOFT_ISSUER: microsoft.url,
    GUICHET_MICROSOFT_TENANT: tenant,
    GUICHET_MICROSOFT_CLIENT_ID: microsoft.clientId,
    GUICHET_MICROSOFT_CLIENT_SECRET: microsoft.clientSecret,
    GUICHET_OIDC_ISSUER: other.url,
    GUICHET_OIDC_CLIENT_ID: other.clientId,
    GUICHET_OIDC_CLIENT_SECRET: other.clientSecret,
    GUICHET_OIDC_NAME: 'Keycloak',
  });
});
afterAll(async () => {
  await desk.close();
  await Promise.all([google, microsoft, other].map((one) => one.close()));
});

let count = 0;
const subject = () => {
  count += 1;
  return `subject-${count}`;
};
const verify = (userId: string) => desk.db.sql('update users set email_verified_at = now() where id = $1', [userId]);
const issuerOf = (provider: string) => (provider === 'google' ? google : provider === 'microsoft' ? microsoft : other);
const start = (jar: Jar, provider: string, next = '') => jar.visit(`/api/v1/auth/oidc/${provider}/start${next}`);

/** From the button to where the browser ends up. */
async function signIn(provider: string, grant: Grant, jar = cookieJar(desk), next = ''): Promise<{ location: string; jar: Jar }> {
  const { location } = await start(jar, provider, next);
  const back = await jar.visit(issuerOf(provider).authorize(location, grant));
  expect(back.status).toBe(302);
  return { location: back.location, jar };
}
const refresh = (jar: Jar) => jar.send('POST', '/auth/refresh', { body: {} });

describe('somebody who signs in at a provider', () => {
  it('comes back signed in, to where they wanted to go, when both sides verified their address', async () => {
    await verify(desk.one.agent.userId);
    const sub = subject();
    const { location, jar } = await signIn(
      'google',
      { claims: { sub, email: 'Agent@one.test', email_verified: true } },
      undefined,
      '?next=/inbox/mine%3Fq%3D1',
    );
    expect(location).toBe('/inbox/mine?q=1');
    expect([...jar.cookies.keys()]).toEqual(['__Host-guichet_refresh']);
    const opened = await refresh(jar);
    expect(opened.json).toMatchObject({ user: { id: desk.one.agent.userId, accountId: desk.one.id, role: 'agent' } });
    const again = await signIn('google', { claims: { sub, email: 'changed@elsewhere.test', email_verified: false } });
    expect((await refresh(again.jar)).json.user.id).toBe(desk.one.agent.userId);
  });
});
