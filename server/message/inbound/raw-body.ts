import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../http/errors.ts';

/** Beyond the cap the rest is read and thrown away up to this much, so that the sender gets to read the answer. */
const drainedBytesMax = 64 * 1024 * 1024;

/** The body as it came, counted in bytes before anything looks at it. */
export async function readRaw(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else chunks.length = 0;
    if (bytes > drainedBytesMax) break;
  }
  if (bytes > bytesMax) {
    throw new ApiError('payload_too_large', `The body is larger than ${bytesMax} bytes.`, {
      headers: bytes > drainedBytesMax ? { connection: 'close' } : {},
    });
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, bytes);
}
