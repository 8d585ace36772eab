import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { ApiError } from './errors.ts';

export interface Cursor<Position> {
  encode(position: Position): string;
  /** The position, undefined for the first page; a cursor that we did not make is answered 400. */
  decode(cursor: string | undefined): Position | undefined;
}

const sumBytes = 8;

/**
 * The place where a page ended, as text that clients do not look into. `list` names the list, so that the cursor of
 * one list is refused by another; a sum notices changes. It grants nothing: rows are still found through the actor.
 */
export function cursorOf<Schema extends z.ZodType>(list: string, schema: Schema): Cursor<z.infer<Schema>> {
  const sum = (body: Buffer) => createHash('sha256').update(list).update('\0').update(body).digest().subarray(0, sumBytes);
  return {
    encode(position) {
      const body = Buffer.from(JSON.stringify(position));
      return Buffer.concat([sum(body), body]).toString('base64url');
    },
    decode(cursor) {
      if (cursor === undefined) return undefined;
      const bytes = Buffer.from(cursor, 'base64url');
      const body = bytes.subarray(sumBytes);
      if (bytes.toString('base64url') !== cursor || bytes.length <= sumBytes || !sum(body).equals(bytes.subarray(0, sumBytes)))
        throw refused();
      const parsed = schema.safeParse(JSON.parse(body.toString()));
      if (!parsed.success) throw refused();
      return parsed.data;
    },
  };
}

const refused = () =>
  new ApiError('validation_error', 'cursor: is not one that this list gave.', {
    errors: [{ path: 'cursor', message: 'is not one that this list gave' }],
  });
