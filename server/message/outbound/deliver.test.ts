import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/postgres.ts';
import type { ChannelAdapter, OutboundMessage, SendOutcome } from '../../channels/channel.ts';
import { newId } from '../../db/id.ts';
import { createEndpoints } from '../inbound/endpoint.ts';
import { type DeliverOptions, deliver, giveUp } from './deliver.ts';
import { lockLeaving, openAttempt } from './queries.ts';

let db: TestDatabase;
let accountId: string;
let inboxId: string;
let conversationId: string;
let sent: OutboundMessage[];

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

beforeEach(async () => {
  sent = [];
  const [endpointId, contactId, identityId] = [newId(), newId(), newId()];
  [accountId, inboxId, conversationId] = [newId(), newId(), newId()];
  await db.sql('insert into accounts (id, name) values ($1, $2)', [accountId, 'Deliver']);
  await db.sql('insert into endpoints (id, key, channel) values ($1, $2, $3)', [endpointId, `key-${endpointId}`, 'whatsapp']);
  await db.sql('insert into inboxes (account_id, id, endpoint_id, channel, name) values ($1, $2, $3, $4, $5)', [
    accountId,
    inboxId,
    endpointId,
    'whatsapp',
    'W',
  ]);
  await db.sql(
    'with c as (insert into contacts (account_id, id) values ($1, $2)) insert into identities (account_id, id, contact_id, kind, value) values ($1, $3, $2, $4, $5)',
    [accountId, contactId, identityId, 'whatsapp', '33600000000'],
  );
  await db.sql(
    'insert into conversations (account_id, id, inbox_id, contact_id, identity_id, channel, last_activity_at) values ($1, $2, $3, $4, $5, $6, now())',
    [accountId, conversationId, inboxId, contactId, identityId, 'whatsapp'],
  );
});

async function queue(text = 'Bonjour'): Promise<string> {
  const id = newId();
  await db.sql(
    `with c as (update conversations set seq = seq + 1 where account_id = $1 and id = $2 returning seq)
     insert into messages (account_id, id, conversation_id, seq, change_seq, direction, text, status, sent_at) select $1, $3, $2, seq, seq, 'out', $4, 'queued', now() from c`,
    [accountId, conversationId, id, text],
  );
  return id;
}

function provider(answer: (message: OutboundMessage) => SendOutcome | Promise<SendOutcome>, idempotent = false): DeliverOptions {
  const adapter: ChannelAdapter = {
    channel: 'whatsapp',
    capabilities: { canReply: true, textLengthMax: 4096, windowHours: 24, statuses: ['sent'], replyTo: true },
    bodyBytesMax: 1,
    verify: () => ({ ok: true }),
    parse: () => [],
    idempotent,
    async send(message) {
      sent.push(message);
      return answer(message);
    },
  };
  return {
    database: db.database,
    endpoints: createEndpoints(db.database, async () => ({})),
    adapterOf: () => adapter,
    committed: () => {},
    counted: () => {},
  };
}

const run = (options: DeliverOptions, id: string) => deliver(options, accountId, id, new AbortController().signal);
const row = async (id: string) => (await db.sql('select status, external_id, error from messages where id = $1', [id]))[0];
const ok = (externalId = `wamid.${newId()}`): SendOutcome => ({ outcome: 'sent', externalId });

it('a reply goes to the address that last wrote and keeps the provider id', async () => {
  const id = await queue();
  expect(
    await run(
      provider(() => ok('wamid.1')),
      id,
    ),
  ).toEqual({ next: 'done' });
  expect(sent).toEqual([{ id, to: { kind: 'whatsapp', value: '33600000000' }, text: 'Bonjour', replyToExternalId: null }]);
  expect(await row(id)).toEqual({ status: 'sent', external_id: 'wamid.1', error: null });
});

it('a reply that was delivered is not sent again by a second run of its job', async () => {
  const id = await queue();
  await run(
    provider(() => ok()),
    id,
  );
  await run(
    provider(() => ok()),
    id,
  );
  expect(sent).toHaveLength(1);
});

it('an attempt cut off by a crash is uncertain, not repeated', async () => {
  const id = await queue();
  await db.database.withAccount(accountId, async (tx) => {
    await lockLeaving(tx, id);
    await openAttempt(tx, id, 1);
  });
  expect(
    await run(
      provider(() => ok()),
      id,
    ),
  ).toEqual({ next: 'done' });
  expect(sent).toHaveLength(0);
  expect((await row(id))?.status).toBe('uncertain');
});

it('an attempt cut off by a crash is repeated where the provider honours our id', async () => {
  const id = await queue();
  await db.database.withAccount(accountId, async (tx) => {
    await lockLeaving(tx, id);
    await openAttempt(tx, id, 1);
  });
  await run(
    provider(() => ok(), true),
    id,
  );
  expect(sent).toHaveLength(1);
  expect((await row(id))?.status).toBe('sent');
});

it('a passing error is tried again and a final one shown', async () => {
  const id = await queue();
  expect(
    await run(
      provider(() => ({ outcome: 'retry', error: { class: 'throttle' }, retryAfterMs: 3_000 })),
      id,
    ),
  ).toEqual({ next: 'retry', afterMs: 3_000 });
  expect((await row(id))?.status).toBe('queued');
  await run(
    provider(() => ({ outcome: 'failed', error: { class: 'window', code: '131047' } })),
    id,
  );
  expect(await row(id)).toMatchObject({ status: 'failed', error: { class: 'window', code: '131047' } });
});

it('the tenth passing error is the last', async () => {
  const id = await queue();
  for (let n = 1; n <= 10; n += 1)
    await run(
      provider(() => ({ outcome: 'retry', error: { class: 'transient' } })),
      id,
    );
  expect((await row(id))?.status).toBe('failed');
});

it('a lost answer is uncertain', async () => {
  const id = await queue();
  await run(
    provider(() => ({ outcome: 'uncertain', error: { class: 'unknown', code: 'timeout' } })),
    id,
  );
  expect((await row(id))?.status).toBe('uncertain');
});

it('replies of one conversation leave in their order', async () => {
  const [first, second] = [await queue('un'), await queue('deux')];
  expect(
    await run(
      provider(() => ok()),
      second,
    ),
  ).toEqual({ next: 'again', afterMs: 200 });
  await run(
    provider(() => ok()),
    first,
  );
  await run(
    provider(() => ok()),
    second,
  );
  expect(sent.map((message) => message.text)).toEqual(['un', 'deux']);
});

it('a reply looks less often the longer an earlier one does not leave', async () => {
  await queue('un');
  const second = await queue('deux');
  const options = provider(() => ok());
  await db.sql(`update messages set created_at = now() - interval '6 seconds' where id = $1`, [second]);
  const { afterMs } = (await run(options, second)) as { afterMs: number };
  expect(afterMs).toBeGreaterThan(590);
  await db.sql(`update messages set created_at = now() - interval '1 hour' where id = $1`, [second]);
  expect(await run(options, second)).toEqual({ next: 'again', afterMs: 1_000 });
});

it('a reply whose job has no try left is failed, or uncertain where its call may have left, and holds up nothing', async () => {
  const [first, second, third] = [await queue('un'), await queue('deux'), await queue('trois')];
  const options = provider(() => ok());
  await giveUp(options, accountId, first);
  expect(await row(first)).toMatchObject({ status: 'failed', error: { code: 'gave_up' } });
  await db.database.withAccount(accountId, (tx) => openAttempt(tx, second, 1));
  await giveUp(options, accountId, second);
  expect((await row(second))?.status).toBe('uncertain');
  expect(await run(options, third)).toEqual({ next: 'done' });
  await giveUp(options, accountId, third);
  expect((await row(third))?.status).toBe('sent');
});

it('an attempt that was believed cut off and ends well after all is sent', async () => {
  const id = await queue();
  const takeOver = async (): Promise<SendOutcome> => {
    // The lease ran out while the call was under way: another worker finds the message half sent.
    expect(
      await run(
        provider(() => ok()),
        id,
      ),
    ).toEqual({ next: 'done' });
    expect((await row(id))?.status).toBe('uncertain');
    return ok('wamid.slow');
  };
  await run(provider(takeOver), id);
  expect(await row(id)).toEqual({ status: 'sent', external_id: 'wamid.slow', error: null });
});

it('a status that came before the answer of the provider holds', async () => {
  const id = await queue();
  await db.sql(`insert into provider_messages (account_id, inbox_id, external_id, status) values ($1, $2, 'wamid.fast', 'delivered')`, [
    accountId,
    inboxId,
  ]);
  await run(
    provider(() => ok('wamid.fast')),
    id,
  );
  expect((await row(id))?.status).toBe('delivered');
});

it('a status that came by our reference while the call ran is not lowered by its answer', async () => {
  const id = await queue();
  await run(
    provider(async () => {
      await db.sql(`update messages set status = 'read' where id = $1`, [id]);
      return ok();
    }),
    id,
  );
  expect((await row(id))?.status).toBe('read');
});

it('an older attempt that ends late changes nothing', async () => {
  const id = await queue();
  await run(
    provider(async () => {
      await db.sql('update messages set attempt = attempt + 1 where id = $1', [id]);
      return { outcome: 'failed', error: { class: 'content' } };
    }),
    id,
  );
  expect((await row(id))?.status).toBe('sending');
});

it('a channel that cannot send says so', async () => {
  const id = await queue();
  await run({ ...provider(() => ok()), adapterOf: () => undefined }, id);
  expect(await row(id)).toMatchObject({ status: 'failed', error: { code: 'channel_refuses' } });
});
