import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from '../../contract/permissions.ts';
import { type Module, modules, modulesFor } from '../../contract/modules.ts';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox } from '../../test/support/inboxes.ts';
import { type Operation, readOperations, sampleBody } from '../../test/support/openapi.ts';
import { closeSockets, testSocket } from '../../test/support/sockets.ts';
import { newId } from '../db/id.ts';

let desk: TestApp;
let operations: Operation[];
beforeAll(async () => {
  desk = await testApp();
  operations = await readOperations(desk);
});
afterEach(async () => {
  closeSockets();
  await setAccount("status = 'active', trial_ends_at = null, modules = $2", [modules]);
});
afterAll(() => desk.close());

/** Longer than sockets believe what they know of an account. */
const recheckedMs = 700;
async function setAccount(columns: string, values: unknown[] = []) {
  await desk.db.sql(`update accounts set ${columns} where id = $1`, [desk.one.id, ...values]);
  const sessions = await desk.db.sql<{ id: string }>('select id from sessions');
  for (const { id } of sessions) desk.context.auth.forgetSession(id);
}
const account = (token = desk.one.viewer.token) => desk.api('GET', '/account', { token });
const change = (body: object, token = desk.one.admin.token) => desk.api('PATCH', '/account', { token, body });
const me = async () => (await desk.api('GET', '/auth/me', { token: desk.one.agent.token })).json;

describe('the account', () => {
  it('is seen by every member', async () => {
    expect((await account()).json).toMatchObject({
      id: desk.one.id,
      name: 'one',
      status: 'active',
      tier: 'enterprise',
      modules: [...modules],
      trialEndsAt: null,
      readOnlyReason: null,
      language: 'fr',
      timeZone: 'Europe/Paris',
    });
  });

  it("is changed by its admin, in what is the admin's, and that is written down", async () => {
    expect((await change({ name: 'Atelier Marthe', timeZone: 'Europe/Brussels' })).json).toMatchObject({
      name: 'Atelier Marthe',
      timeZone: 'Europe/Brussels',
      language: 'fr',
    });
    expect((await change({ name: 'one' }, desk.one.agent.token)).status).toBe(403);
    for (const field of ['status', 'tier', 'modules', 'trialEndsAt'])
      expect((await change({ [field]: 'active' })).json.errors, field).toEqual([{ path: field, message: 'is not a known field' }]);
    const [entry] = await desk.db.sql<{ record: string }>(
      "select record from audit_entries where account_id = $1 and action = 'account.changed' order by seq desc limit 1",
      [desk.one.id],
    );
    expect(JSON.parse(entry?.record ?? '{}').details).toEqual({
      before: { name: 'one', timeZone: 'Europe/Paris' },
      after: { name: 'Atelier Marthe', timeZone: 'Europe/Brussels' },
    });
    expect((await account(desk.two.admin.token)).json.name).toBe('two');
    await change({ name: 'one', timeZone: 'Europe/Paris' });
  });
});

const label = (token = desk.one.admin.token) => change({ name: 'one' }, token);

describe('a trial', () => {
  it('is fully usable until its end, and read-only from that moment on, by the clock alone', async () => {
    await setAccount("status = 'trial', trial_ends_at = clock_timestamp() + interval '1500 milliseconds'");
    expect((await me()).account).toMatchObject({ status: 'trial', isReadOnly: false, readOnlyReason: null });
    expect((await label()).status).toBe(200);
    await sleep(1_550);
    // Nothing was written in between: the request itself looks at the clock.
    expect((await label()).json).toMatchObject({ status: 403, code: 'account_read_only' });
    const { account: shown } = await me();
    expect(shown).toMatchObject({ status: 'trial', isReadOnly: true, readOnlyReason: 'trial_ended' });
    expect(Date.parse(shown.trialEndsAt)).toBeLessThanOrEqual(Date.now());
    expect((await account()).json.readOnlyReason).toBe('trial_ended');
  });
});

/** Taking access away is always possible: a key that leaked must not outlive a trial. */
const withdrawals = ['revokeApiKey', 'removeMember', 'revokeInvitation'];

describe('a read-only account', () => {
  it.each([
    ['suspended', 'suspended'],
    ['cancelled', 'cancelled'],
  ])('that is %s lets its members sign in, read and take access away, and nobody change anything else', async (status, reason) => {
    await setAccount('status = $2', [status]);
    const token = await desk.signIn(desk.one.admin.email);
    expect((await desk.api('GET', '/auth/me', { token })).json.account).toMatchObject({ status, readOnlyReason: reason });
    for (const operation of operations) {
      if (['public', 'session', 'ingest.write', 'installation.manage'].includes(operation.access)) continue;
      const answer = await ask(operation, token);
      const isOpen = operation.method === 'GET' || withdrawals.includes(operation.id);
      if (isOpen) expect(answer.json?.code, operation.name).not.toBe('account_read_only');
      else expect(answer.json, operation.name).toMatchObject({ status: 403, code: 'account_read_only' });
    }
  });

  it('still receives and stores what customers write', async () => {
    const inbox = (
      await desk.api('POST', '/inboxes', { token: desk.one.admin.token, body: { channel: 'form', name: 'Contact', settings: {} } })
    ).json;
    const { key } = (
      await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: 'site', permissions: ['ingest.write'] } })
    ).json;
    await setAccount("status = 'suspended', modules = '{}'");
    const body = { channel: 'form', inboxId: inbox.id, email: 'a@client.example', message: 'Bonjour' };
    expect((await desk.api('POST', '/ingest', { token: key, body })).json).toMatchObject({ status: 'received' });
    const form = new URLSearchParams({ email: 'b@client.example', message: 'Bonjour' });
    const posted = await fetch(`${desk.base}/forms/${inbox.hookUrl.split('/').pop()}`, { method: 'POST', body: form });
    expect(posted.status).toBeLessThan(400);
    const rows = await desk.db.sql("select 1 from messages where account_id = $1 and direction = 'in'", [desk.one.id]);
    expect(rows).toHaveLength(2);
  });

  it('takes neither ticks nor typing from a socket, from a second after it became so', async () => {
    const inbox = await makeInbox(desk, desk.one.id, 'whatsapp');
    const [arrived] = await arrive(desk, inbox, [{ from: '33612345601', text: 'Bonjour' }]);
    const [{ id: conversationId }] = (await desk.api('GET', `/conversations?inboxId=${inbox.id}`, { token: desk.one.agent.token })).json
      .items;
    const socket = testSocket(desk.base, { token: desk.one.agent.token });
    await socket.next('authenticated');
    await socket.join(conversationId);
    expect(await socket.ask('typing', { conversationId, isTyping: true })).toEqual({ ok: true });
    await setAccount("status = 'suspended'");
    await sleep(recheckedMs);
    for (const [event, body] of [
      ['typing', { conversationId, isTyping: true }],
      ['mark_read', { conversationId, messageId: arrived?.messageId }],
    ] as const)
      expect(await socket.ask(event, body), event).toMatchObject({ ok: false, code: 'account_read_only' });
    expect(await socket.ask('join_conversation', { conversationId })).toEqual({ ok: true });
    expect(await socket.ask('heartbeat')).toEqual({ ok: true });
    await arrive(desk, inbox, [{ from: '33612345601', text: 'Encore' }]);
    await socket.next('message:new');
    expect(await desk.db.sql('select 1 from participants where conversation_id = $1 and read_seq > 0', [conversationId])).toEqual([]);
  });
});

function ask(operation: Operation, token: string) {
  const body = operation.method === 'GET' ? undefined : sampleBody(operation.body, () => newId());
  return desk.call(
    operation.method,
    operation.pathWith(() => newId()),
    { token, ...(body ? { body } : {}) },
  );
}

describe('a module that is off', () => {
  it.each([...modules])('%s takes all of its routes along, and no other', async (name: Module) => {
    const on = modules.filter((one) => one !== name);
    await setAccount('modules = $2', [on]);
    expect((await me()).account.modules).toEqual(on);
    for (const operation of operations) {
      const wanted = modulesFor(operation.access as Access);
      const isOff = wanted.length > 0 && wanted.every((one) => one === name);
      if (!isOff && operation.method !== 'GET') continue;
      const answer = await ask(operation, desk.one.admin.token);
      if (isOff) expect(answer.json, operation.name).toMatchObject({ status: 403, code: 'module_off' });
      else expect(answer.json?.code, operation.name).not.toBe('module_off');
    }
  });

  it('leaves what every account has, when all of them are off', async () => {
    const { key } = (
      await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: 'reader', permissions: ['conversation.read'] } })
    ).json;
    await setAccount("modules = '{}'");
    const off: string[] = [];
    for (const operation of operations.filter(({ method }) => method === 'GET')) {
      const answer = await ask(operation, desk.one.admin.token);
      if (answer.json?.code === 'module_off') off.push(operation.id);
      expect(answer.json?.code === 'module_off', operation.name).toBe(modulesFor(operation.access as Access).length > 0);
    }
    expect(off).toEqual(expect.arrayContaining(['listConversations', 'listInboxes', 'getContact']));
    expect((await desk.api('GET', '/conversations', { token: key })).json.code).toBe('module_off');
  });

  it('is off for sockets too, which hear nothing more of it', async () => {
    const inbox = await makeInbox(desk, desk.one.id, 'whatsapp');
    await arrive(desk, inbox, [{ from: '33612345602', text: 'Bonjour' }]);
    const [{ id: conversationId }] = (await desk.api('GET', `/conversations?inboxId=${inbox.id}`, { token: desk.one.agent.token })).json
      .items;
    const [gone, stays] = [desk.one, desk.two].map(({ agent }) => testSocket(desk.base, { token: agent.token }));
    if (!gone || !stays) throw new Error('there are two');
    await Promise.all([gone.next('authenticated'), stays.next('authenticated')]);
    await gone.join(conversationId);
    await setAccount('modules = $2', [modules.filter((one) => one !== 'inbox')]);
    await sleep(recheckedMs);
    const heardBefore = gone.heard.length;
    await arrive(desk, inbox, [{ from: '33612345602', text: 'Encore' }]);
    const theirs = await makeInbox(desk, desk.two.id, 'whatsapp');
    await arrive(desk, theirs, [{ from: '33612345603', text: 'Bonjour' }]);
    await stays.next('conversation:new');
    expect(gone.heard.slice(heardBefore)).toEqual([]);
    expect(await gone.ask('join_conversation', { conversationId })).toMatchObject({ ok: false, code: 'module_off' });
    expect(await gone.ask('heartbeat')).toEqual({ ok: true });
  });
});
