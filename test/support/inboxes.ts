import type { Channel } from '../../contract/common.ts';
import { newId } from '../../server/db/id.ts';
import type { InboundInbox } from '../../server/message/inbound/endpoint.ts';
import type { TestApp } from './app.ts';

export type TestInbox = InboundInbox;

/** An inbox as a row, for tests that are not about creating one. */
export async function makeInbox(app: Pick<TestApp, 'db'>, accountId: string, channel: Channel): Promise<TestInbox> {
  const [endpointId, id] = [newId(), newId()];
  await app.db.sql('insert into endpoints (id, key, channel) values ($1, $2, $3)', [endpointId, `key-${newId()}`, channel]);
  await app.db.sql('insert into inboxes (account_id, id, endpoint_id, channel, name) values ($1, $2, $3, $4, $5)', [
    accountId,
    id,
    endpointId,
    channel,
    `Test ${channel}`,
  ]);
  return { accountId, id, channel, name: `Test ${channel}`, routeKey: null, settings: {}, secrets: {}, limits: {} };
}

export interface Arrived {
  messageId: string;
}

/** Messages of customers through the line itself: stored, committed, announced. */
export async function arrive(
  app: Pick<TestApp, 'context'>,
  inbox: TestInbox,
  messages: { from: string; text: string }[],
): Promise<Arrived[]> {
  const items = messages.map(({ from, text }) => {
    const externalId = newId();
    return {
      kind: 'message' as const,
      routeKey: null,
      externalId,
      raw: Buffer.from(text),
      rawType: 'text/plain',
      from: { kind: 'whatsapp' as const, value: from },
      to: '33100000000',
      name: `Client ${from}`,
      threadKey: '',
      subject: null,
      type: 'text',
      text,
      sentAt: new Date(),
    };
  });
  const results = await app.context.line.receiver.receive([inbox], items, {
    requestId: 'test',
    receivedAt: new Date(),
    verifiedAt: new Date(),
  });
  return results.map((result) => {
    if (result.outcome !== 'stored' || !('messageId' in result)) throw new Error(`not stored: ${result.outcome}`);
    return { messageId: result.messageId };
  });
}
