import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, type TestMember, testApp, testPassword } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';
import { hire, hireWith, makeRole, withinASecond } from '../../test/support/people.ts';
import { closeSockets, secondServer, testSocket } from '../../test/support/sockets.ts';
import { createMember } from '../accounts/actions.ts';
import { newId } from '../db/id.ts';
import { enrich } from '../message/inbound/enrich.ts';

let app: TestApp;
let inbox: TestInbox;
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
});
afterEach(closeSockets);
afterAll(() => app.close());

const as = (token: string, method: string, path: string, body?: unknown) =>
  app.api(method, path, { token, ...(body === undefined ? {} : { body }) });
const admin = (method: string, path: string, body?: unknown) => as(app.one.admin.token, method, path, body);
const entries = async (memberId: string) =>
  (await app.db.sql<{ record: string }>('select record from audit_entries where subject_id = $1 order by seq', [memberId])).map(
    ({ record }) => JSON.parse(record) as { action: string; details: object; actor: object },
  );

let phone = 33_600_000_000;
async function conversationFor(member: TestMember, status = 'open'): Promise<string> {
  phone += 1;
  await arrive(app, inbox, [{ from: String(phone), text: 'bonjour' }]);
  const { id } = (await admin('GET', '/conversations?limit=1')).json.items[0];
  await admin('PUT', `/conversations/${id}/assignment`, { assigneeId: member.userId });
  if (status === 'snoozed') await admin('PUT', `/conversations/${id}/snooze`, { until: new Date(Date.now() + 3_600_000).toISOString() });
  else if (status !== 'open') await admin('PATCH', `/conversations/${id}`, { status });
  return id;
}

describe('the last active admin', () => {
  const lastAdmin = { status: 409, json: { code: 'last_admin' } };

  it('can be neither demoted, suspended nor removed, whoever else could manage members', async () => {
    const manager = app.two.admin;
    const path = `/members/${manager.userId}`;
    const roleId = (
      await as(manager.token, 'POST', '/roles', { name: 'All but the name', permissions: ['member.manage', 'account.manage'] })
    ).json.id;
    await as(manager.token, 'PATCH', `/members/${app.two.agent.userId}`, { roleId });
    for (const patch of [{ role: 'agent' }, { roleId }, { status: 'suspended' }, { role: 'viewer', status: 'suspended' }])
      expect(await as(manager.token, 'PATCH', path, patch), JSON.stringify(patch)).toMatchObject(lastAdmin);
    expect(await as(manager.token, 'DELETE', path)).toMatchObject(lastAdmin);
    const suspended = await hire(app, 'admin', app.two.id);
    expect((await as(manager.token, 'PATCH', `/members/${suspended.userId}`, { status: 'suspended' })).status).toBe(200);
    expect(await as(manager.token, 'PATCH', path, { role: 'agent' })).toMatchObject(lastAdmin);
    expect((await as(manager.token, 'PATCH', `/members/${suspended.userId}`, { status: 'active' })).status).toBe(200);
    expect((await as(manager.token, 'PATCH', path, { role: 'agent' })).status).toBe(200);
    const freed = await app.signIn(suspended.email);
    expect((await as(freed, 'PATCH', path, { role: 'admin' })).status).toBe(200);
  });

  it.each([
    ['demote', 'PATCH', { role: 'agent' }],
    ['suspend', 'PATCH', { status: 'suspended' }],
    ['remove', 'DELETE', undefined],
  ] as const)('stays when the only two %s each other at once: exactly one wins', async (_name, method, body) => {
    for (let round = 0; round < 5; round += 1) {
      const { accountId, pair } = await accountOfTwo();
      const [first, second] = pair;
      const answers = await Promise.all([
        as(first.token, method, `/members/${second.userId}`, body),
        as(second.token, method, `/members/${first.userId}`, body),
      ]);
      expect(answers.map(({ status }) => status < 300).sort()).toEqual([false, true]);
      const left = await app.db.sql("select from members where account_id = $1 and role = 'admin' and status = 'active'", [accountId]);
      expect(left).toHaveLength(1);
    }
  });

  it('is not the point where three are: two who take each other the rights at once do not both succeed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [first, second] = [await hire(app, 'admin'), await hire(app, 'admin')];
      const answers = await Promise.all([
        as(first.token, 'PATCH', `/members/${second.userId}`, { role: 'agent' }),
        as(second.token, 'PATCH', `/members/${first.userId}`, { role: 'agent' }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    }
  });
});

async function accountOfTwo(): Promise<{ accountId: string; pair: [TestMember, TestMember] }> {
  const accountId = newId();
  await app.db.sql('insert into accounts (id, name) values ($1, $2)', [accountId, 'Two']);
  return { accountId, pair: [await hire(app, 'admin', accountId), await hire(app, 'admin', accountId)] };
}

describe('nobody gives or takes more than they hold', () => {
  const refused = (path: string) => ({ status: 403, json: { code: 'forbidden', errors: [{ path }] } });

  it('by changing a role, a status, or somebody who holds more', async () => {
    const manager = await hireWith(app, ['member.manage', 'member.read', 'contact.read']);
    const peer = await hireWith(app, ['contact.read']);
    const change = (id: string, body: object) => as(manager.token, 'PATCH', `/members/${id}`, body);
    expect(await change(peer.userId, { role: 'viewer' })).toMatchObject(refused('role'));
    expect(await change(peer.userId, { roleId: await makeRole(app, ['contact.write']) })).toMatchObject(refused('roleId'));
    expect(await change(manager.userId, { role: 'admin' })).toMatchObject(refused('role'));
    for (const body of [{ status: 'suspended' }, { roleId: peer.roleId }])
      expect(await change(app.one.viewer.userId, body)).toMatchObject(refused('id'));
    expect(await as(manager.token, 'DELETE', `/members/${app.one.viewer.userId}`)).toMatchObject(refused('id'));
    expect((await change(peer.userId, { status: 'suspended' })).status).toBe(200);
    expect((await change(peer.userId, { status: 'active', roleId: manager.roleId })).status).toBe(200);
    expect((await admin('PATCH', `/members/${peer.userId}`, { role: 'agent', status: 'suspended' })).status).toBe(200);
    expect(await change(peer.userId, { status: 'active' })).toMatchObject(refused('id'));
  });

  it('nor does an admin, of whoever runs the installation', async () => {
    const superadmin = await hire(app, 'viewer');
    await app.db.sql('update users set is_superadmin = true where id = $1', [superadmin.userId]);
    expect(await admin('PATCH', `/members/${superadmin.userId}`, { status: 'suspended' })).toMatchObject(refused('id'));
    expect(await admin('DELETE', `/members/${superadmin.userId}`)).toMatchObject(refused('id'));
  });
});

describe('suspending and removing', () => {
  it('end the sessions of this account within a second, on HTTP and sockets, in every process, and those of no other', async () => {
    const second = await secondServer(app);
    try {
      for (const leave of ['suspended', 'removed']) {
        const member = await hire(app, 'agent');
        await app.db.sql("insert into members (account_id, user_id, role) values ($1, $2, 'viewer')", [app.two.id, member.userId]);
        const elsewhere = newId();
        await app.db.sql(
          "insert into sessions (id, user_id, account_id, refresh_hash, expires_at) values ($1, $2, $3, $4, now() + interval '1 day')",
          [elsewhere, member.userId, app.two.id, Buffer.from(elsewhere)],
        );
        const sockets = [app.base, second.base].map((base) => testSocket(base, { token: member.token }));
        for (const socket of sockets) await socket.next('authenticated');
        const me = (base: string) => fetch(`${base}/api/v1/auth/me`, { headers: { authorization: `Bearer ${member.token}` } });
        expect((await me(second.base)).status).toBe(200);
        const path = `/members/${member.userId}`;
        const answer = leave === 'suspended' ? await admin('PATCH', path, { status: 'suspended' }) : await admin('DELETE', path);
        expect(answer.status, answer.text).toBeLessThan(300);
        expect((await me(app.base)).status).toBe(401);
        await withinASecond(async () => (await me(second.base)).status === 401);
        await withinASecond(() => Promise.resolve(sockets.every(({ socket }) => !socket.connected)));
        const live = await app.db.sql('select id from sessions where user_id = $1 and revoked_at is null', [member.userId]);
        expect(live).toEqual([{ id: elsewhere }]);
        const login = await app.api('POST', '/auth/login', { body: { email: member.email, password: testPassword } });
        expect(login.json.user.accountId).toBe(app.two.id);
      }
    } finally {
      await second.close();
    }
  });

  it('hand over what is open, told to screens, and leave what is closed', async () => {
    const ways = (['suspended', 'removed'] as const).flatMap((leave) => [app.one.agent, undefined].map((heir) => ({ leave, heir })));
    for (const { leave, heir } of ways) {
      const member = await hire(app, 'agent');
      const work = [await conversationFor(member), await conversationFor(member, 'pending'), await conversationFor(member, 'snoozed')];
      const closed = await conversationFor(member, 'closed');
      const before = await Promise.all(work.map(async (id) => (await admin('GET', `/conversations/${id}`)).json.seq as number));
      const screen = testSocket(app.base, { token: app.one.viewer.token });
      await screen.next('authenticated');
      const path = `/members/${member.userId}`;
      const answer =
        leave === 'suspended'
          ? await admin('PATCH', path, { status: 'suspended', ...(heir ? { handOverTo: heir.userId } : {}) })
          : await admin('DELETE', heir ? `${path}?handOverTo=${heir.userId}` : path);
      expect(answer.status, answer.text).toBeLessThan(300);
      for (const [n, id] of work.entries()) {
        const told = (await screen.next(
          'conversation:update',
          (body) => (body['conversation'] as unknown as { id: string }).id === id,
        )) as unknown as {
          seq: number;
          conversation: { assignee: { id: string } | null };
        };
        expect(told.seq).toBe((before[n] ?? 0) + 1);
        expect(told.conversation.assignee?.id).toBe(heir?.userId);
      }
      expect((await admin('GET', `/conversations/${closed}`)).json.assignee).toMatchObject({ id: member.userId, name: 'Hired agent' });
      const last = (await entries(member.userId)).at(-1);
      expect(last).toMatchObject({ action: `member.${leave}`, details: { handedOver: 3, handOverTo: heir?.userId ?? null } });
    }
  }, 30_000);

  it.each([
    ['a member', (id: string) => admin('DELETE', `/conversations/${id}/closure`)],
    ['a patch', (id: string) => admin('PATCH', `/conversations/${id}`, { status: 'pending' })],
    [
      'the contact',
      async (id: string) => {
        const { contact } = (await admin('GET', `/conversations/${id}`)).json;
        const stored = await arrive(app, inbox, [{ from: contact.label.replace('Client ', ''), text: 'encore moi' }]);
        await enrich(
          app.context.database,
          app.one.id,
          stored.map(({ messageId }) => messageId),
        );
      },
    ],
  ])('leave what was closed to nobody once %s opens it again', async (_who, reopen) => {
    const [gone, here] = [await hire(app, 'agent'), await hire(app, 'agent')];
    const [deserted, kept] = [await conversationFor(gone, 'closed'), await conversationFor(here, 'closed')];
    await admin('PATCH', `/members/${gone.userId}`, { status: 'suspended' });
    for (const id of [deserted, kept]) await reopen(id);
    const shown = await Promise.all([deserted, kept].map(async (id) => (await admin('GET', `/conversations/${id}`)).json));
    expect(shown.map(({ status }) => status)).not.toContain('closed');
    expect(shown.map(({ assignee }) => assignee?.id)).toEqual([undefined, here.userId]);
  });

  it('give the work to nobody who cannot take it', async () => {
    const [member, gone] = [await hire(app, 'agent'), await hire(app, 'agent')];
    await admin('PATCH', `/members/${gone.userId}`, { status: 'suspended' });
    const refused = { status: 400, json: { errors: [{ path: 'handOverTo' }] } };
    for (const id of [gone.userId, member.userId, app.two.agent.userId, newId()]) {
      expect(await admin('DELETE', `/members/${member.userId}?handOverTo=${id}`)).toMatchObject(refused);
      expect(await admin('PATCH', `/members/${member.userId}`, { status: 'suspended', handOverTo: id })).toMatchObject(refused);
    }
    expect(await admin('PATCH', `/members/${member.userId}`, { role: 'viewer', handOverTo: app.one.agent.userId })).toMatchObject(refused);
  });

  it('leave nobody with work that was assigned at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const member = await hire(app, 'agent');
      const id = await conversationFor(app.one.agent);
      const [given, suspended] = await Promise.all([
        admin('PUT', `/conversations/${id}/assignment`, { assigneeId: member.userId }),
        admin('PATCH', `/members/${member.userId}`, { status: 'suspended' }),
      ]);
      expect(suspended.status).toBe(200);
      expect([200, 400]).toContain(given.status);
      expect((await admin('GET', `/conversations/${id}`)).json.assignee?.id).not.toBe(member.userId);
    }
  });
});

describe('somebody who was removed', () => {
  it('is gone from the list and stays the author of what they wrote; an invitation brings them back', async () => {
    const member = await hire(app, 'agent');
    const id = await conversationFor(member);
    await as(member.token, 'POST', `/conversations/${id}/messages`, { text: 'à bientôt', kind: 'note' });
    const team = (await admin('POST', '/teams', { name: newId(), memberIds: [member.userId] })).json;
    expect((await admin('DELETE', `/members/${member.userId}`)).status).toBe(204);
    const listed = async (query = '') => (await admin('GET', `/members?limit=100${query}`)).json.items.map((one: { id: string }) => one.id);
    expect(await listed()).not.toContain(member.userId);
    expect(await listed('&status=removed')).toContain(member.userId);
    expect((await admin('GET', `/members/${member.userId}`)).json).toMatchObject({ status: 'removed', permissions: [], teams: [] });
    expect((await admin('GET', `/teams/${team.id}`)).json.members).toEqual([]);
    const written = (await admin('GET', `/conversations/${id}/messages`)).json.items.find(
      (one: { text: string }) => one.text === 'à bientôt',
    );
    expect(written.author).toEqual({ id: member.userId, name: 'Hired agent' });
    for (const answer of [
      await admin('PATCH', `/members/${member.userId}`, { role: 'agent' }),
      await admin('DELETE', `/members/${member.userId}`),
    ])
      expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
    expect((await admin('PUT', `/conversations/${id}/assignment`, { assigneeId: member.userId })).status).toBe(400);
    const { link } = (await admin('POST', '/invitations', { email: member.email, role: 'viewer' })).json;
    const back = await app.api('POST', '/invitations/accept', { body: { token: link.split('#token=')[1], password: testPassword } });
    expect(back.json.user).toMatchObject({ id: member.userId, role: 'viewer', accountId: app.one.id });
    expect(await listed()).toContain(member.userId);
  });
});

describe('a change of a member', () => {
  it('is in the audit log with who did it, and says nothing where nothing changed', async () => {
    const member = await hire(app, 'viewer');
    await admin('PATCH', `/members/${member.userId}`, { role: 'agent' });
    await admin('PATCH', `/members/${member.userId}`, { role: 'agent' });
    await admin('PATCH', `/members/${member.userId}`, { status: 'suspended' });
    await admin('PATCH', `/members/${member.userId}`, { status: 'active' });
    expect(await entries(member.userId)).toMatchObject([
      { action: 'member.role_changed', details: { from: 'viewer', to: 'agent' }, actor: { id: app.one.admin.userId } },
      { action: 'member.suspended' },
      { action: 'member.reactivated' },
    ]);
  });

  it('that does not fit is refused with the field to blame', async () => {
    const path = `/members/${app.one.viewer.userId}`;
    const roleId = await makeRole(app, ['contact.read']);
    for (const [body, field] of [
      [{ role: 'custom' }, 'roleId'],
      [{ role: 'agent', roleId }, 'roleId'],
      [{ role: 'superadmin' }, 'role'],
      [{ status: 'removed' }, 'status'],
    ] as const)
      expect(await admin('PATCH', path, body), JSON.stringify(body)).toMatchObject({ status: 400, json: { errors: [{ path: field }] } });
  });

  it('of another account is answered like one of a member that nobody knows', async () => {
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { role: 'viewer' }],
      ['DELETE', undefined],
    ] as const) {
      const [foreign, random] = [
        await admin(method, `/members/${app.two.agent.userId}`, body),
        await admin(method, `/members/${newId()}`, body),
      ];
      expect({ ...foreign.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
      expect(foreign.status).toBe(404);
    }
    expect((await as(app.two.agent.token, 'GET', '/auth/me')).status).toBe(200);
  });
});

it('the list goes on after somebody whose long name is in any alphabet', async () => {
  const name = '漢'.repeat(120);
  await createMember(app.db.database, app.two.id, { email: 'kan@people.test', password: testPassword, name, role: 'viewer' });
  await createMember(app.db.database, app.two.id, { email: 'kanji@people.test', password: testPassword, name, role: 'viewer' });
  const { token } = app.two.admin;
  // The page ends with the first of the two, whoever else is there.
  const limit = (await as(token, 'GET', '/members?limit=100')).json.items.length - 1;
  const first = await as(token, 'GET', `/members?limit=${limit}`);
  expect(first.json.items.at(-1).name).toBe(name);
  const next = await as(token, 'GET', `/members?limit=${limit}&cursor=${first.json.nextCursor}`);
  expect(next.json).toMatchObject({ items: [{ name }], nextCursor: null });
});
