import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAccount } from '../accounts/actions.ts';
import { grantSuperadmin } from '../accounts/superadmin.ts';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

interface Found {
  action: string;
  actor: { type: string; id: string | null };
  subject: { type: string; id: string } | null;
  details: Record<string, unknown>;
  requestId: string | null;
}

/** What was written by a piece of work, the oldest first. */
async function writtenBy(work: () => Promise<unknown>, accountId = desk.one.id): Promise<Found[]> {
  const list = () => desk.db.sql<{ record: string }>('select record from audit_entries where account_id = $1 order by seq', [accountId]);
  const before = (await list()).length;
  await work();
  return (await list()).slice(before).map(({ record }) => JSON.parse(record) as Found);
}

const actions = (entries: Found[]) => entries.map(({ action }) => action);

it('signing in, signing out here and everywhere is written down with the session and who', async () => {
  const { email, userId } = desk.one.agent;
  const body = { email, password: testPassword };
  const entries = await writtenBy(async () => {
    const { accessToken } = (await desk.api('POST', '/auth/login', { body })).json;
    await desk.api('POST', '/auth/logout', { token: accessToken });
    await desk.api('POST', '/auth/login', { body });
    await desk.api('POST', '/auth/logout-all', { token: await desk.signIn(email) });
  });
  expect(actions(entries).slice(0, 4)).toEqual(['session.started', 'session.ended', 'session.started', 'session.started']);
  expect(new Set(actions(entries).slice(4))).toEqual(new Set(['session.ended']));
  expect(entries[0]).toMatchObject({
    actor: { type: 'member', id: userId, network: '127.0.0.0/24' },
    subject: { type: 'session' },
    details: { method: 'password' },
    requestId: expect.any(String),
  });
  expect(entries[1]).toMatchObject({ subject: entries[0]?.subject, details: { own: true } });
});

it('five wrong passwords are written down once, by a stranger, and those of unknown addresses nowhere', async () => {
  const { email, userId } = desk.one.viewer;
  const guess = async (address: string) => (await desk.api('POST', '/auth/login', { body: { email: address, password: 'wrong' } })).status;
  const entries = await writtenBy(async () => {
    for (let n = 0; n < 8; n += 1) await guess(n % 2 ? email : email.toUpperCase());
    for (let n = 0; n < 6; n += 1) await guess('nobody@nowhere.example');
    await expect.poll(async () => (await desk.db.sql("select from audit_entries where action = 'member.locked_out'")).length).toBe(1);
  });
  expect(entries).toMatchObject([
    { action: 'member.locked_out', actor: { type: 'stranger', id: null }, subject: { type: 'member', id: userId }, details: {} },
  ]);
});

it('a refresh token that comes a second time is written down with the session that it ends', async () => {
  const body = { email: desk.one.admin.email, password: testPassword, tokenDelivery: 'body' };
  const { refreshToken } = (await desk.api('POST', '/auth/login', { body })).json;
  const refresh = () => desk.api('POST', '/auth/refresh', { body: { refreshToken, tokenDelivery: 'body' } });
  await refresh();
  await desk.db.sql("update sessions set rotated_at = now() - interval '1 minute' where rotated_at is not null");
  const entries = await writtenBy(async () => {
    for (let n = 0; n < 3; n += 1) expect((await refresh()).status).toBe(401);
  });
  expect(entries).toMatchObject([
    {
      action: 'session.reuse_detected',
      actor: { type: 'stranger' },
      subject: { type: 'session' },
      details: { memberId: desk.one.admin.userId },
    },
  ]);
});

it('what is done to inboxes is written down with names of settings and without their values', async () => {
  const { token, userId } = desk.one.admin;
  const settings = { phoneNumberId: '106540352242922', accessToken: 'EAAG-canary', appSecret: 'app-canary', verifyToken: 'verify-canary' };
  const entries = await writtenBy(async () => {
    const made = await desk.api('POST', '/inboxes', { token, body: { channel: 'whatsapp', name: 'Main', settings } });
    const path = `/inboxes/${made.json.id}`;
    await desk.api('PATCH', path, { token, body: { name: 'Second', status: 'paused', settings: { accessToken: 'EAAG-canary-2' } } });
    await desk.api('DELETE', path, { token });
  });
  expect(entries).toMatchObject([
    {
      action: 'inbox.created',
      actor: { type: 'member', id: userId },
      details: { channel: 'whatsapp', name: 'Main', settings: Object.keys(settings) },
    },
    {
      action: 'inbox.changed',
      details: { name: { from: 'Main', to: 'Second' }, status: { from: 'active', to: 'paused' }, settings: ['accessToken'] },
    },
    { action: 'inbox.deleted', details: { name: 'Second' } },
  ]);
  expect(JSON.stringify(entries)).not.toContain('canary');
});

it('an action that fails leaves no entry', async () => {
  const { token } = desk.one.admin;
  const entries = await writtenBy(async () => {
    expect((await desk.api('POST', '/inboxes', { token, body: { channel: 'whatsapp', name: 'X', settings: {} } })).status).toBe(400);
    expect((await desk.api('DELETE', `/inboxes/${desk.one.id}`, { token })).status).toBe(404);
  });
  expect(entries).toEqual([]);
});

it('the removal of the demo, whose chain goes with it, is written down where its superadmins work', async () => {
  const { database } = desk.db;
  await grantSuperadmin(database, desk.context.actors.operator, desk.two.admin.email);
  const person = { email: 'admin@demo.test', password: testPassword, memberName: 'Demo' };
  const { accountId } = await createAccount(database, desk.context.actors.operator, { name: 'Demo', ...person }, { isDemo: true });
  const entries = await writtenBy(async () => {
    expect((await desk.api('DELETE', '/demo', { token: await desk.signIn(person.email) })).status).toBe(200);
  }, desk.two.id);
  expect(entries).toMatchObject([{ action: 'demo.removed', actor: { type: 'member' }, subject: { type: 'account', id: accountId } }]);
  expect(await desk.db.sql('select from audit_heads where account_id = $1', [accountId])).toEqual([]);
});
