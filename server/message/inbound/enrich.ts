import { releaseDeserted } from '../../conversations/hand-over.ts';
import type { Database, Tx } from '../../db/pool.ts';
import { type Extraction, extract } from './extract.ts';
import { announceConversations, findToEnrich, raiseConversations, writeExtractions } from './enrich-queries.ts';

interface Enriched {
  messageId: string;
  contactId: string;
  conversationId: string;
  isDeserted: boolean;
  extraction: Extraction;
}

/**
 * What happens to a stored message, in this order. A step reads what the ones before it found;
 * all write in one transaction, so a job that runs again finds either everything or nothing done.
 */
const steps: ((tx: Tx, enriched: Enriched[]) => Promise<void>)[] = [writeExtraction, raisePriority, releaseFromAbsent];

/** Enriches a batch of inbound messages of one account. A crash may take it back: then its job is still there. */
export async function enrich(database: Database, accountId: string, messageIds: string[]): Promise<void> {
  await database.withAccount(
    accountId,
    async (tx) => {
      const rows = await findToEnrich(tx, messageIds);
      const enriched = rows.map((row) => ({
        messageId: row.id,
        contactId: row.contact_id,
        conversationId: row.conversation_id,
        isDeserted: row.is_deserted,
        extraction: extract(`${row.subject ?? ''}\n${row.text ?? ''}`),
      }));
      if (enriched.length > 0) for (const step of steps) await step(tx, enriched);
    },
    'relaxed',
  );
}

/** Language, priority and references of the message; the contact speaks the language of the last message that told one. */
async function writeExtraction(tx: Tx, enriched: Enriched[]): Promise<void> {
  await writeExtractions(
    tx,
    enriched.map(({ messageId, contactId, extraction }) => ({
      message_id: messageId,
      contact_id: contactId,
      language: extraction.language,
      priority: extraction.priority,
      found: { priorityWords: extraction.priorityWords, references: extraction.references },
    })),
  );
}

/** An urgent message makes its conversation urgent; a member's own choice of priority is never lowered. */
async function raisePriority(tx: Tx, enriched: Enriched[]): Promise<void> {
  const urgent = enriched.filter(({ extraction }) => extraction.priority === 'high').map(({ messageId }) => messageId);
  if (urgent.length === 0) return;
  const raised = await raiseConversations(tx, urgent);
  if (raised.length > 0) await announceConversations(tx, raised);
}

/** What a contact writes to somebody who is suspended or gone is for whoever looks at what nobody has. */
async function releaseFromAbsent(tx: Tx, enriched: Enriched[]): Promise<void> {
  const deserted = enriched.filter(({ isDeserted }) => isDeserted).map(({ conversationId }) => conversationId);
  if (deserted.length > 0) await releaseDeserted(tx, deserted);
}
