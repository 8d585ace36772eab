import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp } from '../../../test/support/app.ts';
import type { Jar } from '../../../test/support/browser-jar.ts';
import { type OidcDesk, oidcDesk, tenant } from '../../../test/support/oidc-desk.ts';
import { newId } from '../../db/id.ts';

let at: OidcDesk;
let desk: OidcDesk['desk'];
beforeAll(async () => {
  at = await oidcDesk();
  desk = at.desk;
});
afterAll(() => at.close());

const subject = newId;
const signIn: OidcDesk['signIn'] = (...given) => at.signIn(...given);
const verify = (userId: string) => desk.db.sql('update users set email_verified_at = now() where id = $1', [userId]);
const problem = (code: string, provider: string) => at.problem(code, provider);
const known = (one: { location: string; jar: Jar }) => one.jar.cookies.size > 0;
/** What a sign-in may not leave behind where it comes to nothing. */
const traces = async () =>
  (
    await desk.db.sql(
      'select (select count(*) from users) u, (select count(*) from sessions) s, (select count(*) from external_identities) e',
    )
  )[0];

describe('somebody who signs in at a provider', () => {
  it('comes back signed in, to where they wanted to go, when both sides verified their address', async () => {
    await verify(desk.one.agent.userId);
    const sub = subject();
    const wanted = '/inbox/mine?q=1';
    const { location, jar } = await signIn('google', { claims: { sub, email: 'Agent@one.test', email_verified: true } }, at.jar(), wanted);
    expect(location).toBe('/inbox/mine?q=1');
    expect([...jar.cookies.keys()]).toEqual(['__Host-guichet_refresh']);
    expect((await jar.send('POST', '/auth/refresh', { body: {} })).json).toMatchObject({
      user: { id: desk.one.agent.userId, accountId: desk.one.id, role: 'agent' },
    });
    const [entry] = await desk.db.sql(
      "select action, actor_id, record from audit_entries where action = 'identity.linked' order by seq desc limit 1",
    );
    expect(entry).toMatchObject({ actor_id: desk.one.agent.userId, record: expect.not.stringContaining(sub) });
  });

  it('is known by issuer and subject from then on, whatever becomes of the address', async () => {
    const { userId, email } = await at.makeMember(true);
    const sub = subject();
    await signIn('oidc', { claims: { sub, email, email_verified: true } });
    const again = await signIn('oidc', { claims: { sub, email: desk.one.admin.email, email_verified: false } });
    expect(await at.whoIs(again.jar)).toBe(userId);
    expect((await signIn('google', { claims: { sub } })).location, 'the same subject elsewhere is somebody else').toBe(
      problem('oidc_email_unverified', 'google'),
    );
  });

  it('without an account gets nothing: no user, no session, no cookie', async () => {
    const before = await traces();
    for (const provider of ['google', 'oidc']) {
      const one = await signIn(provider, { claims: { sub: subject(), email: 'stranger@elsewhere.test', email_verified: true } });
      expect(one.location).toBe(problem('oidc_no_account', provider));
      expect(known(one)).toBe(false);
    }
    expect(await traces()).toEqual(before);
  });

  it('and is suspended gets nothing either', async () => {
    const { userId, email } = await at.makeMember(true);
    const grant = { claims: { sub: subject(), email, email_verified: true } };
    expect(known(await signIn('oidc', grant))).toBe(true);
    await desk.db.sql("update members set status = 'suspended' where user_id = $1", [userId]);
    expect(await signIn('oidc', grant)).toMatchObject({ location: problem('oidc_no_account', 'oidc') });
  });

  it('with an address that was never verified here has to come in another way first', async () => {
    const { userId, email } = await at.makeMember(false);
    const grant = { claims: { sub: subject(), email, email_verified: true } };
    const before = await traces();
    expect((await signIn('google', grant)).location).toBe(problem('oidc_link_first', 'google'));
    expect(await traces()).toEqual(before);
    await verify(userId);
    expect((await signIn('google', grant)).location).toBe('/');
  });

  it('who is invited is shown the invitation and joins nothing by themselves', async () => {
    const tokenId = newId();
    const email = `${subject()}@invited.test`;
    await desk.db.sql(
      `insert into invitations (account_id, id, email, role, token_id, token_hash, expires_at) values ($1, $2, $3, 'agent', $4, '\\x00', now() + interval '1 day')`,
      [desk.one.id, newId(), email, tokenId],
    );
    const before = await traces();
    const guest = await signIn('google', { claims: { sub: subject(), email, email_verified: true } });
    expect(guest.location).toBe(`/invitation#token=${desk.context.oneTimeTokens.tokenOf('invitation', tokenId)}`);
    expect((await signIn('google', { claims: { sub: subject(), email, email_verified: false } })).location).toBe(
      problem('oidc_email_unverified', 'google'),
    );
    expect(await traces()).toEqual(before);
    await desk.db.sql('update invitations set revoked_at = now() where token_id = $1', [tokenId]);
    expect((await signIn('google', { claims: { sub: subject(), email, email_verified: true } })).location).toBe(
      problem('oidc_no_account', 'google'),
    );
  });

  it('needs no code of an authenticator: the provider asks for what it asks for', async () => {
    const { userId, email } = await at.makeMember(true);
    await desk.db.sql('update users set totp_confirmed_at = now() where id = $1', [userId]);
    expect((await signIn('google', { claims: { sub: subject(), email, email_verified: true } })).location).toBe('/');
  });

  it('at ten places at once has one identity', async () => {
    const { userId, email } = await at.makeMember(true);
    const claims = { sub: subject(), email, email_verified: true };
    const all = await Promise.all(Array.from({ length: 10 }, () => signIn('oidc', { claims })));
    expect(all.map(({ location }) => location)).toEqual(Array(10).fill('/'));
    expect(await desk.db.sql('select 1 from external_identities where user_id = $1', [userId])).toHaveLength(1);
  });
});

describe('the address', () => {
  it.each([
    ['google', { email_verified: 'true' }],
    ['google', {}],
    ['oidc', { email_verified: 1 }],
    ['oidc', { email_verified: 'true' }],
    ['microsoft', { tid: tenant }],
    ['microsoft', { tid: tenant, email_verified: true }],
    ['microsoft', { tid: tenant, xms_edov: false }],
    ['microsoft', { tid: tenant, xms_edov: '0' }],
  ])('of %s is not verified by %o', async (provider, claims) => {
    const { email } = await at.makeMember(true);
    expect((await signIn(provider, { claims: { sub: subject(), email, ...claims } })).location).toBe(
      problem('oidc_email_unverified', provider),
    );
    const nobody = await signIn(provider, { claims: { sub: subject(), email: 'nobody@one.test', ...claims } });
    expect(nobody.location, 'the answer does not tell who is here').toBe(problem('oidc_email_unverified', provider));
  });

  it.each([true, 1, '1'])('of Microsoft is verified by xms_edov: %o', async (edov) => {
    const { userId, email } = await at.makeMember(true);
    const { jar } = await signIn('microsoft', { claims: { sub: subject(), tid: tenant, ver: '2.0', email, xms_edov: edov } });
    expect(await at.whoIs(jar)).toBe(userId);
  });

  it('of a provider that tells it on request only is asked for', async () => {
    const { userId, email } = await at.makeMember(true);
    const { jar } = await signIn('oidc', { claims: { sub: subject() }, userinfo: { email, email_verified: true } });
    expect(await at.whoIs(jar)).toBe(userId);
    const told = { claims: { sub: subject(), email_verified: true }, userinfo: { email, email_verified: false } };
    expect((await signIn('oidc', told)).location).toBe(problem('oidc_email_unverified', 'oidc'));
    const stranger = { claims: { sub: subject() }, userinfo: { sub: 'another', email, email_verified: true } };
    expect((await signIn('oidc', stranger)).location).toBe(problem('oidc_refused', 'oidc'));
  });

  it('whose letters only look alike is nobody', async () => {
    await desk.db.sql("update users set email = 'kim@one.test', email_verified_at = now() where id = $1", [desk.one.viewer.userId]);
    // The Kelvin sign, a dotted capital I, full-width letters, a Cyrillic a, and a combining accent.
    for (const email of ['\u212Aim@one.test', 'k\u0130m@one.test', '\uFF4Bim@one.test', 'kim@one.test\u0430', 'ki\u0301m@one.test'])
      expect((await signIn('google', { claims: { sub: subject(), email, email_verified: true } })).location).toBe(
        problem('oidc_email_unverified', 'google'),
      );
    expect((await signIn('google', { claims: { sub: subject(), email: 'KIM@one.test', email_verified: true } })).location).toBe('/');
  });

  it.each([undefined, null, 7, {}, '', 'no address', ['a@one.test'], 'a@one.test\u0000', `${'a'.repeat(300)}@one.test`])(
    'that cannot be one, %o, is none',
    async (email) => {
      const claims = { sub: subject(), email, email_verified: true };
      expect((await signIn('google', { claims })).location).toBe(problem('oidc_email_unverified', 'google'));
    },
  );
});

describe('Microsoft', () => {
  it.each([undefined, 'common', '9188040d-6c67-4c5b-b112-36a304b66dad', tenant.toUpperCase()])(
    'lets in nobody of the tenant %s',
    async (tid) => {
      const { email } = await at.makeMember(true);
      const claims = { sub: subject(), email, xms_edov: true, ...(tid === undefined ? {} : { tid }) };
      expect((await signIn('microsoft', { claims })).location).toBe(problem('oidc_refused', 'microsoft'));
    },
  );

  it('lets in nobody whose token another tenant issued', async () => {
    const { email } = await at.makeMember(true);
    const iss = 'https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0';
    expect((await signIn('microsoft', { claims: { iss, sub: subject(), tid: tenant, email, xms_edov: true } })).location).toBe(
      problem('oidc_refused', 'microsoft'),
    );
  });
});

describe('the button', () => {
  it('of a provider that is not set up is not there', async () => {
    expect((await desk.api('GET', '/auth/oidc/nobody/start')).status).toBe(404);
    const bare = await testApp();
    for (const path of ['start', 'callback'])
      expect((await bare.api('GET', `/auth/oidc/google/${path}`)).json).toMatchObject({ status: 404, code: 'not_found' });
    await bare.close();
  });

  it('asks for what is needed, with everything that binds the answer to this browser', async () => {
    const jar = at.jar();
    const answer = await desk.api('GET', '/auth/oidc/google/start');
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-guichet_oidc=[\w-]{100,}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const asked = Object.fromEntries(new URL((await at.start(jar, 'google')).location).searchParams);
    expect(asked).toEqual({
      client_id: at.issuers.google.clientId,
      redirect_uri: 'https://desk.example/api/v1/auth/oidc/google/callback',
      response_type: 'code',
      scope: 'openid email profile',
      prompt: 'select_account',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const cookie = [...jar.cookies.values()].join();
    for (const secret of [asked['state'], asked['nonce']]) expect(cookie).not.toContain(secret);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:evil.example',
    'https://evil.example/',
    'evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '/\t/evil.example',
    '\t//evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    '/%09/../\\evil.example',
    '/api/v1/auth/oidc/google/start',
    '',
    '/x/..//evil.example',
  ])('does not lead to %j afterwards', async (next) => {
    const { location } = await signIn(
      'google',
      { claims: { sub: 'frequent', email: desk.one.agent.email, email_verified: true } },
      at.jar(),
      next,
    );
    expect(location).toBe('/');
  });

  it.each(['/inbox', '/settings/security?x=1', '/inbox/%2F%2Fevil.example', '/a?next=//evil.example'])(
    'leads to %s afterwards',
    async (next) => {
      const { location } = await signIn(
        'google',
        { claims: { sub: 'frequent', email: desk.one.agent.email, email_verified: true } },
        at.jar(),
        next,
      );
      expect(location).toBe(next);
    },
  );
});
