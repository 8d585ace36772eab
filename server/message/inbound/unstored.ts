import type { InboundItem, OtherItem } from '../../channels/channel.ts';
import type { Database } from '../../db/pool.ts';
import { keepUnstored } from './queries.ts';
import type { Pending, Received } from './receive.ts';
import { arrivalColumns, packBatch } from './rows.ts';

/** Why something that was signed did not become a message. */
export type Unstored = OtherItem['kind'] | 'not_ours';

/** Keeps in the ledger, as it came, what is not stored: nothing that is acknowledged disappears. */
export async function keepItem(database: Database, pending: Pending<InboundItem>, outcome: Unstored, reason: string): Promise<Received> {
  const { inbox, item, arrival } = pending;
  const kind = item.kind === 'message' || item.kind === 'status' ? item.kind : 'unknown';
  const packed = packBatch([{ n: 0, ...arrivalColumns(inbox, item, arrival), kind, outcome, reason }], [item.raw]);
  await keepUnstored(database, packed.rows, packed.raws);
  return { outcome };
}
