import { setTimeout as sleep } from 'node:timers/promises';
import type { InboundItem, MessageItem, StatusItem } from '../../channels/channel.ts';
import { isContention, isDataError } from '../../db/faults.ts';
import { type Database, isConnectionLoss } from '../../db/pool.ts';
import type { FileStore } from '../../files/store.ts';
import { ApiError } from '../../http/errors.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import type { InboundInbox } from './endpoint.ts';
import { receiveMessages } from './queries.ts';
import { messageRow, packBatch } from './rows.ts';
import { createStatusBatcher } from './statuses.ts';
import { keepItem, type Unstored } from './unstored.ts';

/** When and under which request id something came in. */
export interface Arrival {
  requestId: string;
  receivedAt: Date;
  verifiedAt: Date;
}

export type Received =
  | { outcome: 'stored' | 'duplicate'; accountId: string; messageId: string; conversationId: string | null; checksum: string }
  | { outcome: 'status' | 'unparsed' | 'not_ours' | 'ignored' };

export interface Receiver {
  /** Stores what arrived at an endpoint, each item in the inbox it names. Resolves after the commits; results in the order of the items. */
  receive(inboxes: InboundInbox[], items: InboundItem[], arrival: Arrival): Promise<Received[]>;
  /** Items that wait for their commit now. */
  waiting(): number;
}

export interface ReceiverOptions {
  database: Database;
  files: FileStore;
  /** Called after every commit: sockets and the enrich lane have something to do. */
  committed: () => void;
  counted: (channel: string, outcome: Received['outcome'], durationMs: number) => void;
}

/** An item on its way into the inbox that it names. */
export interface Pending<Item> {
  inbox: InboundInbox;
  item: Item;
  arrival: Arrival;
}

const soloTriesMax = 5;
const itemsAtOnce = 500;

export function createReceiver(options: ReceiverOptions): Receiver {
  const { database, files } = options;
  const messages: Batcher<Pending<MessageItem>, Received> = createBatcher({
    lanes: 2,
    rowsMax: 200,
    waitingMax: 20_000,
    laneOf: ({ inbox, item }) => `${inbox.id} ${item.from.value}`,
    groupOf: ({ inbox }) => inbox.accountId,
    keyOf: ({ inbox, item }) => (item.externalId === null ? `${inbox.id} ${item.from.value}` : `${inbox.id} ${item.externalId}`),
    run: storeMessages,
  });
  const statuses = createStatusBatcher(database);

  async function storeMessages(batch: Pending<MessageItem>[]): Promise<Received[]> {
    const rows = await Promise.all(batch.map(({ inbox, item, arrival }, n) => messageRow(n, inbox, item, arrival, files)));
    const packed = packBatch(
      rows,
      batch.map(({ item }) => item.raw),
    );
    const stored = await receiveMessages(database, packed.rows, packed.raws);
    const results: Received[] = [];
    for (const row of stored) {
      results[row.n] = {
        outcome: row.outcome,
        accountId: row.account_id,
        messageId: row.message_id,
        conversationId: row.conversation_id,
        checksum: row.checksum,
      };
    }
    return results;
  }

  const keep = (inbox: InboundInbox, item: InboundItem, arrival: Arrival, outcome: Unstored, reason: string) =>
    keepItem(database, { inbox, item, arrival }, outcome, reason);

  /** An item that cannot be stored is kept as it came; its siblings are not concerned. */
  async function storeOne<Item extends MessageItem | StatusItem>(
    batcher: Batcher<Pending<Item>, Received>,
    pending: Pending<Item>,
  ): Promise<Received> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await batcher.add(pending);
      } catch (error) {
        if (isConnectionLoss(error))
          throw new ApiError('unavailable', 'The database is away; try again soon.', { headers: { 'retry-after': '2' } });
        if (isDataError(error))
          return keep(pending.inbox, pending.item, pending.arrival, 'unparsed', `could not be stored (${error.code})`);
        if (!isContention(error)) throw error;
        if (attempt >= soloTriesMax)
          throw new ApiError('unavailable', 'The conversation is busy; try again soon.', { headers: { 'retry-after': '2' } });
        await sleep(Math.random() * 100 * attempt);
      }
    }
  }

  function receiveItem(inboxes: InboundInbox[], item: InboundItem, arrival: Arrival): Promise<Received> {
    const inbox = inboxes.find((candidate) => item.routeKey === null || candidate.routeKey === item.routeKey);
    const first = inboxes[0];
    if (!first) throw new RangeError('an endpoint without inboxes receives nothing');
    if (!inbox) return keep(first, item, arrival, 'not_ours', 'no inbox of this endpoint has this address');
    if (item.kind === 'message') return storeOne(messages, { inbox, item, arrival });
    if (item.kind === 'status') return storeOne(statuses, { inbox, item, arrival });
    return keep(inbox, item, arrival, item.kind, item.reason);
  }

  return {
    async receive(inboxes, items, arrival) {
      const settled: PromiseSettledResult<Received>[] = [];
      // One call of many thousands of items waits for itself, not everybody for it.
      for (let start = 0; start < items.length; start += itemsAtOnce) {
        const some = items.slice(start, start + itemsAtOnce);
        settled.push(...(await Promise.allSettled(some.map((item) => receiveItem(inboxes, item, arrival)))));
        options.committed();
        // The caller is told to come again, with all of it: what follows would only wait for the same fault.
        if (settled.some((result) => result.status === 'rejected')) break;
      }
      const durationMs = Date.now() - arrival.receivedAt.getTime();
      const channel = inboxes[0]?.channel ?? 'api';
      return settled.map((result) => {
        if (result.status === 'rejected') throw result.reason;
        options.counted(channel, result.value.outcome, durationMs);
        return result.value;
      });
    },
    waiting: () => messages.size() + statuses.size(),
  };
}
