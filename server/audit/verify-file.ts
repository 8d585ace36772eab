import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { exportFormat } from './export.ts';
import { type Broken, type ChainKeys, createChainCheck } from './verify.ts';
import type { Verdict } from './verify-database.ts';

const hex = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform((text) => Buffer.from(text, 'hex'));
const wrappedKey = z.object({ id: z.string(), wrapped: hex, master: hex });
const header = z.object({
  type: z.literal('header'),
  format: z.literal(exportFormat),
  accountId: z.string(),
  exportedAt: z.string(),
  retiredKeys: z.array(wrappedKey).default([]),
});
const entry = z.object({ type: z.literal('entry'), seq: z.int(), record: z.string(), hash: hex, mac: hex });
const end = z.object({ type: z.literal('end'), seq: z.int(), hash: hex, mac: hex });

export type ExportHeader = z.infer<typeof header>;

/** The file is no export at all; a damaged one is a verdict. */
export class NoExport extends Error {}

/** Verifies an exported chain line by line, without a database. `keysFor` gives the keys at hand, or undefined. */
export async function verifyFile(path: string, keysFor: (header: ExportHeader) => ChainKeys | undefined): Promise<Verdict> {
  const stream = createReadStream(path);
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  try {
    const first = header.safeParse(parse((await lines.next()).value));
    if (!first.success) throw new NoExport('it does not begin like an export of the audit log');
    const check = createChainCheck(first.data.accountId, keysFor(first.data));
    const verdict = (broken?: Broken): Verdict => ({
      accountId: first.data.accountId,
      entries: check.entries,
      hash: check.hash.toString('hex'),
      broken,
    });
    for (;;) {
      const line = (await lines.next()) as IteratorResult<string, undefined>;
      const seq = check.entries + 1;
      if (line.done) return verdict({ seq, kind: 'end_missing', cause: 'the file ends before the end of the chain' });
      const parsed = z.union([entry, end]).safeParse(parse(line.value));
      if (!parsed.success) return verdict({ seq, kind: 'entry_changed', cause: 'its line is not one that an export writes' });
      const broken = parsed.data.type === 'entry' ? check.next(parsed.data) : check.end(parsed.data);
      if (broken) return verdict(broken);
      if (parsed.data.type === 'end') return verdict(await findMore(lines, seq));
    }
  } finally {
    stream.destroy();
  }
}

async function findMore(lines: AsyncIterator<string>, seq: number): Promise<Broken | undefined> {
  const more = await lines.next();
  return more.done ? undefined : { seq, kind: 'end_changed', cause: 'the file goes on after its end' };
}

function parse(line: unknown): unknown {
  try {
    return JSON.parse(String(line));
  } catch {
    // Whoever asked says what that means.
    return undefined;
  }
}
