import type { Tx } from '../db/pool.ts';

export interface ContactRow {
  id: string;
  name: string | null;
  company: string | null;
  language: string | null;
  created_at: Date;
  identities: { id: string; kind: string; value: string }[] | null;
}

const columns = `ct.id, ct.name, ct.company, ct.language, ct.created_at,
  (select jsonb_agg(jsonb_build_object('id', k.id, 'kind', k.kind, 'value', k.value) order by array_position(array['email', 'phone', 'whatsapp'], k.kind), k.id)
   from identities k where k.account_id = ct.account_id and k.contact_id = ct.id) as identities`;

/** A page of contacts, the newest first: ids grow with time. */
export function listContacts(tx: Tx, q: string | undefined, limit: number, before: string | null): Promise<ContactRow[]> {
  const values: unknown[] = [tx.accountId, before, limit];
  const where = q === undefined ? '' : likeCondition(values.push(`%${q.replace(/[\\%_]/g, '\\$&')}%`));
  return tx.query<ContactRow>({
    text: `select ${columns} from contacts ct where ct.account_id = $1 and ($2::uuid is null or ct.id < $2) ${where} order by ct.id desc limit $3`,
    values,
  });
}

const likeCondition = (place: number) =>
  `and (ct.name ilike $${place} or ct.company ilike $${place} or ct.id in (select contact_id from identities where account_id = $1 and value ilike $${place}))`;

export async function findContact(tx: Tx, id: string): Promise<ContactRow | undefined> {
  const [row] = await tx.query<ContactRow>({
    name: 'find contact',
    text: `select ${columns} from contacts ct where ct.account_id = $1 and ct.id = $2`,
    values: [tx.accountId, id],
  });
  return row;
}

/** Writes what is given; false when the contact is not of the account. */
export async function updateContact(
  tx: Tx,
  id: string,
  set: { name?: string | null | undefined; company?: string | null | undefined },
): Promise<boolean> {
  const rows = await tx.query({
    name: 'update contact',
    text: `update contacts set name = case when $3 then $4 else name end, company = case when $5 then $6 else company end, updated_at = now()
           where account_id = $1 and id = $2 returning id`,
    values: [tx.accountId, id, set.name !== undefined, set.name ?? null, set.company !== undefined, set.company ?? null],
  });
  return rows.length > 0;
}
