import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedAccount } from '../accounts/actions.ts';
import { createAccount } from '../accounts/actions.ts';
import { changeAccount } from '../accounts/change.ts';
import { grantSuperadmin, revokeSuperadmin } from '../accounts/superadmin.ts';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { arrive, makeInbox } from '../../test/support/inboxes.ts';
import { closeSockets, secondServer, testSocket } from '../../test/support/sockets.ts';
import { newId } from '../db/id.ts';

let desk: TestApp;
let root: string;
beforeAll(async () => {
  desk = await testApp();
  await grantSuperadmin(desk.db.database, desk.context.actors.operator, desk.one.admin.email);
  root = await desk.signIn(desk.one.admin.email);
});
afterAll(async () => {
  closeSockets();
  await desk.close();
});

const operator = () => desk.context.actors.operator;
const list = (query = '', token = root) => desk.api('GET', `/installation/accounts${query}`, { token });
const show = (id: string, token = root) => desk.api('GET', `/installation/accounts/${id}`, { token });
const change = (id: string, body: object, token = root) => desk.api('PATCH', `/installation/accounts/${id}`, { token, body });
const open = (body: object, headers = {}) => desk.api('POST', '/installation/accounts', { token: root, body, headers });
const make = (name: string, options: Parameters<typeof createAccount>[3] = {}): Promise<CreatedAccount> => {
  const email = `${name.replace(/\W/g, '').toLowerCase()}@desk.test`;
  return createAccount(desk.db.database, operator(), { name, email, password: testPassword, memberName: name }, options);
};
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString();
const entriesOf = async (accountId: string) =>
  (await desk.db.sql<{ record: string }>('select record from audit_entries where account_id = $1 order by seq', [accountId])).map(
    ({ record }) => JSON.parse(record),
  );

describe('the installation', () => {
  it('is seen by nobody but its superadmin', async () => {
    for (const token of [desk.one.agent.token, desk.two.admin.token])
      for (const answer of [
        await list('', token),
        await show(desk.one.id, token),
        await change(desk.two.id, { tier: 'free' }, token),
        await desk.api('POST', '/installation/accounts', { token, body: { name: 'X', email: 'x@desk.test' } }),
      ])
        expect(answer.json).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await desk.api('GET', '/auth/me', { token: root })).json).toMatchObject({
      isSuperadmin: true,
      permissions: expect.arrayContaining(['installation.manage']),
    });
  });

  it('lists its accounts, the newest first, page by page, with how they are used', async () => {
    const inbox = await makeInbox(desk, desk.two.id, 'whatsapp');
    await arrive(desk, inbox, [{ from: '33612345611', text: 'Bonjour' }]);
    for (const name of ['Étude Renard', 'Étude Blanc', '100 % Thé_']) await make(name);
    const names: string[] = [];
    let cursor = '';
    do {
      const { json } = await list(`?limit=2${cursor}`);
      expect(json.items.length).toBeLessThanOrEqual(2);
      names.push(...json.items.map(({ name }: { name: string }) => name));
      cursor = json.nextCursor ? `&cursor=${json.nextCursor}` : '';
    } while (cursor);
    expect(names).toEqual(['100 % Thé_', 'Étude Blanc', 'Étude Renard', 'two', 'one']);
    const { json } = await list('?q=TWO');
    expect(json.items).toMatchObject([{ id: desk.two.id, memberCount: 3, inboxCount: 1, status: 'active', tier: 'enterprise' }]);
    expect(Date.now() - Date.parse(json.items[0].lastActivityAt)).toBeLessThan(60_000);
    expect((await show(desk.one.id)).json).toMatchObject({ memberCount: 3, inboxCount: 0, lastActivityAt: null });
  });

  it('finds by a part of the name, letter by letter, and by state', async () => {
    const found = async (query: string) => (await list(query)).json.items.map(({ name }: { name: string }) => name);
    expect(await found('?q=%C3%89TUDE')).toEqual(['Étude Blanc', 'Étude Renard']);
    expect(await found('?q=%25')).toEqual(['100 % Thé_']);
    expect(await found('?q=_')).toEqual(['100 % Thé_']);
    expect(await found("?q='%20or%20true--")).toEqual([]);
    expect(await found('?status=suspended')).toEqual([]);
    expect((await list('?status=gone')).json.errors[0].path).toBe('status');
    const members = (await desk.api('GET', '/members?limit=1', { token: root })).json.nextCursor;
    expect((await list(`?cursor=${members}`)).status).toBe(400);
  });

  it('has nothing under an id that nobody has', async () => {
    expect((await show(newId())).json).toMatchObject({ status: 404, code: 'not_found' });
    expect((await change(newId(), { tier: 'free' })).status).toBe(404);
  });
});

describe('opening an account', () => {
  it('invites its admin, and begins a trial of fourteen days', async () => {
    const { status, json } = await open({ name: 'Café Marthe', email: 'Marthe@cafe.test' });
    expect(status).toBe(201);
    expect(json.account).toMatchObject({ name: 'Café Marthe', status: 'trial', tier: 'enterprise', memberCount: 0, readOnlyReason: null });
    expect(Date.parse(json.account.trialEndsAt) / 86_400_000 - Date.now() / 86_400_000).toBeCloseTo(14, 2);
    const token = new URL(json.invitation.link).hash.replace('#token=', '');
    const accepted = await desk.api('POST', '/invitations/accept', {
      body: { token, name: 'Marthe', password: testPassword, tokenDelivery: 'body' },
    });
    expect(accepted.json).toMatchObject({ user: { role: 'admin', accountId: json.account.id, email: 'marthe@cafe.test' } });
    expect((await entriesOf(json.account.id)).map(({ action, actor }) => [action, actor.id])).toEqual(
      expect.arrayContaining([['account.created', desk.one.admin.userId]]),
    );
    // Nothing of it is written into the superadmin's own desk, and the next request of that one still sees its own.
    expect((await desk.api('GET', '/account', { token: root })).json.name).toBe('one');
  });

  it('with a password lets its admin sign in at once', async () => {
    const body = {
      name: 'Direct',
      email: 'direct@desk.test',
      password: 'a phrase of four words',
      status: 'active',
      tier: 'pro',
      modules: ['crm', 'inbox', 'crm'],
    };
    const { json } = await open(body);
    expect(json).toMatchObject({
      invitation: null,
      account: { status: 'active', tier: 'pro', modules: ['inbox', 'crm'], trialEndsAt: null, memberCount: 1 },
    });
    const signedIn = await desk.api('POST', '/auth/login', { body: { email: body.email, password: body.password } });
    expect(signedIn.json.user.accountId).toBe(json.account.id);
  });

  it('is done once for one Idempotency-Key, and is no way to the password of somebody known', async () => {
    const body = { name: 'Once', email: 'once@desk.test' };
    expect((await open(body, { 'idempotency-key': 'once' })).status).toBe(201);
    expect((await open(body, { 'idempotency-key': 'once' })).json).toMatchObject({ status: 409, code: 'conflict' });
    expect((await list('?q=Once')).json.items).toHaveLength(1);
    const taken = await open({ name: 'Taken', email: desk.two.admin.email, password: 'another password' });
    expect(taken.json).toMatchObject({ status: 409, errors: [{ path: 'email' }] });
    expect((await list('?q=Taken')).json.items).toEqual([]);
  });
});

describe('the password of somebody known', () => {
  it('is guessed at no more often by opening accounts than at the door', async () => {
    const answers: string[] = [];
    for (let n = 0; n < 7; n += 1)
      answers.push((await open({ name: 'G', email: desk.two.agent.email, password: `wrong guess ${n}` })).json.code);
    expect(answers).toEqual([...Array<string>(5).fill('conflict'), 'rate_limit_exceeded', 'rate_limit_exceeded']);
  });
});

describe('changing an account', () => {
  it('acts on its people, keys and sockets within a second, in every process', async () => {
    const second = await secondServer(desk);
    try {
      const { token } = desk.two.admin;
      const { key } = (
        await desk.api('POST', '/api-keys', { token, body: { name: 'k', permissions: ['contact.write', 'account.manage'] } })
      ).json;
      const [inbox] = (await desk.api('GET', '/inboxes', { token })).json.items;
      const [conversation] = (await desk.api('GET', `/conversations?inboxId=${inbox.id}`, { token })).json.items;
      const socket = testSocket(second.base, { token });
      await socket.next('authenticated');
      const write = async (base: string, credential: string) => {
        const headers = { authorization: `Bearer ${credential}`, 'content-type': 'application/json' };
        const answer = await fetch(`${base}/api/v1/account`, { method: 'PATCH', headers, body: '{"name":"two"}' });
        return ((await answer.json()) as { code?: string }).code ?? answer.status;
      };
      const type = async () => (await socket.ask('typing', { conversationId: conversation.id, isTyping: true })).code ?? 'taken';
      const askAll = () =>
        Promise.all([write(desk.base, token), write(second.base, token), write(desk.base, key), write(second.base, key), type()]);
      const until = async (wanted: unknown[]) => {
        const at = Date.now();
        while (JSON.stringify(await askAll()) !== JSON.stringify(wanted)) {
          expect(Date.now() - at).toBeLessThan(1_000);
          await sleep(20);
        }
      };
      await until([200, 200, 200, 200, 'taken']);
      await change(desk.two.id, { status: 'suspended' });
      await until(Array(5).fill('account_read_only'));
      expect((await fetch(`${second.base}/api/v1/account`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
      await change(desk.two.id, { status: 'trial', trialEndsAt: new Date(Date.now() - 1).toISOString() });
      expect((await show(desk.two.id)).json.readOnlyReason).toBe('trial_ended');
      await change(desk.two.id, { trialEndsAt: days(1) });
      await until([200, 200, 200, 200, 'taken']);
      await change(desk.two.id, { modules: ['crm'] });
      await until([200, 200, 200, 200, 'module_off']);
    } finally {
      await second.close();
      await change(desk.two.id, {
        status: 'active',
        modules: ['inbox', 'crm', 'automation', 'analytics', 'alerts', 'calendar', 'integrations'],
      });
    }
  });

  it('is written into its audit log, what changed and nothing else', async () => {
    const { accountId } = await make('Audited');
    await change(accountId, { tier: 'pro', name: 'Audited' });
    await change(accountId, { tier: 'pro' });
    const entries = (await entriesOf(accountId)).filter(({ action }) => action === 'account.changed');
    expect(entries).toMatchObject([
      { actor: { type: 'member', id: desk.one.admin.userId }, details: { before: { tier: 'enterprise' }, after: { tier: 'pro' } } },
    ]);
  });

  it('gives a trial an end whenever it has none, and takes only what there is', async () => {
    const { accountId } = await make('Trial');
    expect((await change(accountId, { status: 'trial', trialEndsAt: null })).json.trialEndsAt).not.toBeNull();
    expect((await change(accountId, { status: 'active', trialEndsAt: null })).json).toMatchObject({ status: 'active', trialEndsAt: null });
    const end = days(3);
    await change(accountId, { status: 'trial', trialEndsAt: end });
    expect((await change(accountId, { status: 'suspended' })).json).toMatchObject({ trialEndsAt: end, readOnlyReason: 'suspended' });
    expect((await change(accountId, { status: 'trial' })).json).toMatchObject({ trialEndsAt: end, readOnlyReason: null });
    expect((await change(accountId, { status: 'active' })).json.trialEndsAt).toBeNull();
    for (const [field, value] of [
      ['status', 'open'],
      ['tier', 'admin'],
      ['modules.0', ['mail']],
      ['trialEndsAt', 'tomorrow'],
      ['isDemo', true],
    ] as const)
      expect((await change(accountId, { [field.split('.')[0] ?? '']: value })).json.errors[0].path).toBe(field);
  });

  it('works for the superadmin when their own account is read-only, and only there', async () => {
    await change(desk.one.id, { status: 'suspended' });
    await sleep(800);
    expect((await desk.api('PATCH', '/account', { token: root, body: { name: 'one' } })).json.code).toBe('account_read_only');
    expect((await change(desk.one.id, { status: 'active' })).status).toBe(200);
    await sleep(800);
  });
});

describe('a superadmin', () => {
  it('makes keys for the installation, which count as its own and end with them', async () => {
    const boss = await make('Boss');
    await grantSuperadmin(desk.db.database, operator(), 'boss@desk.test');
    const token = await desk.signIn('boss@desk.test');
    const { key } = (
      await desk.api('POST', '/api-keys', { token, body: { name: 'fleet', permissions: ['installation.manage', 'api_key.manage'] } })
    ).json;
    expect((await list('', key)).status).toBe(200);
    expect(await desk.context.auth.authenticate(`Bearer ${key}`)).toMatchObject({
      type: 'api_key',
      isSuperadmin: true,
      accountId: boss.accountId,
    });
    // A key hands the installation to no other key: that one would outlive whom it came from.
    const copy = await desk.api('POST', '/api-keys', { token: key, body: { name: 'copy', permissions: ['installation.manage'] } });
    expect(copy.json.errors[0].path).toBe('permissions.0');
    await revokeSuperadmin(desk.db.database, operator(), 'boss@desk.test');
    await sleep(800);
    expect((await list('', key)).status).toBe(403);
    expect((await list('', token)).status).toBe(403);
    expect((await desk.api('GET', '/api-keys', { token: key })).status).toBe(200);
  });

  it('is granted and revoked in words that are kept in each of their accounts', async () => {
    const { accountId } = await make('Kept');
    const grant = () => grantSuperadmin(desk.db.database, operator(), 'Kept@desk.test');
    expect([await grant(), await grant()]).toEqual([true, false]);
    expect(await revokeSuperadmin(desk.db.database, operator(), 'kept@desk.test')).toBe(true);
    expect((await entriesOf(accountId)).map(({ action }) => action)).toEqual([
      'account.created',
      'superadmin.granted',
      'superadmin.revoked',
    ]);
    await expect(grantSuperadmin(desk.db.database, operator(), 'nobody@desk.test')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is never of the demo, and there is always one left, also when two are revoked at once', async () => {
    await make('Demo', { isDemo: true });
    await expect(grantSuperadmin(desk.db.database, operator(), 'demo@desk.test')).rejects.toMatchObject({ code: 'conflict' });
    await make('Second');
    await grantSuperadmin(desk.db.database, operator(), 'second@desk.test');
    const ended = await Promise.allSettled(
      [desk.one.admin.email, 'second@desk.test'].map((email) => revokeSuperadmin(desk.db.database, operator(), email)),
    );
    expect(ended.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await desk.db.sql('select 1 from users where is_superadmin')).toHaveLength(1);
    await grantSuperadmin(desk.db.database, operator(), desk.one.admin.email);
  });
});

describe('the first desk of an installation', () => {
  it('makes its admin superadmin, the demo before it does not count, and of two at once one is the first', async () => {
    const fresh = await testApp();
    try {
      await fresh.db.sql('delete from accounts');
      const at = (name: string, options: Parameters<typeof createAccount>[3]) =>
        createAccount(
          fresh.db.database,
          fresh.context.actors.operator,
          { name, email: `${name}@first.test`, password: testPassword, memberName: name },
          options,
        );
      await at('demo', { isDemo: true });
      expect(await fresh.db.sql('select 1 from users where is_superadmin')).toEqual([]);
      await Promise.all([at('left', { isByOperator: true }), at('right', { isByOperator: true })]);
      await at('later', { isByOperator: true });
      const first = await fresh.db.sql<{ email: string }>('select email from users where is_superadmin');
      expect(first.map(({ email }) => email)).toEqual([expect.stringMatching(/^(left|right)@/)]);
    } finally {
      await fresh.close();
    }
  });
});

describe('a change of an account that takes its time', () => {
  it('holds up no message that comes in meanwhile', async () => {
    const inbox = await makeInbox(desk, desk.two.id, 'whatsapp');
    await desk.db.database.withAccount(desk.two.id, async (tx) => {
      await changeAccount(tx, operator(), { name: 'two, renamed' });
      const at = Date.now();
      await arrive(desk, inbox, [{ from: '33612345699', text: 'Bonjour' }]);
      expect(Date.now() - at).toBeLessThan(2_000);
    });
  });
});
