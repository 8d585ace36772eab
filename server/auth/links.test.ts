import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPassword } from '../../test/support/app.ts';
import { type MailDesk, testMail } from '../../test/support/mail.ts';
import { hire } from '../../test/support/people.ts';
import { codeOf, enableTotp, wrongCode } from '../../test/support/second-factor.ts';
import { createMember } from '../accounts/actions.ts';

let mail: MailDesk;
beforeAll(async () => {
  mail = await testMail({ GUICHET_TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => mail.close());
beforeEach(() => mail.desk.db.sql('delete from limit_windows'));

const post = (path: string, body: unknown, options: { token?: string; headers?: Record<string, string> } = {}) =>
  mail.desk.api('POST', path, { body, ...options });
const askLink = (email: string, headers: Record<string, string> = {}) => post('/auth/magic-link', { email }, { headers });
const useLink = (token: string, more: object = {}) => post('/auth/magic-link/consume', { token, tokenDelivery: 'body', ...more });
const login = (email: string, password: string, headers: Record<string, string> = {}) =>
  post('/auth/login', { email, password }, { headers });
const prove = (userId: string) => mail.desk.db.sql('update users set email_verified_at = now() where id = $1', [userId]);
const liveSessions = async (userId: string) =>
  (await mail.desk.db.sql('select id from sessions where user_id = $1 and revoked_at is null', [userId])).length;
const meOf = async (token: string) => (await mail.desk.api('GET', '/auth/me', { token })).status;

/** The token of a link that was just asked for; other mails to the same person do not count. */
async function linkOf(email: string): Promise<string> {
  await askLink(email);
  for (;;) {
    const received = await mail.smtp.next(email);
    if (received.link.includes('/sign-in/link#')) return received.token;
  }
}

describe('a link to sign in', () => {
  it('comes by mail, is not used up by those who look at it, and signs in once', async () => {
    const { agent } = mail.desk.one;
    await prove(agent.userId);
    const asked = await askLink(agent.email);
    expect([asked.status, asked.json]).toEqual([202, {}]);
    const received = await mail.smtp.next(agent.email);
    expect(received.link).toMatch(new RegExp(`^${mail.desk.context.config.publicUrl}/sign-in/link#token=[\\w-]{64}$`));
    const { pathname } = new URL(received.link);
    for (let n = 0; n < 20; n += 1) {
      await mail.desk.call(n % 2 ? 'GET' : 'HEAD', pathname);
      await mail.desk.api(n % 2 ? 'GET' : 'HEAD', `/auth/magic-link/consume?token=${received.token}`);
    }
    const opened = await useLink(received.token);
    expect(opened.json).toMatchObject({ expiresIn: 900, user: { email: agent.email, role: 'agent', accountId: mail.desk.one.id } });
    expect(await meOf(opened.json.accessToken)).toBe(200);
    expect((await useLink(received.token)).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    const [session] = await mail.desk.db.sql('select method from sessions where user_id = $1 order by id desc limit 1', [agent.userId]);
    expect(session).toEqual({ method: 'magic_link' });
  });

  it('used fifty times at once gives one session', async () => {
    const { viewer } = mail.desk.one;
    await prove(viewer.userId);
    const before = await liveSessions(viewer.userId);
    await askLink(viewer.email);
    const { token } = await mail.smtp.next(viewer.email);
    const answers = await Promise.all(Array.from({ length: 50 }, () => useLink(token)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
    expect(await liveSessions(viewer.userId)).toBe(before + 1);
  });

  it('ends after fifteen minutes, which begin when it is sent', async () => {
    const { agent } = mail.desk.two;
    await askLink(agent.email);
    const { token } = await mail.smtp.next(agent.email);
    const [{ left } = { left: 0 }] = await mail.desk.db.sql<{ left: number }>(
      "select extract(epoch from expires_at - now())::float8 as left from one_time_tokens where user_id = $1 and purpose = 'magic_link'",
      [agent.userId],
    );
    expect(left).toBeGreaterThan(890);
    expect(left).toBeLessThanOrEqual(900);
    await mail.desk.db.sql("update one_time_tokens set expires_at = now() - interval '1 second' where user_id = $1", [agent.userId]);
    expect((await useLink(token)).status).toBe(401);
  });

  it('is good for nothing else, and nothing else is good for it', async () => {
    const { agent } = mail.desk.two;
    await askLink(agent.email);
    const { token } = await mail.smtp.next(agent.email);
    expect((await post('/auth/password-reset/consume', { token, password: 'some other phrase' })).status).toBe(401);
    expect((await post('/auth/email-verification/consume', { token })).status).toBe(401);
    expect((await post('/auth/email-change/consume', { token })).status).toBe(401);
    await post('/auth/password-reset', { email: agent.email });
    const reset = await mail.smtp.next(agent.email);
    expect((await useLink(reset.token)).status).toBe(401);
    const edited = token.slice(0, -2) + (token.endsWith('AA') ? 'BB' : 'AA');
    for (const wrong of [edited, '', 'x', 'x'.repeat(64), `${token}=`, ` ${token}`])
      expect((await useLink(wrong)).status).toBeGreaterThan(399);
    expect((await useLink(token)).status).toBe(200);
  });

  it('to an address that is not the person’s any more does not work', async () => {
    const { viewer } = mail.desk.two;
    await askLink(viewer.email);
    const { token } = await mail.smtp.next(viewer.email);
    await mail.desk.db.sql("update users set email = 'moved@two.test' where id = $1", [viewer.userId]);
    expect((await useLink(token)).status).toBe(401);
    await mail.desk.db.sql('update users set email = $2 where id = $1', [viewer.userId, viewer.email]);
  });

  it('asks for the second factor of those who have one, and works until it is right', async () => {
    const person = await hire(mail.desk, 'agent');
    await prove(person.userId);
    const { secret } = await enableTotp(mail.desk, person.token);
    await mail.desk.db.sql('update users set totp_last_step = null where id = $1', [person.userId]);
    const token = await linkOf(person.email);
    const before = await liveSessions(person.userId);
    expect((await useLink(token)).json).toMatchObject({ status: 401, code: 'totp_required' });
    expect((await useLink(token, { totp: wrongCode(secret) })).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(await liveSessions(person.userId)).toBe(before);
    const answers = await Promise.all(Array.from({ length: 10 }, () => useLink(token, { totp: codeOf(secret) })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await liveSessions(person.userId)).toBe(before + 1);
  });

  it('asked for from another site does not sign anybody in', async () => {
    const answer = await post('/auth/magic-link/consume', { token: 'x'.repeat(64) }, { headers: { origin: 'https://evil.example' } });
    expect(answer.json).toMatchObject({ status: 403, code: 'forbidden' });
  });
});

describe('asking for a link', () => {
  it('answers the same bytes after as long, whether somebody has the address or not', async () => {
    await mail.settled();
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const answers = new Set<string>();
    for (let n = 0; n < 40; n += 1) {
      const who = n % 2 ? 'known' : 'unknown';
      await mail.settled();
      await mail.desk.db.sql('delete from limit_windows');
      const path = n % 4 < 2 ? '/auth/magic-link' : '/auth/password-reset';
      const start = performance.now();
      const answer = await post(path, { email: who === 'known' ? mail.desk.one.admin.email : `nobody${n}@one.test` });
      times[who].push(performance.now() - start);
      const headers = ['content-type', 'content-length', 'cache-control', 'set-cookie'].map((name) => answer.headers.get(name));
      answers.add(JSON.stringify([answer.status, answer.text, headers]));
    }
    expect([...answers]).toHaveLength(1);
    // The quicker ones: what else the machine does makes the others slow.
    const usual = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 2] ?? 0;
    expect(usual(times.known) / usual(times.unknown)).toBeGreaterThan(0.4);
    expect(usual(times.known) / usual(times.unknown)).toBeLessThan(2.5);
    await mail.settled();
    expect(mail.smtp.mails.some(({ to }) => to[0]?.startsWith('nobody'))).toBe(false);
  });

  it('leaves nothing of an address that nobody has', async () => {
    await askLink('nobody-at-all@one.test');
    await mail.settled();
    expect(await mail.desk.db.sql("select 1 from one_time_tokens where email = 'nobody-at-all@one.test'")).toEqual([]);
  });

  it('gives one address three links, and whoever asks in its name keeps its owner from nothing', async () => {
    const { admin } = mail.desk.two;
    await prove(admin.userId);
    await mail.settled();
    const before = mail.smtp.mails.length;
    for (let n = 0; n < 12; n += 1) await askLink(admin.email, { 'x-forwarded-for': `198.51.100.${n}` });
    await mail.settled();
    expect(mail.smtp.mails.length - before).toBe(3);
    expect((await askLink('somebody.else@one.test')).status).toBe(202);
    // The owner asks too, gets no fourth mail, and signs in with one that is there.
    expect((await askLink(admin.email, { 'x-forwarded-for': '203.0.113.9' })).status).toBe(202);
    expect((await useLink((await mail.smtp.next(admin.email)).token)).status).toBe(200);
    // A used link frees the way for the next.
    await askLink(admin.email);
    await mail.settled();
    expect(mail.smtp.mails.length - before).toBe(4);
  });

  it('is refused to one client that asks for very many', async () => {
    await askLink('first@one.test', { 'x-forwarded-for': '203.0.113.77' });
    await mail.desk.db.sql("update limit_windows set counts[61] = 300 where key like 'links %'");
    const refused = await askLink('next@one.test', { 'x-forwarded-for': '203.0.113.77' });
    expect(refused.json).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await askLink('next@one.test', { 'x-forwarded-for': '203.0.113.78' })).status).toBe(202);
  });

  it.each([
    ['a line break', 'agent@one.test\r\nBcc: all@evil.example'],
    ['a second address', 'agent@one.test, other@evil.example'],
    ['a name', 'Agent <agent@one.test>'],
    ['a Kelvin sign', '\u212Aim@one.test'],
    ['a dotless i', 'adm\u0131n@one.test'],
    ['a full-width letter', '\uFF41gent@one.test'],
    ['a domain in other letters', 'agent@\u03BFne.test'],
    ['NUL', 'agent@one.test\u0000'],
  ])('with %s in the address is refused', async (_name, email) => {
    for (const path of ['/auth/magic-link', '/auth/password-reset']) {
      expect((await post(path, { email })).json).toMatchObject({ status: 400, code: 'validation_error', errors: [{ path: 'email' }] });
    }
  });
});

describe('the first proof of an address', () => {
  it('by a link takes away the password, the other ways in and the sessions from before', async () => {
    const email = 'taken.over@one.test';
    const { userId } = await join(email);
    await mail.desk.db.sql(
      "insert into external_identities (id, user_id, provider, issuer, subject) values (gen_random_uuid(), $1, 'google', 'https://i', 's')",
      [userId],
    );
    await mail.desk.db.sql(
      "insert into passkeys (id, user_id, credential_id, public_key, name) values (gen_random_uuid(), $1, 'c', 'k', 'theirs')",
      [userId],
    );
    const squatter = await mail.desk.signIn(email);
    await askLink(email);
    const owner = await useLink((await mail.smtp.next(email)).token);
    expect(owner.status).toBe(200);
    expect(await meOf(squatter)).toBe(401);
    expect((await login(email, testPassword)).status).toBe(401);
    expect(
      await mail.desk.db.sql('select 1 from passkeys where user_id = $1 union all select 1 from external_identities where user_id = $1', [
        userId,
      ]),
    ).toEqual([]);
    expect((await mail.smtp.next(email)).subject).toContain('mot de passe');
    // Their own password, set afterwards, outlives the next link.
    const set = await mail.desk.api('PUT', '/auth/password', { token: owner.json.accessToken, body: { password: 'chosen by the owner' } });
    expect(set.status).toBe(204);
    await mail.smtp.next(email);
    await askLink(email);
    expect((await useLink((await mail.smtp.next(email)).token)).status).toBe(200);
    expect((await login(email, 'chosen by the owner')).status).toBe(200);
  });
});

/** Somebody new in the first account. */
async function join(email: string): Promise<{ userId: string }> {
  const userId = await createMember(mail.desk.db.database, mail.desk.one.id, {
    email,
    password: testPassword,
    name: 'Newcomer',
    role: 'agent',
  });
  return { userId };
}
