import type { Database, Tx } from '../../db/pool.ts';

type Queries = Pick<Tx, 'query'>;

export interface PasskeyRow {
  id: string;
  user_id: string;
  credential_id: Buffer;
  public_key: Buffer;
  transports: string[];
  name: string;
  is_backed_up: boolean;
  created_at: Date;
  last_used_at: Date | null;
}

const columns = 'id, user_id, credential_id, public_key, transports, name, is_backed_up, created_at, last_used_at';

/** A person's passkeys, the oldest first. */
export function listPasskeyRows(where: Queries, userId: string): Promise<PasskeyRow[]> {
  return where.query<PasskeyRow>({ text: `select ${columns} from passkeys where user_id = $1 order by id`, values: [userId] });
}

export async function findPasskey(database: Database, credentialId: Buffer): Promise<PasskeyRow | undefined> {
  const [row] = await database.query<PasskeyRow>({
    name: 'passkey_find',
    text: `select ${columns} from passkeys where credential_id = $1`,
    values: [credentialId],
  });
  return row;
}

/** How many passkeys a person has; their row is locked, so that the number stays. */
export async function countPasskeys(tx: Tx, userId: string): Promise<number> {
  await tx.query({ text: 'select 1 from users where id = $1 for update', values: [userId] });
  const [row] = await tx.query<{ count: number }>({
    text: 'select count(*)::integer as count from passkeys where user_id = $1',
    values: [userId],
  });
  return row?.count ?? 0;
}

/** Adds a passkey; undefined when somebody has this credential already. */
export async function insertPasskey(
  tx: Tx,
  passkey: {
    id: string;
    userId: string;
    credentialId: Buffer;
    publicKey: Buffer;
    counter: number;
    transports: string[];
    name: string;
    isBackedUp: boolean;
  },
): Promise<PasskeyRow | undefined> {
  const [row] = await tx.query<PasskeyRow>({
    text: `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, name, is_backed_up)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (credential_id) do nothing returning ${columns}`,
    values: [
      passkey.id,
      passkey.userId,
      passkey.credentialId,
      passkey.publicKey,
      passkey.counter,
      passkey.transports,
      passkey.name,
      passkey.isBackedUp,
    ],
  });
  return row;
}

/** Notes a use; false when the counter did not grow, as that of a copy would not. Devices without a counter always say 0. */
export async function touchPasskey(database: Database, id: string, used: { counter: number; isBackedUp: boolean }): Promise<boolean> {
  const rows = await database.query({
    name: 'passkey_touch',
    text: `update passkeys set counter = $2, is_backed_up = $3, last_used_at = now()
           where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
    values: [id, used.counter, used.isBackedUp],
  });
  return rows.length === 1;
}

export async function renamePasskeyRow(tx: Tx, userId: string, id: string, name: string): Promise<PasskeyRow | undefined> {
  const [row] = await tx.query<PasskeyRow>({
    text: `update passkeys set name = $3 where user_id = $1 and id = $2 returning ${columns}`,
    values: [userId, id, name],
  });
  return row;
}

export async function deletePasskey(tx: Tx, userId: string, id: string): Promise<PasskeyRow | undefined> {
  const [row] = await tx.query<PasskeyRow>({
    text: `delete from passkeys where user_id = $1 and id = $2 returning ${columns}`,
    values: [userId, id],
  });
  return row;
}
