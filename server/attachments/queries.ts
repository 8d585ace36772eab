import type { Database, Tx } from '../db/pool.ts';

export interface FileRow {
  filename: string;
  content_type: string;
  size: string;
  storage_key: string;
}

export async function findFile(tx: Tx, fileId: string): Promise<FileRow | undefined> {
  const [row] = await tx.query<FileRow>({
    text: 'select filename, content_type, size, storage_key from attachments where account_id = $1 and id = $2',
    values: [tx.accountId, fileId],
  });
  return row;
}

/** Of these keys the ones that some account still has a file for. */
export async function findKnownKeys(database: Database, keys: string[]): Promise<Set<string>> {
  const rows = await database.query<{ storage_key: string }>({ text: 'select storage_key from known_storage_keys($1)', values: [keys] });
  return new Set(rows.map((row) => row.storage_key));
}
