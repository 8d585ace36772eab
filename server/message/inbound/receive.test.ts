import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import type { MessageItem, StatusItem } from '../../channels/channel.ts';
import { newId } from '../../db/id.ts';
import { createFileStore } from '../../files/store.ts';
import type { InboundInbox } from './endpoint.ts';
import { createReceiver, type Receiver } from './receive.ts';
import { requeue } from '../outbound/reply-queries.ts';

let db: TestDatabase;
/** Two receivers share nothing but the database, as two server processes do. */
let receivers: Receiver[];

beforeAll(async () => {
  db = await testDatabase();
  const options = { database: db.database, files: createFileStore('/nonexistent'), committed: () => {}, counted: () => {} };
  receivers = [createReceiver(options), createReceiver(options)];
});
afterAll(() => db.drop());

const arrival = () => ({ requestId: 'test', receivedAt: new Date(), verifiedAt: new Date() });
const count = async (table: string, inbox: InboundInbox) =>
  Number((await db.sql(`select count(*) from ${table} where account_id = $1`, [inbox.accountId]))[0]?.count);

async function makeInbox(): Promise<InboundInbox> {
  const [accountId, endpointId, id] = [newId(), newId(), newId()];
  await db.sql('insert into accounts (id, name) values ($1, $2)', [accountId, 'Test']);
  await db.sql('insert into endpoints (id, key, channel) values ($1, $2, $3)', [endpointId, `key-${newId()}`, 'whatsapp']);
  await db.sql('insert into inboxes (account_id, id, endpoint_id, channel, name) values ($1, $2, $3, $4, $5)', [
    accountId,
    id,
    endpointId,
    'whatsapp',
    'Test',
  ]);
  return { accountId, id, channel: 'whatsapp', name: 'Test', routeKey: null, settings: {}, secrets: {}, limits: {} };
}

function text(externalId: string | null, from: string, body = `text of ${externalId}`): MessageItem {
  return {
    kind: 'message',
    routeKey: null,
    externalId,
    raw: Buffer.from(body),
    rawType: 'text/plain',
    from: { kind: 'whatsapp', value: from },
    to: '33100000000',
    name: `Client ${from}`,
    threadKey: '',
    subject: null,
    type: 'text',
    text: body,
    sentAt: new Date(),
  };
}

function status(externalId: string, value: StatusItem['status'], messageRef: string | null = null): StatusItem {
  return {
    kind: 'status',
    routeKey: null,
    externalId,
    raw: Buffer.from('{}'),
    rawType: 'application/json',
    status: value,
    messageRef,
    error: null,
    at: new Date(),
  };
}

describe('what arrives', () => {
  it('500 ids delivered 10 times at once through two receivers are 500 messages, one conversation per contact', async () => {
    const inbox = await makeInbox();
    const deliveries = Array.from({ length: 5_000 }, (_, n) => n).sort(() => Math.random() - 0.5);
    const results = await Promise.all(
      deliveries.map((n) => receivers[n % 2]?.receive([inbox], [text(`wamid.${n % 500}`, `3361${(n % 500) % 50}`)], arrival())),
    );
    expect(results.flat().filter((result) => result?.outcome === 'stored')).toHaveLength(500);
    expect(results.flat().filter((result) => result?.outcome === 'duplicate')).toHaveLength(4_500);
    expect(await count('messages', inbox)).toBe(500);
    expect(await count('conversations', inbox)).toBe(50);
    expect(await count('contacts', inbox)).toBe(50);
    expect(await count('ledger', inbox)).toBe(5_000);
    const drift = await db.sql(
      `select c.id from conversations c where c.account_id = $1 and (c.seq <> (select count(*) from messages m where m.account_id = c.account_id and m.conversation_id = c.id)
         or c.last_message_seq <> c.seq or c.last_inbound_seq <> c.seq)`,
      [inbox.accountId],
    );
    expect(drift).toEqual([]);
  }, 60_000);

  it('the same text without an id is one message for 24 hours, and a new one after', async () => {
    const inbox = await makeInbox();
    const one = await receivers[0]?.receive([inbox], [text(null, '3362', 'Bonjour')], arrival());
    const two = await receivers[1]?.receive([inbox], [text(null, '3362', 'Bonjour')], arrival());
    expect([one?.[0]?.outcome, two?.[0]?.outcome]).toEqual(['stored', 'duplicate']);
    await db.sql(`update dedup set seen_at = now() - interval '25 hours' where account_id = $1`, [inbox.accountId]);
    const three = await receivers[0]?.receive([inbox], [text(null, '3362', 'Bonjour')], arrival());
    expect(three?.[0]?.outcome).toBe('stored');
  });

  it('NUL and half surrogates become U+FFFD', async () => {
    const inbox = await makeInbox();
    await receivers[0]?.receive([inbox], [text('wamid.nul', '3363', 'a\u0000b\ud800c')], arrival());
    expect(await db.sql('select text from messages where account_id = $1', [inbox.accountId])).toEqual([{ text: 'a\uFFFDb\uFFFDc' }]);
  });

  it('an item that the database refuses is kept in the ledger, and its siblings are stored', async () => {
    const inbox = await makeInbox();
    const bad = text('wamid.bad', '3'.repeat(400));
    const results = await receivers[0]?.receive([inbox], [text('wamid.a', '3364'), bad, text('wamid.b', '3365')], arrival());
    expect(results?.map((result) => result.outcome)).toEqual(['stored', 'unparsed', 'stored']);
    expect(
      await db.sql(`select external_id, reason from ledger where account_id = $1 and outcome = 'unparsed'`, [inbox.accountId]),
    ).toEqual([{ external_id: 'wamid.bad', reason: 'could not be stored (23514)' }]);
  });

  it('an item for an address that no inbox of the endpoint has is kept as not ours', async () => {
    const inbox = { ...(await makeInbox()), routeKey: '111' };
    const results = await receivers[0]?.receive([inbox], [{ ...text('wamid.x', '3366'), routeKey: '222' }], arrival());
    expect(results?.[0]?.outcome).toBe('not_ours');
    expect(await count('messages', inbox)).toBe(0);
    expect(await count('ledger', inbox)).toBe(1);
  });

  it('a message whose contact cannot be found is refused, never called a duplicate', async () => {
    const inbox = await makeInbox();
    await db.sql('create function nothing() returns trigger language plpgsql as $$ begin return null; end $$');
    await db.sql('create trigger nothing before insert on identities for each row execute function nothing()');
    await expect(receivers[0]?.receive([inbox], [text('wamid.g1', '3369')], arrival())).rejects.toMatchObject({ code: 'unavailable' });
    await db.sql('drop trigger nothing on identities');
    const [stored] = (await receivers[0]?.receive([inbox], [text('wamid.g1', '3369')], arrival())) ?? [];
    expect(stored?.outcome).toBe('stored');
  });

  it('reopens a conversation that lay still for long and was closed lately', async () => {
    const inbox = await makeInbox();
    await receivers[0]?.receive([inbox], [text('wamid.l1', '3368')], arrival());
    await db.sql(
      `update conversations set status = 'closed', closed_at = now() - interval '1 day', last_activity_at = now() - interval '20 days' where account_id = $1`,
      [inbox.accountId],
    );
    await receivers[0]?.receive([inbox], [text('wamid.l2', '3368')], arrival());
    expect(await count('conversations', inbox)).toBe(1);
  });

  it('reopens a conversation closed lately and starts a new one after the window', async () => {
    const inbox = await makeInbox();
    await receivers[0]?.receive([inbox], [text('wamid.r1', '3367')], arrival());
    await db.sql(`update conversations set status = 'closed', closed_at = now() where account_id = $1`, [inbox.accountId]);
    await receivers[0]?.receive([inbox], [text('wamid.r2', '3367')], arrival());
    expect(await count('conversations', inbox)).toBe(1);
    await db.sql(`update conversations set status = 'closed', last_activity_at = now() - interval '8 days' where account_id = $1`, [
      inbox.accountId,
    ]);
    await receivers[0]?.receive([inbox], [text('wamid.r3', '3367')], arrival());
    expect(await count('conversations', inbox)).toBe(2);
  });
});

describe('delivery statuses', () => {
  async function sentMessage(inbox: InboundInbox, externalId: string | null): Promise<string> {
    const id = newId();
    await receivers[0]?.receive([inbox], [text(`wamid.in.${id}`, `337${id}`)], arrival());
    await db.sql(
      `with c as (update conversations set seq = seq + 1 where account_id = $1 returning id, seq)
       insert into messages (account_id, id, conversation_id, seq, change_seq, direction, text, status, sent_at) select $1, $2, id, seq, seq, 'out', 'reply', 'sent', now() from c`,
      [inbox.accountId, id],
    );
    if (externalId)
      await db.sql('insert into provider_messages (account_id, inbox_id, external_id, message_id) values ($1, $2, $3, $4)', [
        inbox.accountId,
        inbox.id,
        externalId,
        id,
      ]);
    return id;
  }
  const statusOf = async (id: string) => (await db.sql('select status from messages where id = $1', [id]))[0]?.status;

  it('only move forward, in whatever order they come', async () => {
    const inbox = await makeInbox();
    const id = await sentMessage(inbox, 'wamid.out1');
    await receivers[0]?.receive([inbox], [status('wamid.out1', 'read'), status('wamid.out1', 'sent')], arrival());
    await receivers[1]?.receive([inbox], [status('wamid.out1', 'delivered'), status('wamid.out1', 'delivered')], arrival());
    expect(await statusOf(id)).toBe('read');
  });

  it('that come before the answer of the provider wait for it', async () => {
    const inbox = await makeInbox();
    await receivers[0]?.receive([inbox], [status('wamid.early', 'delivered')], arrival());
    expect(await db.sql('select status, message_id from provider_messages where account_id = $1', [inbox.accountId])).toEqual([
      { status: 'delivered', message_id: null },
    ]);
  });

  it('that carry our reference settle a message whose answer was lost', async () => {
    const inbox = await makeInbox();
    const id = await sentMessage(inbox, null);
    await db.sql(`update messages set status = 'uncertain' where id = $1`, [id]);
    await receivers[0]?.receive([inbox], [status('wamid.lost', 'delivered', id)], arrival());
    expect(await statusOf(id)).toBe('delivered');
  });

  it('of an attempt that failed say nothing about the next one, unless that it arrived after all', async () => {
    const inbox = await makeInbox();
    const id = await sentMessage(inbox, 'wamid.try1');
    await receivers[0]?.receive([inbox], [status('wamid.try1', 'failed')], arrival());
    expect(await statusOf(id)).toBe('failed');
    const [{ conversation_id: conversationId } = { conversation_id: '' }] = await db.sql<{ conversation_id: string }>(
      'select conversation_id from messages where id = $1',
      [id],
    );
    expect(await db.database.withAccount(inbox.accountId, (tx) => requeue(tx, conversationId, id))).toBe(true);
    // The provider repeats itself while the message waits, and again when its second attempt has left.
    await receivers[0]?.receive([inbox], [status('wamid.try1', 'failed')], arrival());
    expect(await statusOf(id)).toBe('queued');
    await db.sql(`update messages set status = 'sent' where id = $1`, [id]);
    await receivers[0]?.receive([inbox], [status('wamid.try2', 'sent', id)], arrival());
    await receivers[0]?.receive([inbox], [status('wamid.try1', 'failed')], arrival());
    expect(await statusOf(id)).toBe('sent');
    await receivers[0]?.receive([inbox], [status('wamid.try2', 'delivered')], arrival());
    expect(await db.sql('select status, error from messages where id = $1', [id])).toEqual([{ status: 'delivered', error: null }]);
  });

  it('with the reference of another account touch nothing', async () => {
    const [mine, other] = [await makeInbox(), await makeInbox()];
    const id = await sentMessage(other, null);
    await receivers[0]?.receive([mine], [status('wamid.forged', 'read', id)], arrival());
    expect(await statusOf(id)).toBe('sent');
  });
});
