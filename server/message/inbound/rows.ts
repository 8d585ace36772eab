import type { InboundItem, MessageItem } from '../../channels/channel.ts';
import { newId } from '../../db/id.ts';
import type { FileStore } from '../../files/store.ts';
import { dedupKeyOf } from './dedup.ts';
import type { InboundInbox } from './endpoint.ts';
import type { Arrival } from './receive.ts';

/** A row as the batch functions of the database read it. */
export type BatchRow = Record<string, unknown>;

/** Rows as JSON and their raw bodies as one run of bytes with offsets: hex or base64 would double what is sent. */
export function packBatch(rows: BatchRow[], raws: Buffer[]): { rows: string; raws: Buffer } {
  let start = 0;
  rows.forEach((row, n) => {
    row.raw_start = start;
    row.raw_bytes = raws[n]?.length ?? 0;
    start += raws[n]?.length ?? 0;
  });
  return { rows: JSON.stringify(rows), raws: Buffer.concat(raws) };
}

/** Files are on disk before the row that names them commits. */
export async function messageRow(n: number, inbox: InboundInbox, item: MessageItem, arrival: Arrival, files: FileStore): Promise<BatchRow> {
  const dedup = dedupKeyOf(inbox.channel, item);
  return {
    n,
    ...arrivalColumns(inbox, item, arrival),
    kind: 'message',
    key: dedup.key,
    moving: dedup.moving,
    checksum: dedup.checksum,
    identity_kind: item.from.kind,
    identity_value: clean(item.from.value),
    identity_id: newId(),
    contact_id: newId(),
    name: item.name === null ? null : clean(item.name),
    conversation_id: newId(),
    thread_key: clean(item.threadKey),
    subject: item.subject === null ? null : clean(item.subject),
    message_id: newId(),
    type: item.type,
    text: clean(item.text),
    meta: metaOf(item),
    sent_at: item.sentAt,
    others: item.otherIdentities?.length
      ? item.otherIdentities.map((other) => ({ id: newId(), kind: other.kind, value: clean(other.value) }))
      : null,
    files: item.attachments?.length ? await Promise.all(item.attachments.map((file) => fileRow(file, files))) : null,
  };
}

export function arrivalColumns(inbox: InboundInbox, item: InboundItem, arrival: Arrival): BatchRow {
  return {
    inbox_id: inbox.id,
    ledger_id: newId(),
    external_id: item.externalId === null ? null : clean(item.externalId),
    request_id: arrival.requestId,
    raw_type: item.rawType,
    received_at: arrival.receivedAt,
    verified_at: arrival.verifiedAt,
  };
}

async function fileRow(file: { filename: string; contentType: string; bytes: Buffer }, files: FileStore): Promise<BatchRow> {
  const kept = await files.put(file.bytes);
  return {
    id: newId(),
    filename: clean(file.filename),
    content_type: clean(file.contentType),
    size: kept.size,
    sha256: kept.sha256.toString('hex'),
    storage_key: kept.storageKey,
  };
}

function metaOf(item: MessageItem): BatchRow | null {
  const meta: BatchRow = {};
  if (item.fields?.length) meta.fields = item.fields.map(({ name, value }) => ({ name: clean(name), value: clean(value) }));
  if (item.replyToExternalId) meta.replyToExternalId = clean(item.replyToExternalId);
  return Object.keys(meta).length > 0 ? meta : null;
}

/** PostgreSQL keeps neither NUL nor half a surrogate pair: both become U+FFFD. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}
