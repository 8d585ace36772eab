import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, type TestMember, testApp, testPassword } from '../../../test/support/app.ts';
import { hire } from '../../../test/support/people.ts';
import { ageProof, codeOf, enableTotp, wrongCode } from '../../../test/support/second-factor.ts';
import { removeSecondFactorOf } from './operator.ts';

let desk: TestApp;
let member: TestMember;

beforeAll(async () => {
  desk = await testApp({ GUICHET_TRUSTED_PROXIES: '127.0.0.1' });
});
beforeEach(async () => {
  member = await hire(desk, 'agent');
});
afterAll(() => desk.close());

const call = (method: string, path: string, body?: object, token = member.token) =>
  desk.api(method, path, { token, ...(body ? { body } : {}) });
const login = (totp?: string, from = '192.0.2.1', who = member) =>
  desk.api('POST', '/auth/login', {
    body: { email: who.email, password: testPassword, ...(totp === undefined ? {} : { totp }) },
    headers: { 'x-forwarded-for': from },
  });
const security = async (token = member.token) => (await call('GET', '/me/security', undefined, token)).json;
const actionsOf = async (userId: string) =>
  (
    await desk.db.sql<{ action: string }>('select action from audit_entries where account_id = $1 and subject_id = $2 order by seq', [
      desk.one.id,
      userId,
    ])
  ).map(({ action }) => action);
const mailsOf = async (userId: string) =>
  (await desk.db.sql<{ kind: string }>('select kind from mails where subject_id = $1 order by id', [userId])).map(({ kind }) => kind);
const sessionsOf = async (userId: string) =>
  Number((await desk.db.sql<{ n: string }>('select count(*) as n from sessions where user_id = $1', [userId]))[0]?.n);
/** The code of the step in which it was set up counts as used. */
const forgetStep = () => desk.db.sql('update users set totp_last_step = null where id = $1', [member.userId]);
const statuses = (answers: { status: number }[], wanted: number) => answers.filter(({ status }) => status === wanted).length;

describe('an authenticator app', () => {
  it('counts only once it has shown a right code', async () => {
    const first = (await call('POST', '/me/totp')).json;
    const { secret } = (await call('POST', '/me/totp')).json;
    expect(secret).not.toBe(first.secret);
    expect(await security()).toMatchObject({ hasPassword: true, totp: { enabled: false, recoveryCodesLeft: 0 } });
    expect((await call('PUT', '/me/totp', { code: wrongCode(secret) })).json).toMatchObject({ status: 400, errors: [{ path: 'code' }] });
    expect((await call('PUT', '/me/totp', { code: codeOf(first.secret) })).status).toBe(400);
    expect((await login()).status).toBe(200);
    const { json } = await call('PUT', '/me/totp', { code: codeOf(secret).replace(/(...)/, '$1 ') });
    expect(new Set(json.recoveryCodes).size).toBe(10);
    expect(await security()).toMatchObject({ totp: { enabled: true, recoveryCodesLeft: 10 } });
    expect(await actionsOf(member.userId)).toEqual(['second_factor.enabled']);
  });

  it('is set up once, however many times at once', async () => {
    expect((await call('PUT', '/me/totp', { code: '123456' })).json).toMatchObject({ status: 409, code: 'conflict' });
    const { secret } = (await call('POST', '/me/totp')).json;
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('PUT', '/me/totp', { code: codeOf(secret) })));
    expect([statuses(answers, 200), statuses(answers, 409)]).toEqual([1, 7]);
    expect((await call('POST', '/me/totp')).status).toBe(409);
    const [kept] = await desk.db.sql('select count(*)::integer as codes from recovery_codes where user_id = $1', [member.userId]);
    expect(kept).toEqual({ codes: 10 });
  });

  it('is asked for after the password, and only then', async () => {
    const { secret } = await enableTotp(desk, member.token);
    expect((await login()).json).toMatchObject({ status: 401, code: 'totp_required' });
    expect((await login('  ')).json).toMatchObject({ status: 401, code: 'totp_required' });
    expect((await login(wrongCode(secret))).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const wrong = await desk.api('POST', '/auth/login', { body: { email: member.email, password: 'wrong', totp: codeOf(secret, 1) } });
    const nobody = await desk.api('POST', '/auth/login', { body: { email: 'nobody@one.test', password: 'wrong', totp: '123456' } });
    expect({ ...wrong.json, requestId: '' }).toEqual({ ...nobody.json, requestId: '' });
    expect((await login(codeOf(secret, 1))).status).toBe(200);
  });

  it('lets in once with a code: not with the one it was set up with, not again, not with an earlier one', async () => {
    const { secret, usedCode } = await enableTotp(desk, member.token);
    expect((await login(usedCode)).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const [now, next] = [codeOf(secret), codeOf(secret, 1)];
    expect((await login(next)).status).toBe(200);
    expect((await login(next)).status).toBe(401);
    expect((await login(now)).status).toBe(401);
  });

  it('lets in once with a code that is used twenty times at once', async () => {
    const { secret } = await enableTotp(desk, member.token);
    const before = await sessionsOf(member.userId);
    const code = codeOf(secret, 1);
    // From many addresses, so that no limit helps.
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => login(code, `198.51.100.${n}`)));
    expect(statuses(answers, 200)).toBe(1);
    expect(await sessionsOf(member.userId)).toBe(before + 1);
  });

  it('is asked for by a link from a mail, which works on until the code is right', async () => {
    const { secret } = await enableTotp(desk, member.token);
    const { oneTimeTokens, database } = desk.context;
    const id = await oneTimeTokens.issue(database, 'magic_link', { userId: member.userId, email: member.email });
    const token = oneTimeTokens.tokenOf('magic_link', id);
    const consume = (totp?: string) => desk.api('POST', '/auth/magic-link/consume', { body: { token, ...(totp ? { totp } : {}) } });
    expect((await consume()).json).toMatchObject({ status: 401, code: 'totp_required' });
    expect((await consume(wrongCode(secret))).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect((await consume(codeOf(secret, 1))).status).toBe(200);
    await forgetStep();
    expect((await consume(codeOf(secret, 1))).status).toBe(401);
  });

  it('stays asked for after a new password', async () => {
    await enableTotp(desk, member.token);
    const { oneTimeTokens, database } = desk.context;
    const id = await oneTimeTokens.issue(database, 'password_reset', { userId: member.userId, email: member.email });
    const token = oneTimeTokens.tokenOf('password_reset', id);
    const password = 'a mailbox is one factor';
    expect((await desk.api('POST', '/auth/password-reset/consume', { body: { token, password } })).status).toBe(204);
    expect((await desk.api('POST', '/auth/login', { body: { email: member.email, password } })).json.code).toBe('totp_required');
  });
});

describe('wrong codes', () => {
  it('have to wait after five, from that address alone and for that person alone', async () => {
    const { secret } = await enableTotp(desk, member.token);
    const wrong = wrongCode(secret);
    const answers = await Promise.all(Array.from({ length: 12 }, () => login(wrong, '203.0.113.1')));
    expect([statuses(answers, 401), statuses(answers, 429)]).toEqual([5, 7]);
    const refused = await login(codeOf(secret, 1), '203.0.113.1');
    expect(refused.json).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600);
    const other = await hire(desk, 'agent');
    const theirs = await enableTotp(desk, other.token);
    expect((await login(codeOf(theirs.secret, 1), '203.0.113.1', other)).status).toBe(200);
    expect((await login(codeOf(secret, 1), '203.0.113.2')).status).toBe(200);
  });

  it('are not guessed on from ever new addresses', async () => {
    const { secret } = await enableTotp(desk, member.token);
    const answers = [];
    for (let n = 0; n < 40; n += 1) answers.push(await login(wrongCode(secret), `203.0.113.${n}`));
    expect([statuses(answers, 401), statuses(answers, 429)]).toEqual([30, 10]);
  }, 60_000);

  it('let nobody in while they cannot be counted', async () => {
    const { secret } = await enableTotp(desk, member.token);
    await ageProof(desk, member.token);
    await desk.db.sql('alter table limit_windows rename to limit_windows_away');
    const answer = await call('POST', '/auth/confirmation', { totp: codeOf(secret, 1) });
    await desk.db.sql('alter table limit_windows_away rename to limit_windows');
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect((await call('DELETE', '/me/totp')).json.code).toBe('confirmation_required');
    expect((await login(codeOf(secret, 1))).status).toBe(200);
  });
});

describe('recovery codes', () => {
  it('stand in for a code, each once, however they are typed, and the person is told', async () => {
    const { recoveryCodes } = await enableTotp(desk, member.token);
    const [first = '', second = ''] = recoveryCodes;
    expect((await login(first)).status).toBe(200);
    expect((await login(first)).status).toBe(401);
    expect((await login(second.replaceAll('-', ' ').toUpperCase())).status).toBe(200);
    expect(await security()).toMatchObject({ totp: { recoveryCodesLeft: 8 } });
    expect(await actionsOf(member.userId)).toEqual([
      'second_factor.enabled',
      'second_factor.recovery_code_used',
      'second_factor.recovery_code_used',
    ]);
    expect(await mailsOf(member.userId)).toEqual(['recovery_code_used_notice', 'recovery_code_used_notice']);
  });

  it('let in once when used twenty times at once', async () => {
    const { recoveryCodes } = await enableTotp(desk, member.token);
    const before = await sessionsOf(member.userId);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => login(recoveryCodes[0], `198.51.100.${n}`)));
    expect(statuses(answers, 200)).toBe(1);
    expect(await sessionsOf(member.userId)).toBe(before + 1);
  });

  it('of somebody else, or from before new ones were made, let nobody in', async () => {
    const old = await enableTotp(desk, member.token);
    const other = await enableTotp(desk, (await hire(desk, 'agent')).token);
    expect((await login(other.recoveryCodes[0])).status).toBe(401);
    const { status, json } = await call('POST', '/me/recovery-codes');
    expect([status, json.recoveryCodes.length]).toEqual([200, 10]);
    expect((await login(old.recoveryCodes[0])).status).toBe(401);
    expect((await login(json.recoveryCodes[0])).status).toBe(200);
    expect(await actionsOf(member.userId)).toContain('second_factor.recovery_codes_renewed');
  });

  it('come with an authenticator app', async () => {
    expect((await call('POST', '/me/recovery-codes')).json).toMatchObject({ status: 409, code: 'conflict' });
  });
});

describe('turning the second factor off', () => {
  it('leaves nothing of it, is written down and told to the person', async () => {
    const { recoveryCodes } = await enableTotp(desk, member.token);
    expect((await call('DELETE', '/me/totp')).status).toBe(204);
    const [user] = await desk.db.sql('select totp_sealed, totp_confirmed_at, totp_last_step from users where id = $1', [member.userId]);
    expect(user).toEqual({ totp_sealed: null, totp_confirmed_at: null, totp_last_step: null });
    expect(await desk.db.sql('select 1 from recovery_codes where user_id = $1', [member.userId])).toEqual([]);
    expect(await actionsOf(member.userId)).toEqual(['second_factor.enabled', 'second_factor.removed']);
    expect(await mailsOf(member.userId)).toEqual(['second_factor_removed_notice']);
    expect((await login()).status).toBe(200);
    expect((await call('DELETE', '/me/totp')).status).toBe(204);
    const again = await enableTotp(desk, member.token);
    expect((await login(recoveryCodes[0])).status).toBe(401);
    expect((await login(codeOf(again.secret, 1))).status).toBe(200);
  });

  it('is what the operator can do for somebody who lost it', async () => {
    await enableTotp(desk, member.token);
    expect(await removeSecondFactorOf(desk.context, member.email.toUpperCase())).toBe(true);
    expect((await login()).status).toBe(200);
    expect(await removeSecondFactorOf(desk.context, member.email)).toBe(false);
    const [entry] = await desk.db.sql("select actor_type from audit_entries where action = 'second_factor.removed' and subject_id = $1", [
      member.userId,
    ]);
    expect(entry).toEqual({ actor_type: 'operator' });
  });
});

it('what it rests on is in no table as it is, and in no answer to anybody', async () => {
  const { secret, recoveryCodes } = await enableTotp(desk, member.token);
  const rows = await desk.db.sql<{ text: string }>(
    `select u::text as text from users u union all select r::text from recovery_codes r union all select a.record from audit_entries a
     union all select m::text from mails m union all select i::text from idempotency_keys i`,
  );
  const answers = [];
  for (const [path, token] of [
    ['/me/security', member.token],
    ['/auth/me', member.token],
    ['/members?limit=100', desk.one.admin.token],
    [`/members/${member.userId}`, desk.one.admin.token],
    ['/audit?limit=100', desk.one.admin.token],
  ] as const)
    answers.push((await call('GET', path, undefined, token)).text);
  const seen = [...rows.map(({ text }) => text), ...answers].join('\n');
  for (const known of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))])
    expect(seen).not.toContain(known);
});
