import type { Contact } from '../../contract/conversation.ts';
import type { Tx } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { type ContactRow, findContact } from './queries.ts';

/** A contact of the transaction's account; missing and foreign ones are the same 404. */
export async function getContact(tx: Tx, id: string): Promise<Contact> {
  const row = await findContact(tx, id);
  if (!row) throw notFound('contact');
  return presentContact(row);
}

export function presentContact(row: ContactRow): Contact {
  const identities = row.identities ?? [];
  return {
    id: row.id,
    name: row.name,
    label: row.name || (identities[0]?.value ?? ''),
    company: row.company,
    language: row.language,
    identities,
    createdAt: row.created_at.toISOString(),
  };
}
