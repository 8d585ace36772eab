import { isConnectionLoss } from '../../db/pool.ts';
import { ApiError } from '../../http/errors.ts';

export interface BatcherOptions<Item, Result> {
  lanes: number;
  rowsMax: number;
  /** Beyond this many waiting items new ones are refused with 503: memory stays flat when the database is slow. */
  waitingMax: number;
  /** Items of one sender share a lane, so that they keep their order and never wait for themselves. */
  laneOf: (item: Item) => string;
  /** Batches are shared among the groups that wait, so that a flood of one holds up no other. */
  groupOf: (item: Item) => string;
  /** Two items of one key never share a batch: one upsert cannot decide twice about a row. */
  keyOf: (item: Item) => string;
  /** Stores a batch in one transaction; the results in the order of the items, after the commit. */
  run: (items: Item[]) => Promise<Result[]>;
}

export interface Batcher<Item, Result> {
  /** Resolves after the commit that holds the item. */
  add(item: Item): Promise<Result>;
  /** Items that wait or run now. */
  size(): number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Group commit: while a lane's transaction runs, arrivals gather, and the next transaction takes them together.
 * A batch that fails for another reason than a lost database is repeated item by item.
 */
export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const lanes = Array.from({ length: options.lanes }, () => ({ waiting: new Map<string, Waiting<Item, Result>[]>(), isRunning: false }));
  let size = 0;

  type Lane = (typeof lanes)[number];

  function start(lane: Lane) {
    lane.isRunning = true;
    // One turn of the event loop: requests that were read together go together.
    setImmediate(() => void runNext(lane));
  }

  async function runNext(lane: Lane) {
    const batch = take(lane);
    await settle(batch);
    size -= batch.length;
    if (lane.waiting.size > 0) start(lane);
    else lane.isRunning = false;
  }

  /** Takes turns among the groups until the batch is full or nothing is left that may go now. */
  function take(lane: Lane): Waiting<Item, Result>[] {
    const keys = new Set<string>();
    const batch: Waiting<Item, Result>[] = [];
    const share = Math.max(1, Math.floor(options.rowsMax / lane.waiting.size));
    // As they stand now: who is put back behind the others below must not come up again in this batch.
    const groups = [...lane.waiting];
    for (const [group, waiting] of groups) {
      const room = Math.min(share, options.rowsMax - batch.length);
      // Who does not fit any more keeps its place, and so is ahead of those put back behind.
      if (room === 0) break;
      const later: Waiting<Item, Result>[] = [];
      for (const entry of waiting.slice(0, room)) (isFirstOf(keys, options.keyOf(entry.item)) ? batch : later).push(entry);
      const left = later.concat(waiting.slice(room));
      lane.waiting.delete(group);
      if (left.length > 0) lane.waiting.set(group, left);
    }
    return batch;
  }

  async function settle(batch: Waiting<Item, Result>[]) {
    try {
      const results = await options.run(batch.map((entry) => entry.item));
      batch.forEach((entry, n) => resolveOne(entry, results[n]));
    } catch (error) {
      if (batch.length === 1 || isConnectionLoss(error)) for (const entry of batch) entry.reject(error);
      else for (const entry of batch) await settle([entry]);
    }
  }

  return {
    add(item) {
      if (size >= options.waitingMax) {
        return Promise.reject(
          new ApiError('unavailable', 'Too many messages are waiting to be stored.', { headers: { 'retry-after': '5' } }),
        );
      }
      size += 1;
      const lane = lanes[hash(options.laneOf(item)) % lanes.length];
      if (!lane) throw new RangeError('a batcher needs a lane');
      return new Promise<Result>((resolve, reject) => {
        const group = options.groupOf(item);
        const waiting = lane.waiting.get(group);
        if (waiting) waiting.push({ item, resolve, reject });
        else lane.waiting.set(group, [{ item, resolve, reject }]);
        if (!lane.isRunning) start(lane);
      });
    },
    size: () => size,
  };
}

function resolveOne<Item, Result>(entry: Waiting<Item, Result>, result: Result | undefined) {
  if (result === undefined) entry.reject(new Error('the batch came back without this item'));
  else entry.resolve(result);
}

function hash(text: string): number {
  let value = 0;
  for (let place = 0; place < text.length; place += 1) value = (Math.imul(value, 31) + text.charCodeAt(place)) >>> 0;
  return value;
}

function isFirstOf(keys: Set<string>, key: string): boolean {
  const isFirst = !keys.has(key);
  keys.add(key);
  return isFirst;
}
