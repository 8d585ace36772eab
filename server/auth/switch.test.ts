import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { closeSockets, secondServer, testSocket } from '../../test/support/sockets.ts';
import { createMember } from '../accounts/actions.ts';
import { newId } from '../db/id.ts';

let desk: TestApp;
const email = 'both@one.test';

beforeAll(async () => {
  desk = await testApp();
  for (const [account, role] of [
    [desk.one, 'agent'],
    [desk.two, 'viewer'],
  ] as const)
    await createMember(desk.db.database, account.id, { email, password: testPassword, name: 'Both', role });
});
// A sign-in leads to where the person was last: each test begins with somebody who was nowhere yet.
beforeEach(() => desk.db.sql('delete from sessions where user_id = (select id from users where email = $1)', [email]));
afterEach(closeSockets);
afterAll(() => desk.close());

interface SignedIn {
  accessToken: string;
  refreshToken: string;
}
const signIn = async (): Promise<SignedIn> =>
  (await desk.api('POST', '/auth/login', { body: { email, password: testPassword, tokenDelivery: 'body' } })).json;
const go = (token: string, accountId: string) => desk.api('POST', '/auth/switch', { token, body: { accountId } });
const me = (token: string, base = desk.base) =>
  fetch(`${base}/api/v1/auth/me`, { headers: { authorization: `Bearer ${token}` } }).then(async (answer) => ({
    status: answer.status,
    json: (await answer.json()) as Record<string, never>,
  }));
const refresh = (refreshToken: string) => desk.api('POST', '/auth/refresh', { body: { refreshToken, tokenDelivery: 'body' } });

describe('somebody in two accounts', () => {
  it('comes back to the one in which they were last', async () => {
    const { accessToken } = await signIn();
    expect((await go(accessToken, desk.two.id)).json.user.accountId).toBe(desk.two.id);
    expect((await me((await signIn()).accessToken)).json['account']).toMatchObject({ id: desk.two.id });
    await go((await signIn()).accessToken, desk.one.id);
    expect((await me((await signIn()).accessToken)).json['account']).toMatchObject({ id: desk.one.id });
  });

  it('sees both, and which one this is', async () => {
    const { accessToken } = await signIn();
    const { json } = await desk.api('GET', '/me/accounts', { token: accessToken });
    expect(json.items).toMatchObject([
      { id: desk.one.id, name: 'one', status: 'active', role: 'agent', roleName: null, isDemo: false, current: true },
      { id: desk.two.id, name: 'two', role: 'viewer', current: false },
    ]);
  });

  it('goes on in the other with its role there, and the old tokens stop at once', async () => {
    const before = await signIn();
    const { status, json } = await go(before.accessToken, desk.two.id);
    expect(status).toBe(200);
    expect(json).toMatchObject({ expiresIn: 900, user: { accountId: desk.two.id, role: 'viewer', email } });
    expect((await me(before.accessToken)).status).toBe(401);
    expect((await me(json.accessToken)).json).toMatchObject({ role: 'viewer', account: { id: desk.two.id } });
    // An access token alone must not become one that lasts; the one that this person has leads to the other account now.
    expect(json.refreshToken).toBeUndefined();
    const next = await refresh(before.refreshToken);
    expect(next.json).toMatchObject({ user: { accountId: desk.two.id, role: 'viewer' } });
    const [entry] = await desk.db.sql<{ record: string }>(
      "select record from audit_entries where account_id = $1 and action = 'session.switched'",
      [desk.two.id],
    );
    expect(JSON.parse(entry?.record ?? '{}')).toMatchObject({ actor: { type: 'member' }, details: { from: desk.one.id } });
  });

  it('who asks several times at once moves once, and the session lives', async () => {
    const { accessToken, refreshToken } = await signIn();
    const answers = await Promise.all(Array.from({ length: 10 }, () => go(accessToken, desk.two.id)));
    const moved = answers.filter(({ status }) => status === 200);
    expect(moved).toHaveLength(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 401]));
    expect((await refresh(refreshToken)).json).toMatchObject({ user: { accountId: desk.two.id } });
  });

  it('whose browser renews its token at the same moment stays signed in with either answer', async () => {
    for (let round = 0; round < 5; round += 1) {
      const before = await signIn();
      const [renewed, moved] = await Promise.all([refresh(before.refreshToken), go(before.accessToken, desk.two.id)]);
      expect([renewed.status, moved.status]).toEqual([200, 200]);
      const after = await refresh(renewed.json.refreshToken);
      expect(after.json).toMatchObject({ user: { accountId: desk.two.id } });
      expect((await me(after.json.accessToken)).status).toBe(200);
    }
  });

  it('is told of an account in which they do not work what they are told of none', async () => {
    const agentOfOne = desk.one.agent.token;
    const random = await go(agentOfOne, newId());
    const foreign = await go(agentOfOne, desk.two.id);
    expect(random.status).toBe(404);
    expect({ ...foreign.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
    expect((await me(agentOfOne)).status).toBe(200);
    await desk.db.sql(
      "update members set status = 'suspended' where account_id = $1 and user_id = (select id from users where email = $2)",
      [desk.two.id, email],
    );
    const { accessToken } = await signIn();
    expect({ ...(await go(accessToken, desk.two.id)).json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
    expect((await desk.api('GET', '/me/accounts', { token: accessToken })).json.items).toHaveLength(1);
    await desk.db.sql("update members set status = 'active' where account_id = $1", [desk.two.id]);
  });

  it('reads an account that is suspended', async () => {
    await desk.db.sql("update accounts set status = 'suspended' where id = $1", [desk.two.id]);
    const { accessToken } = await signIn();
    const { json } = await go(accessToken, desk.two.id);
    expect((await me(json.accessToken)).json).toMatchObject({ account: { status: 'suspended', readOnlyReason: 'suspended' } });
    await desk.db.sql("update accounts set status = 'active' where id = $1", [desk.two.id]);
  });
});

describe('the sockets of a session that moved', () => {
  it('close at once, in this process and within a second in another', async () => {
    const second = await secondServer(desk);
    try {
      const { accessToken } = await signIn();
      const [here, there] = [testSocket(desk.base, { token: accessToken }), testSocket(second.base, { token: accessToken })];
      await Promise.all([here.next('authenticated'), there.next('authenticated')]);
      expect((await me(accessToken, second.base)).status).toBe(200);
      const { json } = await go(accessToken, desk.two.id);
      const at = Date.now();
      await here.next('disconnect');
      expect(Date.now() - at).toBeLessThan(250);
      await there.next('disconnect');
      while ((await me(accessToken, second.base)).status !== 401) await new Promise((resolve) => setTimeout(resolve, 25));
      expect(Date.now() - at).toBeLessThan(1_000);
      const moved = testSocket(second.base, { token: json.accessToken });
      expect(await moved.next('authenticated')).toMatchObject({ accountId: desk.two.id });
    } finally {
      await second.close();
    }
  });
});
