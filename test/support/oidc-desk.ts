import { createMember } from '../../server/accounts/actions.ts';
import { newId } from '../../server/db/id.ts';
import { type Grant, type Issuer, startIssuer } from '../stand-ins/issuer.ts';
import { type TestApp, testApp, testPassword } from './app.ts';
import { cookieJar, type Jar } from './browser-jar.ts';

export const tenant = '5d0c1e2f-9a7b-4c3d-8e6f-1a2b3c4d5e6f';

/** A desk with three providers, each a stand-in of its own. */
export interface OidcDesk {
  desk: TestApp;
  issuers: Record<'google' | 'microsoft' | 'oidc', Issuer>;
  jar(): Jar;
  /** From the button to the provider. */
  start(jar: Jar, provider: string, next?: string): ReturnType<Jar['visit']>;
  /** From the button to where the browser ends up. */
  signIn(provider: string, grant: Grant, jar?: Jar, next?: string): Promise<{ location: string; jar: Jar }>;
  /** Where the browser is sent when the sign-in comes to nothing. */
  problem(code: string, provider: string): string;
  makeMember(isVerified: boolean): Promise<{ userId: string; email: string; subject: string }>;
  /** Who a browser is by now. */
  whoIs(jar: Jar): Promise<string | undefined>;
  close(): Promise<void>;
}

export async function oidcDesk(env: Record<string, string> = {}): Promise<OidcDesk> {
  const [google, microsoft, oidc] = await Promise.all([startIssuer('at-google'), startIssuer('at-microsoft'), startIssuer('at-other')]);
  const issuers: Record<string, Issuer> = { google, microsoft, oidc };
  const desk = await testApp({
    GUICHET_PUBLIC_URL: 'https://desk.example',
    ...variablesOf('GOOGLE', google),
    ...variablesOf('MICROSOFT', microsoft),
    GUICHET_MICROSOFT_TENANT: tenant,
    ...variablesOf('OIDC', oidc),
    GUICHET_OIDC_NAME: 'Keycloak',
    ...env,
  });
  const jar = () => cookieJar(desk);
  const start: OidcDesk['start'] = (browser, provider, next) =>
    browser.visit(`/api/v1/auth/oidc/${provider}/start${next === undefined ? '' : `?next=${encodeURIComponent(next)}`}`);
  return {
    desk,
    issuers: { google, microsoft, oidc },
    jar,
    start,
    async signIn(provider, grant, browser = jar(), next) {
      const { location } = await start(browser, provider, next);
      const back = await browser.visit(issuers[provider]?.authorize(location, grant) ?? '');
      if (back.status !== 302) throw new Error(`the callback answered ${back.status}: ${back.text}`);
      return { location: back.location, jar: browser };
    },
    problem: (code, provider) => `/sign-in?problem=${code}&provider=${provider}`,
    async makeMember(isVerified) {
      const subject = newId();
      const email = `${subject}@one.test`;
      const userId = await createMember(desk.db.database, desk.one.id, { email, password: testPassword, name: email, role: 'agent' });
      if (isVerified) await desk.db.sql('update users set email_verified_at = now() where id = $1', [userId]);
      return { userId, email, subject };
    },
    whoIs: async (browser) => (await browser.send('POST', '/auth/refresh', { body: {} })).json.user?.id,
    async close() {
      await desk.close();
      await Promise.all(Object.values(issuers).map((one) => one.close()));
    },
  };
}

function variablesOf(provider: string, { url, clientId, clientSecret }: Issuer): Record<string, string> {
  return {
    [`GUICHET_${provider}_ISSUER`]: url,
    [`GUICHET_${provider}_CLIENT_ID`]: clientId,
    [`GUICHET_${provider}_CLIENT_SECRET`]: clientSecret,
  };
}
