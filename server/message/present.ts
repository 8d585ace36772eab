import type { DeliveryError, Message, MessageStatus } from '../../contract/conversation.ts';

/** A message as the statements of queries.ts read it. */
export interface MessageRow {
  id: string;
  conversation_id: string;
  seq: string;
  change_seq: string;
  direction: 'in' | 'out';
  kind: 'message' | 'note';
  type: string;
  text: string | null;
  subject: string | null;
  status: MessageStatus;
  author_id: string | null;
  author_name: string | null;
  reply_to_id: string | null;
  error: DeliveryError | null;
  meta: { fields?: { name: string; value: string }[] } | null;
  language: string | null;
  attachments: { id: string; filename: string; contentType: string; size: number }[] | null;
  sent_at: Date;
  created_at: Date;
}

/** A signed address under which a file of the account can be fetched for some minutes. */
export type FileUrl = (accountId: string, fileId: string) => string;

export function presentMessage(accountId: string, row: MessageRow, fileUrl: FileUrl): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    seq: Number(row.seq),
    changeSeq: Number(row.change_seq),
    direction: row.direction,
    kind: row.kind,
    type: row.type,
    text: row.text,
    subject: row.subject,
    status: row.status,
    author: row.author_id === null ? null : { id: row.author_id, name: row.author_name ?? '' },
    replyToId: row.reply_to_id,
    error: row.error,
    fields: row.meta?.fields ?? null,
    language: row.language,
    attachments: (row.attachments ?? []).map((file) => ({ ...file, url: fileUrl(accountId, file.id) })),
    sentAt: row.sent_at.toISOString(),
    createdAt: row.created_at.toISOString(),
  };
}
