import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Slot, Slots } from './sliding.ts';

/** The buckets of `take_slots` as fields of a hash, by the clock of Redis; one script, so that nothing comes in between. */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local is_free = true
local windows, answer = {}, {}
for i, key in ipairs(KEYS) do
  local slots, window = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local width = math.max(1, math.floor(window / 60))
  local current = math.floor(now / width)
  local counts, buckets, total = {}, {}, 0
  local known = redis.call('HGETALL', key)
  for n = 1, #known, 2 do current = math.max(current, tonumber(known[n])) end
  for n = 1, #known, 2 do
    local bucket = tonumber(known[n])
    if bucket <= current - 61 then redis.call('HDEL', key, known[n])
    else
      counts[bucket] = tonumber(known[n + 1])
      total = total + counts[bucket]
      buckets[#buckets + 1] = bucket
    end
  end
  table.sort(buckets)
  local wait, rest = 0, total
  if total >= slots then
    is_free = false
    for _, bucket in ipairs(buckets) do
      rest = rest - counts[bucket]
      wait = math.max(1000, (bucket + 61) * width - now)
      if rest < slots then break end
    end
  end
  windows[i] = { key = key, current = string.format('%.0f', current), ttl = window + 2 * width }
  answer[i] = { total, wait, math.max(0, ((buckets[1] or current) + 61) * width - now) }
end
if is_free then
  for i, window in ipairs(windows) do
    redis.call('HINCRBY', window.key, window.current, 1)
    redis.call('PEXPIRE', window.key, window.ttl)
    answer[i][1] = answer[i][1] + 1
  end
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
    async take(windows) {
      const keys = windows.map(({ key }) => prefix + key);
      const values = windows.flatMap(({ limit, windowMs }) => [limit, windowMs]);
      const rows = (await redis.evalsha(scriptHash, keys.length, ...keys, ...values).catch((error: Error) => {
        // A Redis that was started anew does not know the script yet.
        if (!error.message.startsWith('NOSCRIPT')) throw error;
        return redis.eval(script, keys.length, ...keys, ...values);
      })) as [number, number, number][];
      const isTaken = rows.every(([, wait]) => wait === 0);
      return rows.map(([used, retryAfterMs, resetMs]): Slot => ({ isTaken, used, retryAfterMs, resetMs }));
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
