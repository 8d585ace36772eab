import type { z } from 'zod';
import type { Contact, contactPatch, contactQuery } from '../../contract/conversation.ts';
import type { Context } from '../context.ts';
import { refreshConversationsOf } from '../conversations/actions.ts';
import type { Database } from '../db/pool.ts';
import { notFound } from '../http/errors.ts';
import { getContact, presentContact } from './access.ts';
import { listContacts, updateContact } from './queries.ts';

/** A page of contacts; `next` is the last id of the page when another follows. */
export async function readContacts(
  database: Database,
  accountId: string,
  query: z.output<typeof contactQuery>,
  before: string | null,
): Promise<{ items: Contact[]; next: string | null }> {
  const rows = await database.withAccount(accountId, (tx) => listContacts(tx, query.q, query.limit + 1, before));
  const items = rows.slice(0, query.limit).map(presentContact);
  return { items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null };
}

/** Changes name or company; the conversations that show the contact are told again. */
export async function patchContact(
  context: Pick<Context, 'database' | 'announcer'>,
  accountId: string,
  id: string,
  patch: z.output<typeof contactPatch>,
): Promise<Contact> {
  const contact = await context.database.withAccount(accountId, async (tx) => {
    if (!(await updateContact(tx, id, patch))) throw notFound('contact');
    if (patch.name !== undefined) await refreshConversationsOf(tx, id);
    return getContact(tx, id);
  });
  context.announcer.wake();
  return contact;
}
