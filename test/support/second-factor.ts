import { TOTP } from 'otpauth';
import type { TestApp } from './app.ts';

/** What the app on somebody's phone shows now, or some steps of 30 seconds later. */
export const codeOf = (secret: string, steps = 0): string => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });

/** A code that is right at no time near. */
export function wrongCode(secret: string): string {
  const near = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps)));
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !near.has(code)) ?? '666666';
}

export interface Enabled {
  secret: string;
  recoveryCodes: string[];
  /** The code that it was set up with, which counts as used. */
  usedCode: string;
}

/** Sets an authenticator app up, as the person with this token would. */
export async function enableTotp(desk: Pick<TestApp, 'api'>, token: string): Promise<Enabled> {
  const { secret } = (await desk.api('POST', '/me/totp', { token })).json;
  const usedCode = codeOf(secret);
  const answer = await desk.api('PUT', '/me/totp', { token, body: { code: usedCode } });
  if (answer.status !== 200) throw new Error(answer.text);
  return { secret, recoveryCodes: answer.json.recoveryCodes, usedCode };
}

/** Makes the last proof of a session 16 minutes old. */
export async function ageProof(desk: Pick<TestApp, 'api' | 'db' | 'context'>, token: string): Promise<void> {
  const { sessionId } = (await desk.api('GET', '/auth/me', { token })).json;
  await desk.db.sql("update sessions set confirmed_at = now() - interval '16 minutes' where id = $1", [sessionId]);
  desk.context.auth.forgetSession(sessionId);
}
