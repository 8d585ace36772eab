import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Credential, type Ceremony, softAuthenticator } from '../../../test/stand-ins/authenticator.ts';
import { type TestApp, type TestMember, testApp } from '../../../test/support/app.ts';
import { hire } from '../../../test/support/people.ts';

let desk: TestApp;
let member: TestMember;
const device = softAuthenticator();
const origin = 'http://localhost:0';
const here = { origin, rpId: 'localhost' };

beforeAll(async () => {
  desk = await testApp();
});
beforeEach(async () => {
  member = await hire(desk, 'agent');
});
afterAll(() => desk.close());

const post = (path: string, body: object = {}, token?: string) => desk.api('POST', path, { body, ...(token ? { token } : {}) });
const security = async (token = member.token) => (await desk.api('GET', '/me/security', { token })).json;
const actionsOf = async (userId: string) =>
  (await desk.db.sql<{ action: string }>('select action from audit_entries where actor_id = $1 order by seq', [userId])).map(
    (row) => row.action,
  );

/** Adds a passkey, with something bent in the answer or not. */
async function register(bent: Partial<Ceremony> = {}, who = member, name = 'Phone') {
  const { challengeId, options } = (await post('/me/passkeys/options', {}, who.token)).json;
  const { credential, answer } = device.register(options.user.id, { ...here, challenge: options.challenge, ...bent });
  const added = await post('/me/passkeys', { challengeId, name, response: answer }, who.token);
  return { options, challengeId, credential, answer, added };
}

/** Signs in with a passkey, with something bent in the answer or not. */
async function enter(credential: Credential, bent: Partial<Ceremony> = {}) {
  const { challengeId, options } = (await post('/auth/passkey/options')).json;
  const response = device.sign(credential, { ...here, challenge: options.challenge, ...bent });
  return post('/auth/passkey', { challengeId, response, tokenDelivery: 'body' });
}

describe('a passkey', () => {
  it('is made for the person and asks for their finger', async () => {
    const { options, added } = await register();
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: member.email, id: Buffer.from(member.userId.replaceAll('-', ''), 'hex').toString('base64url') },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
      timeout: 300_000,
    });
    expect(added.status).toBe(201);
    expect(added.json).toEqual({ id: added.json.id, name: 'Phone', createdAt: added.json.createdAt, lastUsedAt: null, backedUp: false });
    expect(await security()).toMatchObject({ passkeys: [added.json] });
    expect(await actionsOf(member.userId)).toContain('passkey.added');
    const mails = await desk.db.sql("select kind from mails where subject_id = $1 and kind = 'passkey_added_notice'", [member.userId]);
    expect(mails).toHaveLength(1);
  });

  it('signs in without a name, with both factors in one, and says when', async () => {
    const { credential } = await register({ flags: 1 | 4 | 8 | 16 });
    await desk.db.sql("update users set totp_sealed = '\\x00', totp_confirmed_at = now() where id = $1", [member.userId]);
    const { status, json } = await enter(credential, { flags: 1 | 4 | 8 | 16 });
    expect({ status, user: json.user.id }).toEqual({ status: 200, user: member.userId });
    const [session] = await desk.db.sql('select method from sessions where user_id = $1 order by id desc limit 1', [member.userId]);
    expect(session).toEqual({ method: 'passkey' });
    const { passkeys } = await security(json.accessToken);
    expect(passkeys).toMatchObject([{ backedUp: true }]);
    expect(Date.now() - Date.parse(passkeys[0].lastUsedAt)).toBeLessThan(10_000);
  });

  it('that a device has is left out of what it is asked to make', async () => {
    const { credential } = await register();
    const { options } = (await post('/me/passkeys/options', {}, member.token)).json;
    expect(options.excludeCredentials).toEqual([
      { id: credential.id.toString('base64url'), type: 'public-key', transports: ['internal', 'hybrid'] },
    ]);
  });

  it.each<[string, Partial<Ceremony>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'http://localhost:4000' }],
    ['another party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: Buffer.alloc(48).toString('base64url') }],
    ['nobody there', { flags: 4 }],
    ['nobody verified', { flags: 1 }],
    ['a frame of another page', { crossOrigin: true }],
    ['the wrong ceremony', { type: 'webauthn.payment' }],
  ])('with %s is neither added nor let in', async (_name, bent) => {
    const { added } = await register(bent);
    expect(added.json).toMatchObject({ status: 400, code: 'validation_error' });
    const { credential } = await register();
    expect((await enter(credential, bent)).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect((await enter(credential)).status).toBe(200);
  });
});
