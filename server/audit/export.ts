import { Readable } from 'node:stream';
import type { WrappedKey } from '../credentials/masters.ts';
import { listRetiredChainKeys } from '../credentials/retired.ts';
import type { Database } from '../db/pool.ts';
import type { Actor } from './actor.ts';
import { type EntryRow, type Head, listChain } from './queries.ts';
import { recordAudit } from './record.ts';

/** What an export file says of itself in its first line. */
export const exportFormat = 'guichet-audit-1';
const pageRows = 500;

/**
 * The whole chain as JSON Lines: a header, the entries in their order, and the end with its hash. The export is an entry
 * itself, the last one of the file. Read page by page as it is sent, so a chain of any length needs the memory of one page.
 */
export async function exportAudit(database: Database, actor: Actor, accountId: string): Promise<Readable> {
  const retired = await listRetiredChainKeys(database);
  const head = await database.withAccount(accountId, (tx) => recordAudit(tx, actor, { action: 'audit.exported' }));
  return Readable.from(writeLines(database, accountId, head, retired), { objectMode: false });
}

async function* writeLines(database: Database, accountId: string, head: Head, retired: WrappedKey[]): AsyncGenerator<string> {
  // Wrapped by the master key: they tell nothing, and let it prove marks from before it.
  const retiredKeys = retired.map(({ id, wrapped, master }) => ({ id, wrapped: wrapped.toString('hex'), master: master.toString('hex') }));
  yield line({ type: 'header', format: exportFormat, accountId, exportedAt: new Date().toISOString(), retiredKeys });
  for (let seq = 0; seq < head.seq; ) {
    const rows = await database.withAccount(accountId, (tx) => listChain(tx, seq, head.seq, pageRows));
    const last = rows.at(-1);
    // A chain with a hole is exported as it is; who verifies the file sees it.
    if (!last) break;
    yield rows.map(entryLine).join('');
    seq = last.seq;
  }
  yield line({ type: 'end', seq: head.seq, hash: head.hash.toString('hex'), mac: head.mac.toString('hex') });
}

const line = (content: object) => `${JSON.stringify(content)}\n`;

function entryLine({ seq, record, hash, mac }: EntryRow): string {
  return line({ type: 'entry', seq, record, hash: hash.toString('hex'), mac: mac.toString('hex') });
}
