import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The rules of a chain, which anybody can follow with a few lines of their own:
 *
 * - A record is JSON with the keys of every object sorted and no space between: `accountId, action, actor, at, details,
 *   requestId, seq, subject`. What was hashed is that text, byte for byte, in UTF-8.
 * - hash = SHA-256(hash of the entry before || record); before the first entry the hash is empty.
 * - mac = HMAC-SHA-256(chain key, hash). The chain key comes from GUICHET_SECRET_KEY, which is not in the database:
 *   with the database alone one can compute the hashes anew, not the macs.
 * - The head holds seq, hash and HMAC-SHA-256(chain key, "head" || seq as 8 bytes, big endian || hash). It is not the
 *   mac of the last entry, so the end cannot be cut off by moving the head back to an entry before.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

/** SHA-256 of the hash before and the record: what ties an entry to all before it. */
export function chainHash(previous: Buffer, record: string): Buffer {
  return createHash('sha256').update(previous).update(record).digest();
}

/** What only somebody with the key can put on an entry. */
export function entryMac(chainKey: Buffer, hash: Buffer): Buffer {
  return createHmac('sha256', chainKey).update(hash).digest();
}

/** What only somebody with the key can put on the end of a chain. */
export function headMac(chainKey: Buffer, seq: number, hash: Buffer): Buffer {
  const place = Buffer.alloc(8);
  place.writeBigUInt64BE(BigInt(seq));
  return createHmac('sha256', chainKey).update('head').update(place).update(hash).digest();
}

/** Compares in a time that tells nothing. */
export function isSame(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
