import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CallOptions, testPassword } from '../../test/support/app.ts';
import { type MailDesk, testMail } from '../../test/support/mail.ts';
import { hire } from '../../test/support/people.ts';
import { newId } from '../db/id.ts';

let mail: MailDesk;
beforeAll(async () => {
  mail = await testMail();
});
afterAll(() => mail.close());

const newcomer = { name: 'Camille Roux', password: 'a phrase of four words' };
const admin = (method: string, path: string, body?: unknown) =>
  mail.desk.api(method, path, { token: mail.desk.one.admin.token, ...(body === undefined ? {} : { body }) });
const accept = (token: string, body: object = {}, options: CallOptions = {}) =>
  mail.desk.api('POST', '/invitations/accept', { ...options, body: { token, ...body } });
const preview = (token: string) => mail.desk.api('POST', '/invitations/preview', { body: { token } });
const person = async (email: string) =>
  (
    await mail.desk.db.sql<{ name: string; verified: boolean }>(
      'select name, email_verified_at is not null as verified from users where email = $1',
      [email],
    )
  )[0];

/** Invites an address; both tokens, of which only the mail holds the second. */
async function invite(email: string, role = 'agent'): Promise<{ id: string; copied: string; mailed: string }> {
  const made = await admin('POST', '/invitations', { email, role });
  expect(made.status, made.text).toBe(201);
  const { token, link, subject } = await mail.smtp.next(email);
  expect({ link, subject }).toEqual({ link: expect.stringContaining('/invitation#token='), subject: expect.stringContaining('one') });
  return { id: made.json.id, copied: made.json.link.split('#token=')[1], mailed: token };
}

it('an invitation goes out by mail with a link that its maker never saw, and that proves the address', async () => {
  const email = `guest-${newId()}@guests.test`;
  const { id, copied, mailed } = await invite(email);
  expect(mailed).not.toBe(copied);
  await mail.settled();
  const [listed] = (await admin('GET', '/invitations')).json.items;
  expect(listed).toMatchObject({ id, email, mailedAt: expect.stringMatching(/Z$/) });
  expect(JSON.stringify(listed)).not.toContain(mailed);
  expect((await accept(mailed, newcomer)).json.user).toMatchObject({ email, role: 'agent' });
  expect(await person(email)).toEqual({ name: 'Camille Roux', verified: true });
  expect((await preview(copied)).status).toBe(404);
});

it('sent again, the mail before is dead', async () => {
  const email = `guest-${newId()}@guests.test`;
  const first = await invite(email);
  expect((await admin('POST', `/invitations/${first.id}/resend`, {})).status).toBe(200);
  const second = await mail.smtp.next(email);
  expect((await accept(first.mailed, newcomer)).status).toBe(404);
  expect((await accept(second.token, newcomer)).status).toBe(200);
});

it('who reads the mail takes an address back that a stranger joined with; who has only the copied link does not', async () => {
  const stranger = await hire(mail.desk, 'viewer', mail.desk.two.id);
  const { copied, mailed } = await invite(stranger.email);
  expect((await preview(copied)).json).toMatchObject({ isNew: false, needsPassword: true });
  expect((await accept(copied, newcomer)).json.code).toBe('invalid_credentials');
  expect((await preview(mailed)).json).toMatchObject({ isNew: true, needsPassword: true });
  expect((await accept(mailed, newcomer)).json.user).toMatchObject({ id: stranger.userId, name: 'Camille Roux' });
  const login = (password: string) => mail.desk.api('POST', '/auth/login', { body: { email: stranger.email, password } });
  expect((await login(testPassword)).status).toBe(401);
  expect((await login(newcomer.password)).status).toBe(200);
  expect((await mail.desk.api('GET', '/auth/me', { token: stranger.token })).status).toBe(401);
});

it('nobody takes a proven address, or one with a second factor, over by a mail', async () => {
  for (const column of ['email_verified_at', 'totp_confirmed_at']) {
    const member = await hire(mail.desk, 'viewer', mail.desk.two.id);
    await mail.desk.db.sql(`update users set ${column} = now() where id = $1`, [member.userId]);
    const { mailed } = await invite(member.email);
    expect((await preview(mailed)).json).toMatchObject({ isNew: false });
    expect((await accept(mailed, newcomer)).json.code).toBe('invalid_credentials');
  }
});

it('who was removed everywhere and has no password any more comes back by the mail, and by it alone', async () => {
  const member = await hire(mail.desk, 'viewer');
  await mail.desk.db.sql('update users set email_verified_at = now(), password_hash = null where id = $1', [member.userId]);
  expect((await admin('DELETE', `/members/${member.userId}`)).status).toBe(204);
  const { copied, mailed } = await invite(member.email);
  expect((await preview(copied)).json).toMatchObject({ isNew: false });
  expect((await accept(copied, newcomer)).json.code).toBe('invalid_credentials');
  expect((await preview(mailed)).json).toMatchObject({ isNew: true });
  const back = await accept(mailed, newcomer);
  expect(back.json.user).toMatchObject({ id: member.userId, role: 'agent' });
  expect((await mail.desk.api('POST', '/auth/login', { body: { email: member.email, password: newcomer.password } })).status).toBe(200);
});

it('who is signed in, or knows the password, keeps it while the mail proves the address; their other sessions end', async () => {
  for (const way of ['session', 'password']) {
    const member = await hire(mail.desk, 'viewer', mail.desk.two.id);
    const other = await mail.desk.signIn(member.email);
    const { mailed } = await invite(member.email);
    const joined = way === 'session' ? await accept(mailed, {}, { token: member.token }) : await accept(mailed, { password: testPassword });
    expect(joined.status, joined.text).toBe(200);
    expect(await person(member.email)).toMatchObject({ name: 'Hired viewer', verified: true });
    const isAlive = async (token: string) => (await mail.desk.api('GET', '/auth/me', { token })).status === 200;
    expect([await isAlive(other), await isAlive(member.token)]).toEqual([false, way === 'session']);
    expect(await mail.desk.signIn(member.email)).toBeTypeOf('string');
  }
});

it('an account is no way to fill the mailbox of a stranger', async () => {
  const { id } = await invite(`stranger-${newId()}@elsewhere.test`);
  const key = `invitations ${mail.desk.one.id}`;
  const [counted] = await mail.desk.db.sql('update limit_windows set counts[61] = 100 where key = $1 returning key', [key]);
  expect(counted).toEqual({ key });
  for (const [path, body] of [
    [`/invitations/${id}/resend`, {}],
    ['/invitations', { email: `other-${newId()}@elsewhere.test`, role: 'viewer' }],
  ] as const)
    expect((await admin('POST', path, body)).json).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
});
