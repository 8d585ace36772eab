import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { softAuthenticator } from '../../test/stand-ins/authenticator.ts';
import { type TestApp, type TestMember, testApp, testPassword } from '../../test/support/app.ts';
import { hire } from '../../test/support/people.ts';
import { ageProof, codeOf, enableTotp, wrongCode } from '../../test/support/second-factor.ts';
import { newId } from '../db/id.ts';

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

const call = (method: string, path: string, body?: object, token = member.token) =>
  desk.api(method, path, { token, ...(body ? { body } : {}) });
const confirm = (body: object) => call('POST', '/auth/confirmation', body);
const isAskedFor = async () => (await call('POST', '/me/totp')).json?.code === 'confirmation_required';

async function addPasskey(who: TestMember) {
  const { challengeId, options } = (await call('POST', '/me/passkeys/options', {}, who.token)).json;
  const { credential, answer } = device.register(options.user.id, { ...here, challenge: options.challenge });
  const added = await call('POST', '/me/passkeys', { challengeId, name: 'Phone', response: answer }, who.token);
  expect(added.status).toBe(201);
  return { credential, id: added.json.id as string };
}
async function signChallenge(credential: Awaited<ReturnType<typeof addPasskey>>['credential']) {
  const { challengeId, options } = (await desk.api('POST', '/auth/passkey/options')).json;
  return { challengeId, response: device.sign(credential, { ...here, challenge: options.challenge }) };
}

describe('a proof of who is there', () => {
  it('older than fifteen minutes does not do for any change of how one signs in', async () => {
    const { credential, id } = await addPasskey(member);
    const options = (await call('POST', '/me/passkeys/options', {})).json;
    const response = device.register(options.options.user.id, { ...here, challenge: options.options.challenge }).answer;
    await ageProof(desk, member.token);
    const changes: [string, string, object?][] = [
      ['POST', '/me/totp'],
      ['PUT', '/me/totp', { code: '123456' }],
      ['DELETE', '/me/totp'],
      ['POST', '/me/recovery-codes'],
      ['POST', '/me/passkeys/options', {}],
      ['POST', '/me/passkeys', { challengeId: options.challengeId, name: 'Theirs', response }],
      ['DELETE', `/me/passkeys/${id}`],
      ['DELETE', `/me/identities/${newId()}`],
      ['PUT', '/auth/password', { password: 'a phrase of five words' }],
      ['POST', '/auth/email-change', { email: 'else@one.test' }],
    ];
    for (const [method, path, body] of changes)
      expect((await call(method, path, body)).json, `${method} ${path}`).toMatchObject({ status: 403, code: 'confirmation_required' });
    expect((await call('GET', '/me/security')).json.passkeys).toHaveLength(1);
    expect((await confirm({ passkey: await signChallenge(credential) })).status).toBe(200);
    expect((await call('DELETE', `/me/passkeys/${id}`)).status).toBe(204);
  });

  it('is renewed by the password, at once, for fifteen minutes and for this session alone', async () => {
    const elsewhere = await desk.signIn(member.email);
    await ageProof(desk, elsewhere);
    await ageProof(desk, member.token);
    expect(Date.parse((await call('GET', '/me/security')).json.confirmedUntil)).toBeLessThan(Date.now());
    const { status, json } = await confirm({ password: testPassword });
    expect(status).toBe(200);
    expect(Math.abs(Date.parse(json.confirmedUntil) - Date.now() - 15 * 60_000)).toBeLessThan(10_000);
    expect((await call('GET', '/me/security')).json.confirmedUntil).toBe(json.confirmedUntil);
    expect(await isAskedFor()).toBe(false);
    expect((await call('POST', '/me/totp', undefined, elsewhere)).json.code).toBe('confirmation_required');
  });

  it('is renewed by a code or a recovery code, each once', async () => {
    const { secret, recoveryCodes, usedCode } = await enableTotp(desk, member.token);
    await ageProof(desk, member.token);
    expect((await confirm({ totp: usedCode })).status, 'the code it was set up with').toBe(401);
    expect((await confirm({ totp: wrongCode(secret) })).status).toBe(401);
    expect(await isAskedFor()).toBe(true);
    const body = { totp: codeOf(secret, 1) };
    expect((await confirm(body)).status).toBe(200);
    expect((await confirm(body)).status).toBe(401);
    await ageProof(desk, member.token);
    expect((await confirm({ totp: recoveryCodes[0] })).status).toBe(200);
    expect(await isAskedFor()).toBe(false);
  });

  it('is not renewed by the passkey of somebody else', async () => {
    const { credential } = await addPasskey(await hire(desk, 'agent'));
    await ageProof(desk, member.token);
    expect((await confirm({ passkey: await signChallenge(credential) })).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(await isAskedFor()).toBe(true);
  });

  it('is one thing and not none or two', async () => {
    for (const body of [{}, { password: testPassword, totp: '123456' }])
      expect((await confirm(body)).json).toMatchObject({ status: 400, code: 'validation_error' });
  });

  it('is not guessed: five wrong passwords have to wait', async () => {
    const answers = await Promise.all(Array.from({ length: 9 }, () => confirm({ password: 'wrong' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(401), ...Array(4).fill(429)]);
    expect((await confirm({ password: testPassword })).status).toBe(429);
    expect((await desk.api('POST', '/auth/login', { body: { email: member.email, password: testPassword } })).status).toBe(200);
  });
});
