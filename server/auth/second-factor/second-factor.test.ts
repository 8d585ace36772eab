import { TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, type TestMember, testApp, testPassword } from '../../../test/support/app.ts';
import { hire } from '../../../test/support/people.ts';

let desk: TestApp;
let member: TestMember;

beforeAll(async () => {
  desk = await testApp();
});
beforeEach(async () => {
  member = await hire(desk, 'agent');
});
afterAll(() => desk.close());

const call = (method: string, path: string, body?: object, token = member.token) =>
  desk.api(method, path, { token, ...(body ? { body } : {}) });
const login = (totp?: string, who = member) =>
  desk.api('POST', '/auth/login', { body: { email: who.email, password: testPassword, ...(totp === undefined ? {} : { totp }) } });
/** The app on somebody's phone. */
const codeOf = (secret: string, steps = 0) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

describe('an authenticator app', () => {
  it('counts only once it has shown a right code', async () => {
    const { secret, uri } = (await call('POST', '/me/totp')).json;
    expect(uri).toContain(`secret=${secret}`);
    expect((await login()).status).toBe(200);
    expect((await call('PUT', '/me/totp', { code: '000000' })).json).toMatchObject({ status: 400, errors: [{ path: 'code' }] });
    expect((await login()).status).toBe(200);
    const { json } = await call('PUT', '/me/totp', { code: codeOf(secret) });
    expect(new Set(json.recoveryCodes).size).toBe(10);
    expect((await login()).json).toMatchObject({ status: 401, code: 'totp_required' });
    expect((await login(codeOf(secret, 1))).status).toBe(200);
  });
});
