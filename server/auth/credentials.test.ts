import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testPassword } from '../../test/support/app.ts';
import { type MailDesk, testMail } from '../../test/support/mail.ts';
import { createMember } from '../accounts/actions.ts';
import { noteLockOut } from './lock-out.ts';

let mail: MailDesk;
beforeAll(async () => {
  mail = await testMail({ GUICHET_TRUSTED_PROXIES: '127.0.0.1' });
});
afterAll(() => mail.close());
beforeEach(() => mail.desk.db.sql('delete from limit_windows'));

type Options = { token?: string | undefined; headers?: Record<string, string> };
const call = (method: string, path: string, body: unknown, { token, headers }: Options = {}) =>
  mail.desk.api(method, path, { body, ...(token ? { token } : {}), ...(headers ? { headers } : {}) });
const post = (path: string, body?: unknown, options?: Options) => call('POST', path, body, options);
const login = (email: string, password: string, headers: Record<string, string> = {}) =>
  post('/auth/login', { email, password }, { headers });
const meOf = async (token: string) => (await mail.desk.api('GET', '/auth/me', { token })).status;
const phrase = 'a phrase of their own';

let joined = 0;
/** Somebody new, whose address is proven already unless said otherwise. */
async function join(isProven = true) {
  joined += 1;
  const email = `person${joined}@people.test`;
  const userId = await createMember(mail.desk.db.database, mail.desk.one.id, {
    email,
    password: testPassword,
    name: 'Sam Bell',
    role: 'agent',
  });
  if (isProven) await mail.desk.db.sql('update users set email_verified_at = now() where id = $1', [userId]);
  return { userId, email, token: await mail.desk.signIn(email) };
}
const auditOf = async (userId: string) =>
  (await mail.desk.db.sql<{ action: string }>('select action from audit_entries where subject_id = $1 order by seq', [userId])).map(
    ({ action }) => action,
  );

describe('a forgotten password', () => {
  it('is set anew with a link, once, which ends every session, is told by mail and written into the log', async () => {
    const person = await join();
    const second = await mail.desk.signIn(person.email);
    expect((await post('/auth/password-reset', { email: person.email })).json).toEqual({});
    const { link, token } = await mail.smtp.next(person.email);
    expect(link).toContain('/sign-in/reset#token=');
    // A password that is refused leaves the link working.
    for (const password of ['short', 'motdepasse2024', 'sambell-people', person.email])
      expect((await post('/auth/password-reset/consume', { token, password })).json).toMatchObject({
        status: 400,
        errors: [{ path: 'password' }],
      });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => post('/auth/password-reset/consume', { token, password: `${phrase} ${n}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401, 401, 401]);
    expect([await meOf(person.token), await meOf(second)]).toEqual([401, 401]);
    const winner = answers.findIndex(({ status }) => status === 204) + 1;
    expect((await login(person.email, testPassword)).status).toBe(401);
    expect((await login(person.email, `${phrase} ${winner}`)).status).toBe(200);
    expect((await mail.smtp.next(person.email)).subject).toBe('Votre mot de passe a été changé');
    expect(await auditOf(person.userId)).toEqual(['user.password_reset']);
  });

  it('that was set with one link leaves the others of the mailbox without use, and its owner free to ask anew', async () => {
    const person = await join();
    const tokens: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      await post('/auth/password-reset', { email: person.email });
      tokens.push((await mail.smtp.next(person.email)).token);
    }
    const [first, ...others] = tokens;
    expect((await post('/auth/password-reset/consume', { token: first, password: phrase })).status).toBe(204);
    for (const token of others)
      expect((await post('/auth/password-reset/consume', { token, password: 'a phrase of somebody else' })).status).toBe(401);
    expect((await mail.smtp.next(person.email)).subject).toBe('Votre mot de passe a été changé');
    await post('/auth/password-reset', { email: person.email });
    expect((await mail.smtp.next(person.email)).link).toContain('/sign-in/reset#token=');
  });

  it('that was guessed at wrong five times lets its owner in after the reset', async () => {
    const person = await join();
    for (let n = 0; n < 6; n += 1) await login(person.email, 'wrong password');
    expect((await login(person.email, testPassword)).status).toBe(429);
    await post('/auth/password-reset', { email: person.email });
    const { token } = await mail.smtp.next(person.email);
    expect((await post('/auth/password-reset/consume', { token, password: phrase })).status).toBe(204);
    expect((await login(person.email, phrase)).status).toBe(200);
  });
});

describe('five wrong passwords', () => {
  it('keep a stranger from guessing, and not the owner, who comes from elsewhere', async () => {
    const { email } = await join();
    const stranger = { 'x-forwarded-for': '198.51.100.7' };
    for (let n = 0; n < 5; n += 1) expect((await login(email, `wrong ${n}`, stranger)).status).toBe(401);
    expect((await login(email, testPassword, stranger)).status).toBe(429);
    // The same customer's other addresses of IPv6 are one; what the stranger claims about further hops counts for nothing.
    for (let n = 0; n < 5; n += 1) await login(email, `wrong ${n}`, { 'x-forwarded-for': `2001:db8:1:2::${n}` });
    expect((await login(email, testPassword, { 'x-forwarded-for': '2001:db8:1:2:ffff::1' })).status).toBe(429);
    expect((await login(email, testPassword, { 'x-forwarded-for': '203.0.113.5, 198.51.100.7' })).status).toBe(429);
    expect((await login(email, testPassword, { 'x-forwarded-for': '203.0.113.5' })).status).toBe(200);
    // Nor does it help them against others.
    expect((await login(mail.desk.two.admin.email, testPassword, stranger)).status).toBe(200);
  });

  it('from however many places are a few entries of the log, which forgets nothing', async () => {
    const { userId, email } = await join();
    for (let n = 0; n < 8; n += 1) noteLockOut(mail.desk.context, email, mail.desk.context.actors.system);
    const key = `lock-outs of ${userId}`;
    const noted = async () => (await auditOf(userId)).filter((action) => action === 'member.locked_out').length;
    await expect.poll(async () => (await mail.desk.db.sql('select from limit_windows where key = $1', [key])).length).toBe(1);
    await expect.poll(noted).toBe(5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await noted()).toBe(5);
  });
});

describe('the own password', () => {
  it('is changed with the current one, which ends the other sessions and not this one', async () => {
    const person = await join();
    const other = await mail.desk.signIn(person.email);
    await mail.desk.db.sql("update sessions set confirmed_at = now() - interval '20 minutes' where user_id = $1", [person.userId]);
    const put = (body: object) => call('PUT', '/auth/password', body, { token: person.token });
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await put({ password: phrase })).json).toMatchObject({ status: 403, code: 'confirmation_required' });
    expect((await put({ currentPassword: 'wrong', password: phrase })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'currentPassword' }],
    });
    expect((await put({ currentPassword: testPassword, password: '1234567890' })).json).toMatchObject({
      status: 400,
      errors: [{ path: 'password' }],
    });
    expect((await put({ currentPassword: testPassword, password: phrase })).status).toBe(204);
    expect([await meOf(person.token), await meOf(other)]).toEqual([200, 401]);
    expect((await login(person.email, phrase)).status).toBe(200);
    expect((await mail.smtp.next(person.email)).subject).toContain('mot de passe');
    expect(await auditOf(person.userId)).toEqual(['user.password_changed']);
  });

  it('cannot be guessed at by whoever found the session open', async () => {
    const person = await join();
    const guess = () => call('PUT', '/auth/password', { currentPassword: 'a guess', password: phrase }, { token: person.token });
    const answers = await Promise.all(Array.from({ length: 9 }, guess));
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
    expect((await login(person.email, testPassword)).status).toBe(200);
  });

  it('can have hundreds of characters, and be typed on another keyboard', async () => {
    const person = await join();
    const long = `${'ûñ\u00E9 '.repeat(30)}ende`;
    expect((await call('PUT', '/auth/password', { password: long }, { token: person.token })).status).toBe(204);
    expect((await login(person.email, long.normalize('NFD'))).status).toBe(200);
    expect((await login(person.email, long.slice(0, 72))).status).toBe(401);
  });
});

describe('another address', () => {
  it('takes the place of the old one when its link is used; the old one is told and its links end', async () => {
    const person = await join();
    const wanted = `new.${person.email}`;
    await post('/auth/magic-link', { email: person.email });
    const old = await mail.smtp.next(person.email);
    expect((await post('/auth/email-change', { email: wanted.toUpperCase() }, { token: person.token })).status).toBe(202);
    const { token, link } = await mail.smtp.next(wanted);
    expect(link).toContain('/sign-in/email#token=');
    expect((await login(wanted, testPassword)).status).toBe(401);
    const answers = await Promise.all(Array.from({ length: 10 }, () => post('/auth/email-change/consume', { token })));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, ...Array(9).fill(401)]);
    expect((await login(wanted, testPassword)).status).toBe(200);
    expect((await login(person.email, testPassword)).status).toBe(401);
    expect((await post('/auth/magic-link/consume', { token: old.token })).status).toBe(401);
    const notice = await mail.smtp.next(person.email);
    expect(notice.subject).toBe('Votre adresse e-mail a été changée');
    expect(notice.text).toContain('n…@people.test');
    expect(notice.text).not.toContain(wanted);
    expect(await meOf(person.token)).toBe(200);
    expect(await auditOf(person.userId)).toEqual(['user.email_changed']);
  });

  it('that somebody else has is answered the same, gets no mail, and cannot be taken later', async () => {
    const [person, other] = [await join(), await join()];
    expect((await post('/auth/email-change', { email: other.email }, { token: person.token })).json).toEqual({});
    await post('/auth/email-change', { email: 'free.for.now@people.test' }, { token: person.token });
    const { token } = await mail.smtp.next('free.for.now@people.test');
    expect(mail.smtp.mails.filter(({ to }) => to.includes(other.email))).toEqual([]);
    await mail.desk.db.sql("update users set email = 'free.for.now@people.test' where id = $1", [other.userId]);
    expect((await post('/auth/email-change/consume', { token })).json).toMatchObject({ status: 409, code: 'conflict' });
    expect((await login(person.email, testPassword)).status).toBe(200);
  });

  it('that a thief asked for is not theirs any more once its owner shuts them out', async () => {
    const shutOut = {
      'with another password': (token: string) => call('PUT', '/auth/password', { password: phrase }, { token }),
      'by signing out everywhere': (token: string) => post('/auth/logout-all', undefined, { token }),
    };
    for (const [way, work] of Object.entries(shutOut)) {
      const person = await join();
      const thief = `thief.${person.userId}@elsewhere.test`;
      await post('/auth/email-change', { email: thief }, { token: person.token });
      const { token } = await mail.smtp.next(thief);
      expect((await work(await mail.desk.signIn(person.email))).status, way).toBe(204);
      expect((await post('/auth/email-change/consume', { token })).status, way).toBe(401);
    }
  });

  it('that whoever made the person asked for is over when the mailbox proves whose the person is', async () => {
    const person = await join(false);
    const maker = `maker.${person.userId}@elsewhere.test`;
    await post('/auth/email-change', { email: maker }, { token: person.token });
    const { token } = await mail.smtp.next(maker);
    await post('/auth/magic-link', { email: person.email });
    const own = await mail.smtp.next(person.email);
    expect((await post('/auth/magic-link/consume', { token: own.token, tokenDelivery: 'body' })).status).toBe(200);
    expect((await post('/auth/email-change/consume', { token })).status).toBe(401);
  });

  it('needs a recent proof of who asks, and is no way to write to many strangers', async () => {
    const person = await join();
    for (let n = 0; n < 6; n += 1) await post('/auth/email-change', { email: `stranger${n}@elsewhere.test` }, { token: person.token });
    await mail.settled();
    expect(mail.smtp.mails.filter(({ to }) => to[0]?.startsWith('stranger'))).toHaveLength(3);
    await mail.desk.db.sql("update sessions set confirmed_at = now() - interval '20 minutes' where user_id = $1", [person.userId]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    const refused = await post('/auth/email-change', { email: 'later@elsewhere.test' }, { token: person.token });
    expect(refused.json).toMatchObject({ status: 403, code: 'confirmation_required' });
  });
});

describe('proving the own address', () => {
  const askProof = async (person: { email: string; token: string }) => {
    expect((await post('/auth/email-verification', undefined, { token: person.token })).status).toBe(202);
    return mail.smtp.next(person.email);
  };

  it('from a mailbox alone takes away the password and sessions that somebody else may have made', async () => {
    const person = await join(false);
    const { token, link } = await askProof(person);
    expect(link).toContain('/sign-in/verify#token=');
    expect((await post('/auth/email-verification/consume', { token })).status).toBe(204);
    expect((await post('/auth/email-verification/consume', { token })).status).toBe(401);
    expect(await meOf(person.token)).toBe(401);
    expect((await login(person.email, testPassword)).status).toBe(401);
    expect((await mail.smtp.next(person.email)).subject).toContain('ancien mot de passe');
    expect(await auditOf(person.userId)).toEqual(['user.email_verified']);
  });

  it('from within their session keeps the password and that session', async () => {
    const person = await join(false);
    const other = await mail.desk.signIn(person.email);
    const { token } = await askProof(person);
    expect((await post('/auth/email-verification/consume', { token }, { token: person.token })).status).toBe(204);
    expect([await meOf(person.token), await meOf(other)]).toEqual([200, 401]);
    expect((await login(person.email, testPassword)).status).toBe(200);
    // Proven is proven: no further mail.
    await post('/auth/email-verification', undefined, { token: person.token });
    await mail.settled();
    expect(mail.smtp.mails.filter(({ to }) => to.includes(person.email))).toHaveLength(1);
  });

  it('from within the session of somebody else keeps nothing', async () => {
    const person = await join(false);
    const { token } = await askProof(person);
    expect((await post('/auth/email-verification/consume', { token }, { token: mail.desk.two.admin.token })).status).toBe(204);
    expect((await login(person.email, testPassword)).status).toBe(401);
  });
});

describe('a sign-in from a device that was not seen before', () => {
  const from = (device: string, email: string) => login(email, testPassword, { 'user-agent': device });

  it('is told by mail, once, and a new version of a browser is no new device', async () => {
    const person = await join();
    await from('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', person.email);
    const told = await mail.smtp.next(person.email);
    expect(told.subject).toBe('Nouvelle connexion à votre guichet');
    expect(told.text).toContain('Firefox/140.0');
    await from('Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0', person.email);
    await mail.settled();
    expect(mail.smtp.mails.filter(({ to }) => to.includes(person.email))).toHaveLength(1);
  });

  it('is not told of the first one, nor of one by a link from that very mailbox', async () => {
    const person = await join();
    await post('/auth/magic-link', { email: person.email });
    const { token } = await mail.smtp.next(person.email);
    await post('/auth/magic-link/consume', { token }, { headers: { 'user-agent': 'Another device' } });
    await mail.settled();
    expect(mail.smtp.mails.filter(({ to }) => to.includes(person.email))).toHaveLength(1);
  });
});
