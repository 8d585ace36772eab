import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ceremony, type Credential, softAuthenticator } from '../../../test/stand-ins/authenticator.ts';
import { type TestApp, type TestMember, testApp } from '../../../test/support/app.ts';
import { hire } from '../../../test/support/people.ts';
import { newId } from '../../db/id.ts';

let desk: TestApp;
let member: TestMember;
const device = softAuthenticator();
const here = { origin: 'http://localhost:0', rpId: 'localhost' };

beforeAll(async () => {
  desk = await testApp();
});
beforeEach(async () => {
  member = await hire(desk, 'agent');
});
afterAll(() => desk.close());

const post = (path: string, body: object = {}, token?: string) => desk.api('POST', path, { body, ...(token ? { token } : {}) });
const security = async (token = member.token) => (await desk.api('GET', '/me/security', { token })).json;
const actionsOf = async (id: string) =>
  (await desk.db.sql<{ action: string }>('select action from audit_entries where subject_id = $1 order by seq', [id])).map(
    ({ action }) => action,
  );
const refusal = { status: 401, code: 'invalid_credentials', detail: 'This passkey does not sign in here, or its answer came too late.' };
const sessions = async () =>
  Number((await desk.db.sql<{ n: string }>('select count(*) as n from sessions where user_id = $1', [member.userId]))[0]?.n);

const beginAdding = async (token = member.token) => (await post('/me/passkeys/options', {}, token)).json;
const beginSigning = async () => (await post('/auth/passkey/options')).json;

/** Adds a passkey, with something bent in the answer or not. */
async function register(bent: Partial<Ceremony> = {}, name = 'Phone') {
  const { challengeId, options } = await beginAdding();
  const { credential, answer } = device.register(options.user.id, { ...here, challenge: options.challenge, ...bent });
  const body = { challengeId, name, response: answer };
  return { options, body, credential, added: await post('/me/passkeys', body, member.token) };
}

/** Signs in with a passkey, with something bent in the answer or not. */
async function enter(credential: Credential, bent: Partial<Ceremony> = {}) {
  const { challengeId, options } = await beginSigning();
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
    expect(await actionsOf(added.json.id)).toEqual(['passkey.added']);
    const mails = await desk.db.sql('select kind from mails where subject_id = $1', [member.userId]);
    expect(mails).toEqual([{ kind: 'passkey_added_notice' }]);
  });

  it('signs in without a name, with both factors in one, and says when', async () => {
    const { credential } = await register();
    await desk.db.sql("update users set totp_sealed = '\\x00', totp_confirmed_at = now() where id = $1", [member.userId]);
    const { status, json } = await enter(credential, { flags: 1 | 4 | 8 | 16 });
    expect({ status, user: json.user.id }).toEqual({ status: 200, user: member.userId });
    const [session] = await desk.db.sql('select method from sessions where user_id = $1 order by id desc limit 1', [member.userId]);
    expect(session).toEqual({ method: 'passkey' });
    const [entry] = await desk.db.sql<{ record: string }>(
      "select record from audit_entries where actor_id = $1 and action = 'session.started' order by seq desc limit 1",
      [member.userId],
    );
    expect(JSON.parse(entry?.record ?? '{}')).toMatchObject({
      actor: { type: 'member', network: '127.0.0.0/24' },
      details: { method: 'passkey' },
    });
    const { passkeys } = await security(json.accessToken);
    expect(passkeys).toMatchObject([{ backedUp: true }]);
    expect(Date.now() - Date.parse(passkeys[0].lastUsedAt)).toBeLessThan(10_000);
  });

  it('gives a browser its refresh token as a cookie, and nothing to another site', async () => {
    const { credential } = await register();
    const { challengeId, options } = await beginSigning();
    const body = { challengeId, response: device.sign(credential, { ...here, challenge: options.challenge }) };
    const foreign = await desk.api('POST', '/auth/passkey', { body, headers: { origin: 'https://evil.example' } });
    expect(foreign.json).toMatchObject({ status: 403, code: 'forbidden' });
    const own = await post('/auth/passkey', body);
    expect([own.status, own.json.refreshToken]).toEqual([200, undefined]);
    expect(own.headers.get('set-cookie')).toMatch(/^guichet_refresh=.*HttpOnly/);
  });

  it('that a device has is left out of what it is asked to make', async () => {
    const { credential } = await register();
    const { options } = await beginAdding();
    expect(options.excludeCredentials).toEqual([
      { id: credential.id.toString('base64url'), type: 'public-key', transports: ['internal', 'hybrid'] },
    ]);
  });

  it('can be renamed and removed, by its owner alone', async () => {
    const { id } = (await register()).added.json;
    const change = (token: string, method: string, body?: object) =>
      desk.api(method, `/me/passkeys/${id}`, { token, ...(body ? { body } : {}) });
    const stranger = desk.one.admin.token;
    expect((await change(stranger, 'PATCH', { name: 'Mine' })).status).toBe(404);
    expect((await change(stranger, 'DELETE')).status).toBe(404);
    expect((await change(member.token, 'PATCH', { name: ' ' })).status).toBe(400);
    expect((await change(member.token, 'PATCH', { name: 'Clé de Zoé' })).json).toMatchObject({ id, name: 'Clé de Zoé' });
    expect((await change(member.token, 'DELETE')).status).toBe(204);
    expect((await change(member.token, 'DELETE')).status).toBe(404);
    expect(await actionsOf(id)).toEqual(['passkey.added', 'passkey.renamed', 'passkey.removed']);
  });

  it('that was removed signs nobody in, like one that never was', async () => {
    const { added, credential } = await register();
    await desk.api('DELETE', `/me/passkeys/${added.json.id}`, { token: member.token });
    expect((await enter(credential)).json).toMatchObject(refusal);
  });

  it('that is the only way in stays', async () => {
    const [first, second] = [(await register()).added.json, (await register()).added.json];
    await desk.db.sql('update users set password_hash = null where id = $1', [member.userId]);
    const remove = ({ id }: { id: string }) => desk.api('DELETE', `/me/passkeys/${id}`, { token: member.token });
    const answers = await Promise.all([remove(first), remove(second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect((await security()).passkeys).toHaveLength(1);
  });

  it('is one of twenty at most, also when many are added at once', async () => {
    const fill = newId();
    await desk.db.sql(
      `insert into passkeys (id, user_id, credential_id, public_key, name)
       select gen_random_uuid(), $1, decode(md5($2 || n), 'hex'), '\\x00', 'Key ' || n from generate_series(1, 18) n`,
      [member.userId, fill],
    );
    const bodies = [];
    for (let n = 0; n < 4; n += 1) {
      const { challengeId, options } = await beginAdding();
      bodies.push({
        challengeId,
        name: 'Phone',
        response: device.register(options.user.id, { ...here, challenge: options.challenge }).answer,
      });
    }
    const answers = await Promise.all(bodies.map((body) => post('/me/passkeys', body, member.token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    expect((await post('/me/passkeys/options', {}, member.token)).json).toMatchObject({ status: 409, code: 'conflict' });
  });
});

describe('an answer of a browser', () => {
  it.each<[string, Partial<Ceremony>]>([
    ['from another site', { origin: 'https://evil.example' }],
    ['from another port of this machine', { origin: 'http://localhost:4000' }],
    ['for another party', { rpId: 'evil.example' }],
    ['to another challenge', { challenge: Buffer.alloc(48).toString('base64url') }],
    ['with nobody there', { flags: 4 }],
    ['with nobody verified', { flags: 1 }],
    ['from a frame of another page', { crossOrigin: true }],
    ['of another ceremony', { type: 'webauthn.payment' }],
  ])('%s adds nothing and lets nobody in', async (_name, bent) => {
    expect((await register(bent)).added.json).toMatchObject({ status: 400, code: 'validation_error' });
    const { credential } = await register();
    expect((await enter(credential, bent)).json).toMatchObject(refusal);
    expect((await enter(credential)).status).toBe(200);
  });

  it('counts once, however many times it is sent at once', async () => {
    const { credential, body } = await register();
    expect((await post('/me/passkeys', body, member.token)).status).toBe(400);
    const { challengeId, options } = await beginSigning();
    const answer = { challengeId, response: device.sign(credential, { ...here, challenge: options.challenge }) };
    const before = await sessions();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('/auth/passkey', answer)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await sessions()).toBe(before + 1);
  });

  it('that is wrong uses its challenge up', async () => {
    const { credential } = await register();
    const { challengeId, options } = await beginSigning();
    const answer = (bent: Partial<Ceremony>) => ({
      challengeId,
      response: device.sign(credential, { ...here, challenge: options.challenge, ...bent }),
    });
    expect((await post('/auth/passkey', answer({ flags: 1 }))).status).toBe(401);
    expect((await post('/auth/passkey', answer({}))).json).toMatchObject(refusal);
  });

  it('that comes after five minutes is late', async () => {
    const { credential } = await register();
    const { challengeId, options } = await beginSigning();
    const [token] = await desk.db.sql<{ lives: number }>(
      'select extract(epoch from expires_at - created_at)::integer as lives from one_time_tokens where id = $1',
      [challengeId],
    );
    expect(token?.lives).toBe(300);
    await desk.db.sql('update one_time_tokens set expires_at = now() where id = $1', [challengeId]);
    const response = device.sign(credential, { ...here, challenge: options.challenge });
    expect((await post('/auth/passkey', { challengeId, response })).json).toMatchObject(refusal);
  });

  it('to a challenge for something else, or for somebody else, counts for nothing', async () => {
    const { credential } = await register();
    const adding = await beginAdding();
    const response = device.sign(credential, { ...here, challenge: adding.options.challenge });
    expect((await post('/auth/passkey', { challengeId: adding.challengeId, response })).json).toMatchObject(refusal);
    const theirs = await beginAdding(desk.one.admin.token);
    const { answer } = device.register(theirs.options.user.id, { ...here, challenge: theirs.options.challenge });
    expect((await post('/me/passkeys', { challengeId: theirs.challengeId, name: 'Taken', response: answer }, member.token)).status).toBe(
      400,
    );
    expect((await post('/auth/passkey', { challengeId: newId(), response })).json).toMatchObject(refusal);
  });

  it('signed by another key, or naming another person or nobody, lets nobody in', async () => {
    const { credential } = await register();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const admin = Buffer.from(desk.one.admin.userId.replaceAll('-', ''), 'hex').toString('base64url');
    const forged: Credential[] = [
      { ...credential, privateKey },
      { ...credential, userHandle: admin },
      { ...credential, id: Buffer.alloc(32) },
    ];
    for (const one of forged) expect((await enter(one)).json).toMatchObject(refusal);
    const { challengeId, options } = await beginSigning();
    const { response, ...rest } = device.sign(credential, { ...here, challenge: options.challenge });
    const { userHandle: _, ...nameless } = response;
    expect((await post('/auth/passkey', { challengeId, response: { ...rest, response: nameless } })).json).toMatchObject(refusal);
  });

  it('with a counter that does not grow is refused and written down; one that counts nothing is not', async () => {
    const { added, credential } = await register({ counter: 5 });
    for (const counter of [6, 100]) expect((await enter(credential, { counter })).status).toBe(200);
    for (const counter of [100, 7, 0]) expect((await enter(credential, { counter })).json).toMatchObject(refusal);
    expect((await enter(credential, { counter: 101 })).status).toBe(200);
    expect(await actionsOf(added.json.id)).toEqual(['passkey.added', ...Array(3).fill('passkey.copy_refused')]);
    const synced = (await register()).credential;
    for (const counter of [0, 0]) expect((await enter(synced, { counter })).status).toBe(200);
  });

  it('with a credential that somebody has is refused', async () => {
    const { credential } = await register();
    await desk.db.sql('update passkeys set user_id = $1 where credential_id = $2', [desk.one.admin.userId, credential.id]);
    const { challengeId, options } = await beginAdding();
    const { answer } = device.register(options.user.id, { ...here, challenge: options.challenge }, { credential });
    expect((await post('/me/passkeys', { challengeId, name: 'Same', response: answer }, member.token)).json.code).toBe('conflict');
  });

  it('may attest by its own key, and by nobody whom we would have to ask', async () => {
    const attest = async (fmt: string, chain: Buffer[] | undefined) => {
      const { challengeId, options } = await beginAdding();
      const { answer } = device.register(options.user.id, { ...here, challenge: options.challenge }, { fmt, chain });
      return (await post('/me/passkeys', { challengeId, name: 'Key', response: answer }, member.token)).status;
    };
    expect(await attest('packed', undefined)).toBe(201);
    expect(await attest('packed', [Buffer.from('a certificate')])).toBe(400);
    expect(await attest('android-key', [Buffer.from('a certificate')])).toBe(400);
    expect(await attest('nobody-knows', undefined)).toBe(400);
  });

  it('of hostile bytes is an answer that does not fit', async () => {
    const { credential } = await register();
    const bytes = [
      '_w',
      'oWNmbXRkbm9uZQ',
      Buffer.alloc(9_000, 0x81).toString('base64url'),
      Buffer.from('{"type":7}').toString('base64url'),
    ];
    for (const hostile of bytes) {
      const { challengeId, options } = await beginAdding();
      const { answer } = device.register(options.user.id, { ...here, challenge: options.challenge });
      const response = { ...answer, response: { ...answer.response, attestationObject: hostile } };
      expect((await post('/me/passkeys', { challengeId, name: 'Key', response }, member.token)).status).toBe(400);
      const begun = await beginSigning();
      const signed = device.sign(credential, { ...here, challenge: begun.options.challenge });
      for (const field of ['clientDataJSON', 'authenticatorData', 'signature'])
        expect(
          (
            await post('/auth/passkey', {
              challengeId: begun.challengeId,
              response: { ...signed, response: { ...signed.response, [field]: hostile.slice(0, 4_000) } },
            })
          ).status,
        ).toBe(401);
    }
  });
});
