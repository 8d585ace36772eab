import { TOTP } from 'otpauth';
import { type Credential, softAuthenticator } from '../stand-ins/authenticator.ts';
import { type TestApp, type TestMember, testPassword } from '../support/app.ts';
import type { Answer } from '../support/desk.ts';
import { hire } from '../support/people.ts';
import type { OwnCall } from './own-calls.ts';

const here = { origin: 'http://localhost:0', rpId: 'localhost' };
const device = softAuthenticator();
const agentOf = ({ desk, account }: OwnCall) => hire(desk, 'agent', account.id);

/** What needs a code or a device: each with somebody of their own. */
export const factorCalls: Record<string, (call: OwnCall) => Promise<Answer>> = {
  async confirm(call) {
    return call.desk.api('POST', '/auth/confirmation', { token: (await agentOf(call)).token, body: { password: testPassword } });
  },
  async startTotp(call) {
    return call.desk.api('POST', '/me/totp', { token: (await agentOf(call)).token });
  },
  enableTotp: async (call) => (await withTotp(call)).enabled,
  async disableTotp(call) {
    const { token } = await withTotp(call);
    return call.desk.api('DELETE', '/me/totp', { token });
  },
  async renewRecoveryCodes(call) {
    const { token } = await withTotp(call);
    return call.desk.api('POST', '/me/recovery-codes', { token });
  },
  addPasskey: async (call) => (await addPasskey(call.desk, await agentOf(call))).added,
  async signInByPasskey(call) {
    const { credential } = await addPasskey(call.desk, await agentOf(call));
    const { challengeId, options } = (await call.desk.api('POST', '/auth/passkey/options')).json;
    const response = device.sign(credential, { ...here, challenge: options.challenge });
    return call.desk.api('POST', '/auth/passkey', { body: { challengeId, response } });
  },
};

/** A passkey of this member, which has to be signed in lately. */
export async function addPasskey({ api }: Pick<TestApp, 'api'>, { token }: TestMember): Promise<{ credential: Credential; added: Answer }> {
  const { challengeId, options } = (await api('POST', '/me/passkeys/options', { token })).json;
  const { credential, answer } = device.register(options.user.id, { ...here, challenge: options.challenge });
  const added = await api('POST', '/me/passkeys', { token, body: { challengeId, name: 'Phone', response: answer } });
  return { credential, added };
}

async function withTotp(call: OwnCall): Promise<{ token: string; enabled: Answer }> {
  const { token } = await agentOf(call);
  const { secret } = (await call.desk.api('POST', '/me/totp', { token })).json;
  const enabled = await call.desk.api('PUT', '/me/totp', { token, body: { code: new TOTP({ secret }).generate() } });
  return { token, enabled };
}
