import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '../../contract/permissions.ts';
import { type CallOptions, type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { hire, hireWith, makeRole } from '../../test/support/people.ts';
import { newId } from '../db/id.ts';

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ GUICHET_PUBLIC_URL: 'https://desk.example' });
});
afterAll(() => app.close());

const admin = (method: string, path: string, body?: unknown, token = app.one.admin.token) =>
  app.api(method, path, { token, ...(body === undefined ? {} : { body }) });
const address = () => `guest-${newId()}@guests.test`;
const tokenOf = (link: string) => link.split('#token=')[1] ?? '';
const preview = (token: string, options: CallOptions = {}) => app.api('POST', '/invitations/preview', { ...options, body: { token } });
const accept = (token: string, body: object = {}, options: CallOptions = {}) =>
  app.api('POST', '/invitations/accept', { ...options, body: { token, tokenDelivery: 'body', ...body } });
const newcomer = { name: 'Camille Roux', password: 'a phrase of four words' };

async function invite(
  body: object = {},
  token = app.one.admin.token,
): Promise<{ id: string; email: string; token: string; mailed: string }> {
  const email = address();
  const { json, status, text } = await admin('POST', '/invitations', { email, role: 'agent', ...body }, token);
  expect(status, text).toBe(201);
  return { id: json.id, email, token: tokenOf(json.link), mailed: await mailedToken(json.id) };
}

/** The token that only the mail holds. */
async function mailedToken(id: string): Promise<string> {
  const [row] = await app.db.sql<{ token_id: string }>('select token_id from invitations where id = $1', [id]);
  return app.context.oneTimeTokens.tokenOf('invitation', row?.token_id ?? '');
}

const verifiedAt = async (email: string) =>
  (await app.db.sql<{ at: Date | null }>('select email_verified_at as at from users where email = $1', [email]))[0]?.at;

describe('an invitation', () => {
  it('gives a link that works without any mail, says what it is for, and lets a new person in with name, password, role and teams', async () => {
    const team = (await admin('POST', '/teams', { name: `Team ${newId()}` })).json;
    const roleId = await makeRole(app, ['conversation.read', 'inbox.read']);
    const email = address();
    const made = (await admin('POST', '/invitations', { email: email.toUpperCase(), roleId, teamIds: [team.id] })).json;
    expect(made).toMatchObject({ email, role: 'custom', roleId, teams: [{ id: team.id }], invitedBy: { id: app.one.admin.userId } });
    expect(made.link).toMatch(/^https:\/\/desk\.example\/invitation#token=[\w-]{64}$/);
    expect(Date.parse(made.expiresAt) - Date.parse(made.createdAt)).toBe(7 * 86_400_000);
    const token = tokenOf(made.link);
    for (let n = 0; n < 3; n += 1)
      expect((await preview(token)).json).toEqual({ accountName: 'one', email, invitedBy: 'Ana of one', isNew: true, needsPassword: true });
    const joined = await accept(token, newcomer);
    expect(joined.json.user).toMatchObject({ email, name: 'Camille Roux', role: 'custom', accountId: app.one.id });
    const me = (await app.api('GET', '/auth/me', { token: joined.json.accessToken })).json;
    expect(me).toMatchObject({ roleId, permissions: ['inbox.read', 'conversation.read'] });
    expect((await admin('GET', `/members/${me.id}`)).json).toMatchObject({ status: 'active', teams: [{ id: team.id }] });
    expect((await app.api('POST', '/auth/login', { body: { email, password: newcomer.password } })).status).toBe(200);
    const kept = await app.db.sql<{ record: string }>(
      "select record from audit_entries where account_id = $1 and action like 'invitation.%' order by seq",
      [app.one.id],
    );
    expect(kept.map(({ record }) => JSON.parse(record).action)).toEqual(['invitation.created', 'invitation.accepted']);
    expect(JSON.stringify(kept)).not.toContain(token);
  });

  it('has its token nowhere in the database, and its answer is not kept for a repetition', async () => {
    const headers = { 'idempotency-key': newId() };
    const body = { email: address(), role: 'viewer' };
    const first = await app.api('POST', '/invitations', { token: app.one.admin.token, body, headers });
    const token = tokenOf(first.json.link);
    const again = await app.api('POST', '/invitations', { token: app.one.admin.token, body, headers });
    expect(again.json).toMatchObject({ status: 409, code: 'conflict' });
    const mailed = await mailedToken(first.json.id);
    for (const table of ['invitations', 'jobs', 'idempotency_keys', 'audit_entries']) {
      const rows = JSON.stringify(await app.db.sql(`select t::text from ${table} t`));
      for (const secret of [token, mailed, Buffer.from(token, 'base64url').toString('hex')]) expect(rows).not.toContain(secret);
    }
  });

  it('proves the address only when its link came by mail', async () => {
    const [copied, mailed] = [await invite(), await invite()];
    expect((await accept(copied.token, newcomer)).status).toBe(200);
    expect(await verifiedAt(copied.email)).toBeNull();
    expect((await accept(mailed.mailed, newcomer)).status).toBe(200);
    expect(await verifiedAt(mailed.email)).toBeInstanceOf(Date);
  });

  it('is for one: of 50 at once exactly one gets in, by either link', async () => {
    const { email, token, mailed } = await invite();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => accept(n % 2 ? token : mailed, newcomer)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 404]));
    expect(await app.db.sql('select id from users where email = $1', [email])).toHaveLength(1);
    expect((await preview(token)).status).toBe(404);
  });

  it('that was revoked, sent again, or has expired is answered like one that never was', async () => {
    const random = (await preview('x'.repeat(64))).json;
    const isOver = async (token: string) => {
      for (const answer of [await preview(token), await accept(token, newcomer)])
        expect({ ...answer.json, requestId: '' }).toEqual({ ...random, requestId: '' });
    };
    const revoked = await invite();
    expect((await admin('DELETE', `/invitations/${revoked.id}`)).status).toBe(204);
    await isOver(revoked.token);
    await isOver(revoked.mailed);
    const resent = await invite();
    const again = await admin('POST', `/invitations/${resent.id}/resend`, {});
    expect(again.json).toMatchObject({ id: resent.id, email: resent.email });
    await isOver(resent.token);
    await isOver(resent.mailed);
    expect((await accept(tokenOf(again.json.link), newcomer)).status).toBe(200);
    const expired = await invite();
    await app.db.sql("update invitations set expires_at = now() - interval '1 second' where id = $1", [expired.id]);
    await isOver(expired.token);
    expect((await admin('POST', '/invitations', { email: expired.email, role: 'agent' })).status).toBe(201);
  });

  it('goes to an address once, and not to somebody who is a member', async () => {
    const { email } = await invite();
    const taken = { status: 409, json: { code: 'conflict', errors: [{ path: 'email' }] } };
    expect(await admin('POST', '/invitations', { email, role: 'agent' })).toMatchObject(taken);
    expect(await admin('POST', '/invitations', { email: app.one.agent.email, role: 'viewer' })).toMatchObject(taken);
    expect((await admin('POST', '/invitations', { email: app.two.agent.email, role: 'viewer' })).status).toBe(201);
  });
});

describe('somebody who signs in here already', () => {
  const inviteThem = async () => tokenOf((await admin('POST', '/invitations', { email: app.two.viewer.email, role: 'agent' })).json.link);

  it('joins when signed in as themselves, or with their own password, and keeps that password', async () => {
    const token = await inviteThem();
    expect((await preview(token)).json).toMatchObject({ isNew: false, needsPassword: true });
    expect((await preview(token, { token: app.two.viewer.token })).json).toMatchObject({ isNew: false, needsPassword: false });
    expect((await accept(token, newcomer)).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect((await accept(token, {}, { token: app.two.admin.token })).json).toMatchObject({ status: 400, errors: [{ path: 'password' }] });
    const joined = await accept(token, {}, { token: app.two.viewer.token });
    expect(joined.json.user).toMatchObject({ id: app.two.viewer.userId, accountId: app.one.id, role: 'agent' });
    expect((await app.api('GET', '/auth/me', { token: app.two.viewer.token })).json).toMatchObject({ role: 'viewer' });
    expect((await app.api('POST', '/auth/login', { body: { email: app.two.viewer.email, password: testPassword } })).status).toBe(200);
    expect((await admin('DELETE', `/members/${app.two.viewer.userId}`)).status).toBe(204);
    const again = await inviteThem();
    expect((await accept(again, { password: testPassword })).json.user).toMatchObject({ id: app.two.viewer.userId, role: 'agent' });
  });

  it('does not make an old proof fresh by joining', async () => {
    const stale = await hire(app, 'viewer', app.two.id);
    await app.db.sql("update sessions set confirmed_at = now() - interval '1 hour' where user_id = $1", [stale.userId]);
    const { link } = (await admin('POST', '/invitations', { email: stale.email, role: 'agent' })).json;
    app.context.auth.forgetSession((await app.api('GET', '/auth/me', { token: stale.token })).json.sessionId);
    expect((await accept(tokenOf(link), {}, { token: stale.token })).status).toBe(200);
    const rows = await app.db.sql<{ old: boolean }>(
      "select confirmed_at < now() - interval '30 minutes' as old from sessions where user_id = $1",
      [stale.userId],
    );
    expect(rows).toEqual([{ old: true }, { old: true }]);
  });

  it('shows the second factor too, and the link still works when it was missing or wrong', async () => {
    const member = await hire(app, 'viewer', app.two.id);
    const { secret } = (await admin('POST', '/me/totp', undefined, member.token)).json;
    const code = (steps: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
    expect((await admin('PUT', '/me/totp', { code: code(0) }, member.token)).status).toBe(200);
    const token = tokenOf((await admin('POST', '/invitations', { email: member.email, role: 'agent' })).json.link);
    const given = { password: testPassword };
    expect((await accept(token, given)).json).toMatchObject({ status: 401, code: 'totp_required' });
    expect((await accept(token, { ...given, totp: '000000' })).json).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect((await accept(token, { ...given, totp: code(1) })).json.user).toMatchObject({ id: member.userId, accountId: app.one.id });
  });

  it('cannot be guessed at more often through an invitation than at the door', async () => {
    const victim = await hire(app, 'viewer', app.two.id);
    const { link } = (await admin('POST', '/invitations', { email: victim.email, role: 'agent' })).json;
    const statuses = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await accept(tokenOf(link), { password: `wrong guess ${n}` })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

describe('nobody invites to more than they hold', () => {
  const refused = (path: string) => ({ status: 403, json: { code: 'forbidden', errors: [{ path }] } });

  it('by a built-in role, a custom one, or as a key', async () => {
    const inviter = await hireWith(app, ['member.manage', 'contact.read']);
    const roleId = await makeRole(app, ['contact.write']);
    const as = (body: object) => admin('POST', '/invitations', { email: address(), ...body }, inviter.token);
    expect(await as({ role: 'admin' })).toMatchObject(refused('role'));
    expect(await as({ roleId })).toMatchObject(refused('roleId'));
    expect((await as({ roleId: await makeRole(app, ['contact.read']) })).status).toBe(201);
    const { key } = (await admin('POST', '/api-keys', { name: 'inviter', permissions: ['member.manage'] })).json;
    expect(await admin('POST', '/invitations', { email: address(), role: 'viewer' }, key)).toMatchObject(refused('role'));
  });

  it('nor resends, revokes or has accepted what they could give before they were demoted', async () => {
    const inviter = await hire(app, 'admin');
    const { id, token } = await invite({ role: 'admin' }, inviter.token);
    const roleId = await makeRole(app, ['member.manage']);
    expect((await admin('PATCH', `/members/${inviter.userId}`, { roleId })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await admin('POST', `/invitations/${id}/resend`, {}, inviter.token)).toMatchObject(refused('id'));
    expect(await admin('DELETE', `/invitations/${id}`, undefined, inviter.token)).toMatchObject(refused('id'));
    for (const answer of [await preview(token), await accept(token, newcomer)]) expect(answer.status).toBe(404);
    const again = await admin('POST', `/invitations/${id}/resend`, {});
    expect((await accept(tokenOf(again.json.link), newcomer)).json.user).toMatchObject({ role: 'admin' });
  });

  it('and a key that was revoked or has expired lets nobody in any more', async () => {
    const permissions = permissionsOf('admin');
    const make = async () => (await admin('POST', '/api-keys', { name: 'Inviter', permissions })).json;
    const [revoked, expired, alive] = [await make(), await make(), await make()];
    const guests = [];
    for (const { key } of [revoked, expired, alive]) guests.push(await invite({ role: 'admin' }, key));
    await admin('DELETE', `/api-keys/${revoked.id}`);
    await app.db.sql('update api_keys set expires_at = now() where id = $1', [expired.id]);
    expect(await Promise.all(guests.map(async ({ token }) => (await accept(token, newcomer)).status))).toEqual([404, 404, 200]);
  });

  it('and whoever is suspended or removed lets nobody in any more', async () => {
    for (const leave of ['suspend', 'remove']) {
      const inviter = await hire(app, 'admin');
      const { token } = await invite({}, inviter.token);
      if (leave === 'suspend') await admin('PATCH', `/members/${inviter.userId}`, { status: 'suspended' });
      else await admin('DELETE', `/members/${inviter.userId}`);
      expect((await accept(token, newcomer)).status, leave).toBe(404);
    }
  });
});

describe('of another account', () => {
  it('an invitation, a role or a team is answered like one that nobody has', async () => {
    const theirs = app.two.admin.token;
    const own = {
      invitation: (await invite()).id,
      role: await makeRole(app, ['contact.read']),
      team: (await admin('POST', '/teams', { name: newId() })).json.id,
    };
    const same = async (ask: (id: string) => ReturnType<typeof admin>, id: string, status: number) => {
      const [foreign, random] = [await ask(id), await ask(newId())];
      expect({ ...foreign.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
      expect(foreign.status).toBe(status);
    };
    await same((id) => admin('DELETE', `/invitations/${id}`, undefined, theirs), own.invitation, 404);
    await same((id) => admin('POST', `/invitations/${id}/resend`, {}, theirs), own.invitation, 404);
    await same((roleId) => admin('POST', '/invitations', { email: address(), roleId }, theirs), own.role, 400);
    await same((id) => admin('POST', '/invitations', { email: address(), role: 'agent', teamIds: [id] }, theirs), own.team, 400);
    expect((await admin('GET', '/invitations', undefined, theirs)).json.items.map((one: { id: string }) => one.id)).not.toContain(
      own.invitation,
    );
  });

  it('nobody joins one that is suspended', async () => {
    const { token } = await invite();
    await app.db.sql("update accounts set status = 'suspended' where id = $1", [app.one.id]);
    expect((await accept(token, newcomer)).json).toMatchObject({ status: 403, code: 'account_read_only' });
    await app.db.sql("update accounts set status = 'active' where id = $1", [app.one.id]);
    expect((await accept(token, newcomer)).status).toBe(200);
  });
});
