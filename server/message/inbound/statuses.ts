import type { StatusItem } from '../../channels/channel.ts';
import type { Database } from '../../db/pool.ts';
import { type Batcher, createBatcher } from './batcher.ts';
import { receiveStatuses } from './queries.ts';
import type { Pending, Received } from './receive.ts';
import { arrivalColumns, type BatchRow, packBatch } from './rows.ts';

/** Delivery statuses have a lane of their own: a campaign's thousands do not hold up a message. */
export function createStatusBatcher(database: Database): Batcher<Pending<StatusItem>, Received> {
  return createBatcher({
    lanes: 1,
    rowsMax: 500,
    waitingMax: 50_000,
    laneOf: ({ inbox }) => inbox.id,
    groupOf: ({ inbox }) => inbox.accountId,
    keyOf: ({ inbox, item }) => `${inbox.id} ${item.externalId} ${item.status}`,
    async run(batch) {
      const packed = packBatch(
        batch.map(statusRow),
        batch.map(({ item }) => item.raw),
      );
      await receiveStatuses(database, packed.rows, packed.raws);
      return batch.map(() => ({ outcome: 'status' as const }));
    },
  });
}

function statusRow({ inbox, item, arrival }: Pending<StatusItem>, n: number): BatchRow {
  return {
    n,
    ...arrivalColumns(inbox, item, arrival),
    message_ref: item.messageRef,
    status: item.status,
    status_at: item.at,
    error: item.error,
  };
}
