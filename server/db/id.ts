import { randomFillSync } from 'node:crypto';

const random = Buffer.alloc(16 * 256);
let randomOffset = random.length;
let lastMs = 0;
let counter = 0;

/**
 * A UUIDv7 that is strictly increasing within this process: 48 bits of Unix milliseconds,
 * a 12-bit counter in place of `rand_a`, 62 random bits.
 */
export function newId(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = nextRandom().readUInt16BE(0) & 0x3ff;
  } else if (++counter > 0xfff) {
    lastMs += 1;
    counter = 0;
  }
  const bytes = nextRandom();
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | counter, 6);
  bytes.writeUInt8(0x80 | ((bytes[8] ?? 0) & 0x3f), 8);
  return idOfBytes(bytes);
}

/** An id as the sixteen bytes that it is. */
export const bytesOfId = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The id that the first sixteen of these bytes are. */
export function idOfBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Random bytes are drawn 256 ids at a time: one call to the kernel per id costs more than the id. */
function nextRandom(): Buffer {
  if (randomOffset >= random.length) {
    randomFillSync(random);
    randomOffset = 0;
  }
  const bytes = random.subarray(randomOffset, randomOffset + 16);
  randomOffset += 16;
  return bytes;
}
