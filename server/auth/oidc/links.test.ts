import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPassword } from '../../../test/support/app.ts';
import type { Jar } from '../../../test/support/browser-jar.ts';
import { type OidcDesk, oidcDesk } from '../../../test/support/oidc-desk.ts';
import { newId } from '../../db/id.ts';

let at: OidcDesk;
beforeAll(async () => {
  at = await oidcDesk();
});
afterAll(() => at.close());

/** Somebody signed in with a password, whose address nobody has verified. */
async function signedIn(): Promise<{ userId: string; jar: Jar; token: string; subject: string }> {
  const { userId, email, subject } = await at.makeMember(false);
  const jar = at.jar();
  const { accessToken: token } = (await jar.send('POST', '/auth/login', { body: { email, password: testPassword } })).json;
  return { userId, jar, token, subject };
}

async function link(who: { jar: Jar; token: string; subject: string }, provider: 'google' | 'oidc' = 'oidc') {
  const { url } = (await who.jar.send('POST', `/me/identities/${provider}`, { token: who.token })).json;
  return who.jar.visit(at.issuers[provider].authorize(url, { claims: { sub: who.subject, email: 'private@elsewhere.test' } }));
}

const identities = async (token: string) => (await at.desk.api('GET', '/me/identities', { token })).json.items;
const remove = (token: string, id: string) => at.desk.api('DELETE', `/me/identities/${id}`, { token });

describe('a member', () => {
  it('adds an identity in their session, whatever its address, signs in with it, and takes it out', async () => {
    const ana = await signedIn();
    expect((await link(ana)).location).toBe('/settings/security?linked=oidc');
    const [identity, ...others] = await identities(ana.token);
    expect(others).toEqual([]);
    expect(identity).toEqual({
      id: expect.any(String),
      provider: 'oidc',
      name: 'Keycloak',
      email: 'private@elsewhere.test',
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });
    const grant = { claims: { sub: ana.subject } };
    expect(await at.whoIs((await at.signIn('oidc', grant)).jar)).toBe(ana.userId);
    expect((await remove(ana.token, identity.id)).status).toBe(204);
    expect((await remove(ana.token, identity.id)).status).toBe(404);
    expect((await at.signIn('oidc', grant)).location).toBe(at.problem('oidc_email_unverified', 'oidc'));
    const actions = await at.desk.db.sql<{ action: string }>('select action from audit_entries where actor_id = $1 order by seq', [
      ana.userId,
    ]);
    expect(actions.map(({ action }) => action)).toEqual(['session.started', 'identity.linked', 'session.started', 'identity.unlinked']);
  });

  it('adds the same identity twice and has it once', async () => {
    const ana = await signedIn();
    for (const _time of [1, 2]) expect((await link(ana)).location).toBe('/settings/security?linked=oidc');
    expect(await identities(ana.token)).toHaveLength(1);
  });

  it('cannot add what is somebody else’s', async () => {
    const ana = await signedIn();
    const ben = await signedIn();
    await link(ana);
    expect((await link({ ...ben, subject: ana.subject })).location).toBe('/settings/security?problem=oidc_taken&provider=oidc');
    expect(await identities(ben.token)).toEqual([]);
    expect(await at.whoIs((await at.signIn('oidc', { claims: { sub: ana.subject } })).jar)).toBe(ana.userId);
  });

  it('adds nothing once the session in which they asked has ended', async () => {
    const ana = await signedIn();
    const { url } = (await ana.jar.send('POST', '/me/identities/oidc', { token: ana.token })).json;
    await at.desk.api('POST', '/auth/logout-all', { token: ana.token });
    const back = at.issuers.oidc.authorize(url, { claims: { sub: ana.subject } });
    expect((await ana.jar.visit(back)).location).toBe('/settings/security?problem=oidc_expired&provider=oidc');
    expect(await at.desk.db.sql('select 1 from external_identities where user_id = $1', [ana.userId])).toEqual([]);
  });

  it('is not given an identity by an address that another browser opens', async () => {
    const ana = await signedIn();
    const ben = await signedIn();
    const { url } = (await ben.jar.send('POST', '/me/identities/oidc', { token: ben.token })).json;
    const back = at.issuers.oidc.authorize(url, { claims: { sub: ben.subject } });
    expect((await ana.jar.visit(back)).location).toBe(at.problem('oidc_expired', 'oidc'));
    expect(await identities(ana.token)).toEqual([]);
  });

  it('has to prove again who they are a quarter of an hour after the sign-in', async () => {
    const ana = await signedIn();
    await link(ana);
    const [{ id }] = await identities(ana.token);
    await at.desk.db.sql("update sessions set confirmed_at = now() - interval '16 minutes' where user_id = $1", [ana.userId]);
    await new Promise((resolve) => setTimeout(resolve, 900));
    for (const answer of [await at.desk.api('POST', '/me/identities/google', { token: ana.token }), await remove(ana.token, id)])
      expect(answer.json).toMatchObject({ status: 403, code: 'confirmation_required' });
    expect(await identities(ana.token)).toHaveLength(1);
  });

  it('keeps the last way in, also when two are taken out at once', async () => {
    const ana = await signedIn();
    await link(ana);
    await link(ana, 'google');
    await at.desk.db.sql('update users set password_hash = null where id = $1', [ana.userId]);
    const both = (await identities(ana.token)) as { id: string }[];
    const answers = await Promise.all(both.map(({ id }) => remove(ana.token, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await identities(ana.token)).toHaveLength(1);
  });

  it('sees and takes out nothing of somebody else', async () => {
    const ana = await signedIn();
    await link(ana);
    const [{ id }] = await identities(ana.token);
    for (const token of [at.desk.one.agent.token, at.desk.two.admin.token]) {
      expect(await identities(token)).toEqual([]);
      expect((await remove(token, id)).json).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect((await at.desk.api('POST', `/me/identities/${newId()}`, { token: ana.token })).status).toBe(404);
    expect(await identities(ana.token)).toHaveLength(1);
  });
});
