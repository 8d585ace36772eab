import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Slots } from './sliding.ts';

/** The buckets of `take_slots` as fields of a hash, by the clock of Redis; one script, so that nothing comes in between. */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local wanted = tonumber(ARGV[1])
local taken = wanted
local windows, answer = {}, {}
for i, key in ipairs(KEYS) do
  local slots, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local width = math.max(1, math.floor(window / 60))
  local current = math.floor(now / width)
  local counts, total = {}, 0
  local known = redis.call('HGETALL', key)
  for n = 1, #known, 2 do current = math.max(current, tonumber(known[n])) end
  for n = 1, #known, 2 do
    local bucket = tonumber(known[n])
    if bucket <= current - 61 then redis.call('HDEL', key, known[n])
    else
      counts[bucket] = tonumber(known[n + 1])
      total = total + counts[bucket]
    end
  end
  taken = math.min(taken, math.max(0, slots - total))
  windows[i] = { key = key, slots = slots, window = window, width = width, current = current, counts = counts, total = total }
end
for i, w in ipairs(windows) do
  if taken > 0 then
    w.counts[w.current] = (w.counts[w.current] or 0) + taken
    redis.call('HINCRBY', w.key, string.format('%.0f', w.current), taken)
    redis.call('PEXPIRE', w.key, w.window + 2 * w.width)
  end
  local buckets = {}
  for bucket in pairs(w.counts) do buckets[#buckets + 1] = bucket end
  table.sort(buckets)
  local used = w.total + taken
  local wait, rest = 0, used
  if taken < wanted and used >= w.slots then
    for _, bucket in ipairs(buckets) do
      rest = rest - w.counts[bucket]
      wait = math.max(1000, (bucket + 61) * w.width - now)
      if rest < w.slots then break end
    end
  end
  answer[i] = { taken, used, wait, math.max(0, ((buckets[1] or w.current) + 61) * w.width - now) }
end
return answer`;
const scriptHash = createHash('sha1').update(script).digest('hex');

const answerWithinMs = 1_000;
const prefix = 'guichet:limit:';

/** Counts in Redis, by the same windows: for several web processes. Counting fails at once while there is no connection. */
export function createRedisSlots(url: string, onError: (error: Error) => void): Slots {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: answerWithinMs,
    connectTimeout: 2_000,
    retryStrategy: (attempt) => Math.min(1_000, attempt * 50),
  });
  redis.on('error', onError);
  // Its own attempts go on; what is wrong is told to the listener above.
  redis.connect().catch(onError);

  return {
    async take(windows, wanted) {
      const keys = windows.map(({ key }) => prefix + key);
      const values = [wanted, ...windows.flatMap(({ limit, windowMs }) => [limit, windowMs])];
      const rows = (await redis.evalsha(scriptHash, keys.length, ...keys, ...values).catch((error: Error) => {
        // A Redis that was started anew does not know the script yet.
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(script, keys.length, ...keys, ...values);
      })) as [number, number, number, number][];
      return {
        taken: rows[0]?.[0] ?? 0,
        windows: rows.map(([, used, retryAfterMs, resetMs]) => ({ used, retryAfterMs, resetMs })),
      };
    },
    isThere: () =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    async close() {
      redis.disconnect();
    },
  };
}
