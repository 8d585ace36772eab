import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../../test/support/app.ts';
import { cookieJar, type Jar } from '../../../test/support/browser-jar.ts';
import { type RealProvider, startOidcProvider } from '../../../test/stand-ins/oidc-provider.ts';

const publicUrl = 'http://localhost:4999';
const callback = `${publicUrl}/api/v1/auth/oidc/oidc/callback`;
let provider: RealProvider;
let desk: TestApp;

beforeAll(async () => {
  provider = await startOidcProvider(callback);
  desk = await testApp({
    GUICHET_PUBLIC_URL: publicUrl,
    GUICHET_OIDC_ISSUER: provider.url,
    GUICHET_OIDC_CLIENT_ID: provider.client.id,
    GUICHET_OIDC_CLIENT_SECRET: provider.client.secret,
  });
  await desk.db.sql('update users set email_verified_at = now() where id = $1', [desk.one.agent.userId]);
  provider.person.email = desk.one.agent.email;
});
afterAll(async () => {
  await desk.close();
  await provider.close();
});

/** Lets the provider send the browser around until it is back at the desk; returns the address of the callback. */
async function authorize(from: string): Promise<string> {
  const cookies = new Map<string, string>();
  let address = from;
  for (let hops = 0; hops < 12 && !address.startsWith(publicUrl); hops += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(address, { redirect: 'manual', headers: { cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const next = answer.headers.get('location');
    if (next === null) throw new Error(`the provider stopped with ${answer.status}: ${await answer.text()}`);
    address = new URL(next, address).href;
  }
  return address;
}

async function signIn(jar: Jar = cookieJar(desk)): Promise<{ jar: Jar; back: string; location: string }> {
  const { location } = await jar.visit('/api/v1/auth/oidc/oidc/start?next=/inbox');
  const back = await authorize(location);
  return { jar, back, ...(await jar.visit(back)) };
}

it('a certified provider signs somebody in, from the button to a session that lasts', async () => {
  const { jar, back, location } = await signIn();
  expect(back.startsWith(`${callback}?code=`)).toBe(true);
  expect(location).toBe('/inbox');
  for (const _time of [1, 2]) {
    const { json } = await jar.send('POST', '/auth/refresh', { body: {} });
    expect(json.user.id).toBe(desk.one.agent.userId);
    expect((await desk.api('GET', '/auth/me', { token: json.accessToken })).json.email).toBe(desk.one.agent.email);
  }
});

it('a callback that is played again, here or at the provider, opens nothing', async () => {
  const first = cookieJar(desk);
  const { location } = await first.visit('/api/v1/auth/oidc/oidc/start');
  const back = await authorize(location);
  const copy = cookieJar(desk);
  for (const [name, value] of first.cookies) copy.cookies.set(name, value);
  expect((await first.visit(back)).location).toBe('/');
  const count = async () => (await desk.db.sql('select 1 from sessions')).length;
  const before = await count();
  expect((await copy.visit(back)).location).toBe('/sign-in?problem=oidc_expired&provider=oidc');
  // A start of one's own, with a code that was used: the provider refuses it.
  const mine = cookieJar(desk);
  const own = await mine.visit('/api/v1/auth/oidc/oidc/start');
  const bent = new URL(back);
  bent.searchParams.set('state', new URL(own.location).searchParams.get('state') ?? '');
  expect((await mine.visit(bent.href)).location).toBe('/sign-in?problem=oidc_expired&provider=oidc');
  expect(await count()).toBe(before);
});

it('whose address the provider has not verified, or who is nobody here, stays outside', async () => {
  const { person } = provider;
  const users = await desk.db.sql('select 1 from users');
  Object.assign(person, { id: 'unverified', email: desk.one.agent.email, email_verified: false });
  expect((await signIn()).location).toBe('/sign-in?problem=oidc_email_unverified&provider=oidc');
  Object.assign(person, { id: 'stranger', email: 'stranger@elsewhere.test', email_verified: true });
  const stranger = await signIn();
  expect(stranger.location).toBe('/sign-in?problem=oidc_no_account&provider=oidc');
  expect((await stranger.jar.send('POST', '/auth/refresh', { body: {} })).status).toBe(401);
  expect(await desk.db.sql('select 1 from users')).toHaveLength(users.length);
});

it('somebody links their identity inside a session and takes it out again', async () => {
  Object.assign(provider.person, { id: 'linked', email: 'private@elsewhere.test', email_verified: true });
  const { userId, token } = desk.one.admin;
  const jar = cookieJar(desk);
  const { url } = (await jar.send('POST', '/me/identities/oidc', { token })).json;
  expect((await jar.visit(await authorize(url))).location).toBe('/settings/security?linked=oidc');
  const again = await signIn();
  expect((await again.jar.send('POST', '/auth/refresh', { body: {} })).json.user.id).toBe(userId);
  const { items } = (await desk.api('GET', '/me/identities', { token })).json;
  expect((await desk.api('DELETE', `/me/identities/${items[0].id}`, { token })).status).toBe(204);
  expect((await signIn()).location).toBe('/sign-in?problem=oidc_no_account&provider=oidc');
});

it('a client that the provider knows by its header is signed in when the operator says so', async () => {
  const strict = await startOidcProvider(callback, { auth: 'client_secret_basic' });
  const other = await testApp({
    GUICHET_PUBLIC_URL: publicUrl,
    GUICHET_OIDC_ISSUER: strict.url,
    GUICHET_OIDC_CLIENT_ID: strict.client.id,
    GUICHET_OIDC_CLIENT_SECRET: strict.client.secret,
    GUICHET_OIDC_CLIENT_AUTH: 'client_secret_basic',
  });
  await other.db.sql('update users set email_verified_at = now()');
  strict.person.email = other.two.viewer.email;
  const jar = cookieJar(other);
  const { location } = await jar.visit('/api/v1/auth/oidc/oidc/start');
  expect((await jar.visit(await authorize(location))).location).toBe('/');
  await other.close();
  await strict.close();
});
