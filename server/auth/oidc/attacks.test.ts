import { createHmac } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OidcDesk, oidcDesk, tenant } from '../../../test/support/oidc-desk.ts';
import type { Grant } from '../../../test/stand-ins/issuer.ts';
import { newId } from '../../db/id.ts';
import { limiters } from '../../limits/table.ts';

let at: OidcDesk;
/** Somebody whose identity is known: whatever is wrong below, it is not that. */
let victim: { userId: string; claims: Grant['claims'] };

beforeAll(async () => {
  at = await oidcDesk();
});
afterAll(() => at.close());
beforeEach(async () => {
  const { userId, email, subject } = await at.makeMember(true);
  victim = { userId, claims: { sub: subject, email, email_verified: true } };
});

const cookieName = '__Host-guichet_oidc';
const sessions = async () => (await at.desk.db.sql('select 1 from sessions where user_id = $1', [victim.userId])).length;
/** The way to the provider and the way back, both to be bent. */
async function begin(provider: 'google' | 'microsoft' | 'oidc' = 'oidc', grant: Grant = { claims: victim.claims }) {
  const jar = at.jar();
  const { location } = await at.start(jar, provider);
  return { jar, location, back: new URL(at.issuers[provider].authorize(location, grant)) };
}
async function expectRefused(jar: ReturnType<OidcDesk['jar']>, back: URL | string, code: string, provider = 'oidc') {
  const landed = await jar.visit(String(back));
  expect(landed).toMatchObject({ status: 302, location: at.problem(code, provider) });
  expect([...jar.cookies.keys()], 'no cookie is left').toEqual([]);
  expect(await sessions()).toBe(0);
}

describe('a browser that comes back', () => {
  it('without having started is sent away', async () => {
    const { back } = await begin();
    await expectRefused(at.jar(), back, 'oidc_expired');
  });

  it('with the start of somebody else is sent away', async () => {
    const mine = await begin();
    const theirs = await begin();
    await expectRefused(mine.jar, theirs.back, 'oidc_refused');
  });

  it('with another state, none, or two is sent away', async () => {
    const bend: ((query: URLSearchParams) => void)[] = [
      (query) => query.set('state', `${query.get('state')?.slice(0, -1)}A`),
      (query) => query.set('state', ''),
      (query) => query.delete('state'),
    ];
    for (const change of bend) {
      const { jar, back } = await begin();
      change(back.searchParams);
      await expectRefused(jar, back, 'oidc_refused');
    }
    const { jar, back } = await begin();
    back.searchParams.append('state', 'another');
    expect((await jar.visit(back.href)).status).toBe(400);
    expect(await sessions()).toBe(0);
  });

  it('with a cookie that was edited, made up or sealed for something else is sent away', async () => {
    const { passingSealer } = at.desk.context;
    const { jar, back } = await begin();
    const sealed = Buffer.from(jar.cookies.get(cookieName) ?? '', 'base64url');
    const edited = Buffer.from(sealed);
    edited[sealed.length - 1] = (edited[sealed.length - 1] ?? 0) ^ 1;
    const flow = passingSealer.openJson<{ provider: string }>(sealed, 'oidc flow');
    for (const forged of [edited, Buffer.from(JSON.stringify(flow)), passingSealer.sealJson(flow, 'inbox secrets'), Buffer.alloc(0)]) {
      const browser = at.jar();
      browser.cookies.set(cookieName, forged.toString('base64url'));
      await expectRefused(browser, back, 'oidc_expired');
    }
    expect((await jar.visit(back.href)).location).toBe('/');
  });

  it('after ten minutes is sent away', async () => {
    const { passingSealer } = at.desk.context;
    const { jar, back } = await begin();
    const flow = passingSealer.openJson<object>(Buffer.from(jar.cookies.get(cookieName) ?? '', 'base64url'), 'oidc flow');
    jar.cookies.set(cookieName, passingSealer.sealJson({ ...flow, expiresAt: Date.now() - 1 }, 'oidc flow').toString('base64url'));
    await expectRefused(jar, back, 'oidc_expired');
  });

  it('a second time, with the cookie it had, is sent away and the provider is not asked again', async () => {
    const { jar, back } = await begin();
    const copy = at.jar();
    for (const [name, value] of jar.cookies) copy.cookies.set(name, value);
    expect((await jar.visit(back.href)).location).toBe('/');
    const asked = at.issuers.oidc.calls.get('/token');
    expect((await copy.visit(back.href)).location).toBe(at.problem('oidc_expired', 'oidc'));
    expect(await sessions()).toBe(1);
    expect(at.issuers.oidc.calls.get('/token')).toBe(asked);
  });

  it('twenty times at once gets in once', async () => {
    const { jar, back } = await begin();
    const cookie = `${cookieName}=${jar.cookies.get(cookieName)}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => at.desk.call('GET', back.href.replace('https://desk.example', ''), { headers: { cookie } })),
    );
    expect(answers.filter(({ headers }) => headers.get('location') === '/')).toHaveLength(1);
    expect(await sessions()).toBe(1);
  });

  it('to the callback of another provider is sent away', async () => {
    const { jar, back } = await begin('oidc');
    back.pathname = back.pathname.replace('/oidc/oidc/', '/oidc/google/');
    await expectRefused(jar, back, 'oidc_expired', 'google');
  });

  it('with the code of another provider is sent away before the code is shown to anybody', async () => {
    const { jar, location } = await begin('oidc');
    const other = await at.start(at.jar(), 'google');
    const back = new URL(at.issuers.google.authorize(other.location, { claims: victim.claims }));
    back.pathname = back.pathname.replace('/oidc/google/', '/oidc/oidc/');
    back.searchParams.set('state', new URL(location).searchParams.get('state') ?? '');
    const asked = at.issuers.oidc.calls.get('/token');
    await expectRefused(jar, back, 'oidc_refused');
    expect(at.issuers.oidc.calls.get('/token')).toBe(asked);
  });

  it('without the issuer, from a provider that names itself, is sent away', async () => {
    const { jar, back } = await begin();
    back.searchParams.delete('iss');
    await expectRefused(jar, back, 'oidc_refused');
  });

  it('with a code that the provider does not know is sent away', async () => {
    const { jar, back } = await begin();
    back.searchParams.set('code', newId());
    await expectRefused(jar, back, 'oidc_expired');
  });

  it('with the word that the person did not want to is told so', async () => {
    for (const [error, code] of [
      ['access_denied', 'oidc_cancelled'],
      ['temporarily_unavailable', 'oidc_unavailable'],
      ['invalid_scope', 'oidc_refused'],
    ] as const) {
      const { jar, back } = await begin();
      back.searchParams.delete('code');
      back.searchParams.set('error', error);
      back.searchParams.set('error_description', '<script>alert(1)</script>');
      await expectRefused(jar, back, code);
    }
  });

  it('with a code that somebody else earned is refused by the provider: it was for another verifier', async () => {
    const stolen = await begin();
    const mine = await begin();
    mine.back.searchParams.set('code', stolen.back.searchParams.get('code') ?? '');
    await expectRefused(mine.jar, mine.back, 'oidc_expired');
  });
});

describe('an identity token', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it.each<[string, () => Grant['claims']]>([
    ['for another sign-in', () => ({ nonce: 'another' })],
    ['for none', () => ({ nonce: undefined })],
    ['of another issuer', () => ({ iss: 'https://accounts.example' })],
    ['of our other provider', () => ({ iss: at.issuers.google.url })],
    ['for another client', () => ({ aud: 'another' })],
    ['for several, on behalf of another', () => ({ aud: ['at-other', 'another'], azp: 'another' })],
    ['that has expired', () => ({ exp: now() - 60 })],
    ['that never expires', () => ({ exp: undefined })],
    ['that is not good yet', () => ({ nbf: now() + 120 })],
    ['without an age', () => ({ iat: undefined })],
    ['about nobody', () => ({ sub: undefined })],
    ['about a name that is too long', () => ({ sub: 'x'.repeat(256) })],
  ])('%s lets nobody in', async (_what, wrong) => {
    const { jar, back } = await begin('oidc', { claims: { ...victim.claims, ...wrong() } });
    await expectRefused(jar, back, 'oidc_refused');
  });

  it.each<[string, NonNullable<Grant['sign']>]>([
    ['signed by nobody', (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`],
    ['signed with the secret that we share', (claims) => hmac(claims, at.issuers.oidc.clientSecret)],
    ['signed with the public key as if it were a secret', async (claims) => hmac(claims, await at.issuers.oidc.publicKey())],
    ['signed by another provider of ours', (claims) => at.issuers.google.sign(claims)],
    [
      'whose claims were changed',
      async (claims) => {
        const [head, , signature] = (await at.issuers.oidc.sign({ ...claims, sub: 'attacker' })).split('.');
        return `${head}.${encode(claims)}.${signature}`;
      },
    ],
    ['that is none', () => 'nonsense'],
    ['that is empty', () => ''],
  ])('%s lets nobody in', async (_what, sign) => {
    const { jar, back } = await begin('oidc', { claims: victim.claims, sign });
    await expectRefused(jar, back, 'oidc_refused');
  });

  function hmac(claims: Grant['claims'], secret: string): string {
    const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }

  it('that brings its own key lets nobody in', async () => {
    const { generateKeyPair, exportJWK } = await import('jose');
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    const sign = (claims: Grant['claims']) => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', jwk }).sign(privateKey);
    const { jar, back } = await begin('oidc', { claims: victim.claims, sign });
    await expectRefused(jar, back, 'oidc_refused');
  });

  it('of a person outside of the Google domain lets nobody in', async () => {
    const strict = await oidcDesk({ GUICHET_GOOGLE_HOSTED_DOMAIN: 'One.test' });
    const { email } = await strict.makeMember(true);
    const claims = { sub: newId(), email, email_verified: true };
    for (const wrong of [{}, { hd: 'two.test' }, { hd: ['one.test'] }])
      expect((await strict.signIn('google', { claims: { ...claims, ...wrong } })).location).toBe(at.problem('oidc_refused', 'google'));
    expect((await strict.signIn('google', { claims: { ...claims, hd: 'one.test' } })).location).toBe('/');
    const { location } = await strict.start(strict.jar(), 'google');
    expect(new URL(location).searchParams.get('hd')).toBe('one.test');
    await strict.close();
  });
});

it('an operator who knows the addresses of the tenant may say so', async () => {
  const trusting = await oidcDesk({ GUICHET_MICROSOFT_TRUST_EMAIL: 'true' });
  const { email, userId } = await trusting.makeMember(true);
  const { jar } = await trusting.signIn('microsoft', { claims: { sub: newId(), tid: tenant, email } });
  expect(await trusting.whoIs(jar)).toBe(userId);
  const upn = { sub: newId(), tid: tenant, preferred_username: email };
  expect((await trusting.signIn('microsoft', { claims: upn })).location).toBe(at.problem('oidc_email_unverified', 'microsoft'));
  await trusting.close();
});

it('one address cannot make us call a provider without end', async () => {
  const { limit } = limiters.provider;
  const answers: number[] = [];
  await at.desk.db.sql('delete from limit_windows');
  for (let n = 0; n < 3; n += 1) {
    const { jar, back } = await begin();
    answers.push((await jar.visit(back.href)).status);
    if (n === 0)
      await at.desk.db.sql("update limit_windows set counts[array_upper(counts, 1)] = $1 where key like '%provider%'", [limit - 1]);
  }
  expect(answers).toEqual([302, 302, 429]);
});
