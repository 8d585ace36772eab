import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { grantablePermissions } from '../../contract/permissions.ts';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';
import { type Operation, readOperations, sampleBody } from '../../test/support/openapi.ts';
import { hireWith, makeRole, withinASecond } from '../../test/support/people.ts';
import { closeSockets, secondServer, testSocket } from '../../test/support/sockets.ts';
import { newId } from '../db/id.ts';

let app: TestApp;
let inbox: TestInbox;
let operations: Operation[];
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
  operations = await readOperations(app);
});
afterEach(closeSockets);
afterAll(() => app.close());

const admin = (method: string, path: string, body?: unknown) =>
  app.api(method, path, { token: app.one.admin.token, ...(body === undefined ? {} : { body }) });
const audit = (action: string) =>
  app.db.sql<{ record: string }>('select record from audit_entries where account_id = $1 and action = $2 order by seq desc limit 1', [
    app.one.id,
    action,
  ]);

describe('a custom role', () => {
  it('says what it is in sign-in, me and the list of members', async () => {
    const member = await hireWith(app, ['conversation.read', 'inbox.read', 'member.read']);
    const role = (await admin('GET', `/roles/${member.roleId}`)).json;
    expect(role).toMatchObject({ memberCount: 1, permissions: ['member.read', 'inbox.read', 'conversation.read'] });
    const me = (await app.api('GET', '/auth/me', { token: member.token })).json;
    expect(me).toMatchObject({ role: 'custom', roleId: member.roleId, roleName: role.name, permissions: role.permissions });
    const listed = (await app.api('GET', `/members/${member.userId}`, { token: member.token })).json;
    expect(listed).toMatchObject({ role: 'custom', roleId: member.roleId, roleName: role.name, permissions: role.permissions });
    expect((await admin('GET', '/roles')).json.builtIn.map((one: { role: string }) => one.role)).toEqual(['admin', 'agent', 'viewer']);
    expect(JSON.parse((await audit('role.created'))[0]?.record ?? '{}')).toMatchObject({
      actor: { type: 'member', id: app.one.admin.userId },
      subject: { type: 'role', id: member.roleId },
      details: { permissions: role.permissions },
    });
  });

  it.each(['Agent', ' admin ', 'VIEWER'])('cannot be called %j, which names a role that every account has', async (name) => {
    const refused = await admin('POST', '/roles', { name, permissions: ['inbox.read'] });
    expect(refused).toMatchObject({ status: 409, json: { code: 'conflict', errors: [{ path: 'name', message: 'is taken' }] } });
    const { id } = (await admin('POST', '/roles', { name: `nearly ${name.trim()}`, permissions: ['inbox.read'] })).json;
    expect((await admin('PATCH', `/roles/${id}`, { name })).status).toBe(409);
  });

  it.each(grantablePermissions)('of %s alone opens the operations that need it and no others', async (permission) => {
    const { token } = await hireWith(app, [permission]);
    const guarded = operations.filter(({ access }) => access !== 'public' && access !== 'session');
    expect(guarded.length).toBeGreaterThan(20);
    for (const operation of guarded) {
      const body = sampleBody(operation.body, () => newId());
      const answer = await app.call(
        operation.method,
        operation.pathWith(() => newId()),
        { token, ...(body ? { body } : {}) },
      );
      // A member who may make roles or members still gives no more than they hold.
      const isRefused = answer.status === 403 && answer.json.detail === `This needs the permission ${operation.access}.`;
      expect(isRefused, `${operation.name}: ${answer.text}`).toBe(operation.access !== permission);
    }
  });

  it('that changes acts on HTTP and on open sockets within a second, in every process', async () => {
    const member = await hireWith(app, ['conversation.read', 'conversation.write']);
    await arrive(app, inbox, [{ from: '33600000001', text: 'bonjour' }]);
    const { id } = (await app.api('GET', '/conversations?limit=1', { token: member.token })).json.items[0];
    const second = await secondServer(app);
    const sockets = [app.base, second.base].map((base) => testSocket(base, { token: member.token }));
    const says = (allowed: boolean) => async () => {
      const http = await Promise.all(
        [app.base, second.base].map((base) =>
          fetch(`${base}/api/v1/conversations/${id}`, {
            method: 'PATCH',
            headers: { authorization: `Bearer ${member.token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ priority: 'normal' }),
          }),
        ),
      );
      const heard = await Promise.all(sockets.map((socket) => socket.ask('typing', { conversationId: id, isTyping: true })));
      return http.every(({ status }) => (status === 200) === allowed) && heard.every(({ ok }) => ok === allowed);
    };
    try {
      for (const socket of sockets) await socket.next('authenticated');
      expect(await says(true)()).toBe(true);
      expect((await admin('PATCH', `/roles/${member.roleId}`, { permissions: ['conversation.read'] })).status).toBe(200);
      await withinASecond(says(false));
      await admin('PATCH', `/members/${member.userId}`, { role: 'agent' });
      await withinASecond(says(true));
      expect(JSON.parse((await audit('role.changed'))[0]?.record ?? '{}').details).toMatchObject({ taken: ['conversation.write'] });
    } finally {
      await second.close();
    }
  });

  it('without conversation.read hears nothing of conversations; taking it away ends what an open socket hears', async () => {
    const member = await hireWith(app, ['conversation.read']);
    const deaf = await hireWith(app, ['contact.read']);
    const [socket, never] = [testSocket(app.base, { token: member.token }), testSocket(app.base, { token: deaf.token })];
    await socket.next('authenticated');
    expect(await never.next('authenticated')).toMatchObject({ presence: [] });
    await arrive(app, inbox, [{ from: '33600000002', text: 'bonjour' }]);
    const { conversation } = (await socket.next('conversation:new')) as unknown as { conversation: { id: string } };
    await socket.join(conversation.id);
    await admin('PATCH', `/roles/${member.roleId}`, { permissions: ['contact.read'] });
    await sleep(1_000);
    const before = socket.heard.length;
    await arrive(app, inbox, [{ from: '33600000002', text: 'secret' }]);
    await sleep(200);
    const told = [...socket.heard.slice(before), ...never.heard].filter(({ name }) => /^(message|conversation|typing|viewing)/.test(name));
    expect(told).toEqual([]);
    await admin('PATCH', `/roles/${member.roleId}`, { permissions: ['conversation.read'] });
    await sleep(1_000);
    await arrive(app, inbox, [{ from: '33600000002', text: 'again' }]);
    expect(await socket.next('conversation:update', (body) => body['seq'] === 3)).toBeDefined();
  });
});

describe('nobody gives more than they hold', () => {
  const more = (path: string) => ({ status: 403, json: { code: 'forbidden', errors: [{ path }] } });

  it('when they make or change a role', async () => {
    const maker = await hireWith(app, ['role.manage', 'role.read', 'contact.read']);
    const as = (method: string, path: string, body?: unknown) =>
      app.api(method, path, { token: maker.token, ...(body === undefined ? {} : { body }) });
    expect(await as('POST', '/roles', { name: 'More', permissions: ['contact.read', 'contact.write'] })).toMatchObject(more('permissions'));
    const made = await as('POST', '/roles', { name: 'As much', permissions: ['contact.read'] });
    expect(made.status).toBe(201);
    expect(await as('PATCH', `/roles/${made.json.id}`, { permissions: ['member.manage'] })).toMatchObject(more('permissions'));
    expect(await as('PATCH', `/roles/${maker.roleId}`, { permissions: ['role.manage', 'account.manage'] })).toMatchObject(
      more('permissions'),
    );
    const higher = await makeRole(app, ['contact.write']);
    expect(await as('PATCH', `/roles/${higher}`, { permissions: ['contact.read'] })).toMatchObject(more('id'));
    expect(await as('DELETE', `/roles/${higher}`)).toMatchObject(more('id'));
    expect((await as('DELETE', `/roles/${made.json.id}`)).status).toBe(204);
  });

  it('not even the permission of the installation, which no role can hold', async () => {
    for (const name of ['installation.manage', 'nothing', '__proto__'])
      expect((await admin('POST', '/roles', { name: 'Above', permissions: [name] })).json).toMatchObject({ code: 'validation_error' });
  });
});

describe('a role', () => {
  it('has a name of its own, whatever the case, and cannot go while somebody has it', async () => {
    const member = await hireWith(app, ['contact.read']);
    const { name } = (await admin('GET', `/roles/${member.roleId}`)).json;
    expect(await admin('POST', '/roles', { name: name.toUpperCase(), permissions: ['contact.read'] })).toMatchObject({
      status: 409,
      json: { errors: [{ path: 'name' }] },
    });
    expect((await admin('DELETE', `/roles/${member.roleId}`)).json).toMatchObject({ status: 409, code: 'conflict' });
    expect((await admin('DELETE', `/members/${member.userId}`)).status).toBe(204);
    expect((await admin('DELETE', `/roles/${member.roleId}`)).status).toBe(204);
    expect((await admin('GET', `/roles/${member.roleId}`)).status).toBe(404);
  });

  it('of another account is one that nobody has: in a path and in a body', async () => {
    const own = await makeRole(app, ['contact.read']);
    const foreign = (path: string, method: string, body?: unknown) =>
      app.api(method, path, { token: app.two.admin.token, ...(body === undefined ? {} : { body }) });
    for (const [method, body] of [
      ['GET', undefined],
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const) {
      const [theirs, random] = [await foreign(`/roles/${own}`, method, body), await foreign(`/roles/${newId()}`, method, body)];
      expect({ ...theirs.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
      expect(theirs.status).toBe(404);
    }
    const give = (roleId: string) => foreign(`/members/${app.two.agent.userId}`, 'PATCH', { roleId });
    const [theirs, random] = [await give(own), await give(newId())];
    expect({ ...theirs.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
    expect(theirs.json).toMatchObject({ status: 400, errors: [{ path: 'roleId' }] });
  });
});
