import { createHash } from 'node:crypto';
import type { Channel } from '../../../contract/common.ts';
import type { MessageItem } from '../../channels/channel.ts';

export interface DedupKey {
  key: string;
  /** A checksum only counts for 24 hours; a provider's id counts for ever. */
  moving: boolean;
  checksum: string;
}

/** What makes two events the same message: the provider's id, else what it says; never when it came. */
export function dedupKeyOf(channel: Channel, item: MessageItem): DedupKey {
  const checksum = checksumOf(channel, item);
  return item.externalId === null
    ? { key: `sum:${checksum}`, moving: true, checksum }
    : { key: `id:${item.externalId}`, moving: false, checksum };
}

/** SHA-256 of the canonical form: channel, sender, recipient, subject, text and the hashes of the files. */
export function checksumOf(channel: Channel, item: MessageItem): string {
  const files = (item.attachments ?? []).map((file) => createHash('sha256').update(file.bytes).digest('hex'));
  const canonical = [channel, item.from.value, item.to, item.subject ?? '', item.text, item.fields ?? [], files];
  return createHash('sha256').update(JSON.stringify(canonical)).digest('hex');
}
