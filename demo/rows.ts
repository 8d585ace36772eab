import { createHash, randomBytes } from 'node:crypto';
import type { Channels } from '../server/channels/index.ts';
import type { MessageItem } from '../server/channels/channel.ts';
import { newId } from '../server/db/id.ts';
import { dedupKeyOf } from '../server/message/inbound/dedup.ts';
import { extract } from '../server/message/inbound/extract.ts';
import { phoneNumberId } from './content/account.ts';
import type { MemberName, SampleContact, Scene } from './content/types.ts';
import { messageEnvelope } from './provider/envelope.ts';
import { sendingOf } from './sending.ts';
import { readScript, type ScriptLine } from './script.ts';

type Row = Record<string, unknown>;

/** Rows by table, in the order in which they can be inserted. */
export type DemoRows = Record<
  'contacts' | 'identities' | 'conversations' | 'messages' | 'dedup' | 'ledger' | 'provider_messages' | 'deliveries' | 'participants',
  Row[]
>;

export interface SceneFrame {
  accountId: string;
  now: Date;
  inboxIds: Record<Scene['inbox'], string>;
  memberIds: Record<MemberName, string>;
  channels: Channels;
}

const emptyRows = (): DemoRows => ({
  contacts: [],
  identities: [],
  conversations: [],
  messages: [],
  dedup: [],
  ledger: [],
  provider_messages: [],
  deliveries: [],
  participants: [],
});

/** What the line and the members' work would have left in the database, had the sample week happened here. */
export function rowsOf(scenes: Scene[], frame: SceneFrame): DemoRows {
  const rows = emptyRows();
  const known = new Map<string, KnownContact>();
  for (const scene of scenes) addScene(rows, known, scene, frame);
  return rows;
}

interface KnownContact {
  id: string;
  row: Row;
  identityIds: Map<string, string>;
}

function addScene(rows: DemoRows, known: Map<string, KnownContact>, scene: Scene, frame: SceneFrame): void {
  const account_id = frame.accountId;
  const inbox_id = frame.inboxIds[scene.inbox];
  const lines = readScript(scene.script);
  const times = timesOf(lines, scene.ended, frame.now);
  const visitorId = randomBytes(16).toString('hex');
  const conversationId = newId();
  const inbound = lines.map((line, n) => (line.author === null ? itemOf(scene, line.text, visitorId, times[n] ?? frame.now, frame) : null));
  const contact = contactOf(rows, known, scene, inbound, times[0] ?? frame.now, account_id);
  const first = inbound.find((item) => item !== null);
  const lastInbound = lines.findLastIndex((line) => line.author === null);
  const lastOutbound = lines.findLastIndex((line) => line.author !== null);

  const messageIds = lines.map(() => newId());
  lines.forEach((line, n) => {
    const item = inbound[n];
    const at = times[n] ?? frame.now;
    const base = {
      account_id,
      id: messageIds[n],
      conversation_id: conversationId,
      seq: n + 1,
      change_seq: n + 1,
      sent_at: at,
      created_at: at,
    };
    if (item) addInbound(rows, base, item, scene, inbox_id, contact);
    else
      addOutbound(rows, base, line, scene, inbox_id, {
        isLast: n >= lastInbound,
        isPast: at,
        memberId: frame.memberIds[line.author as MemberName],
      });
  });

  const hasHigh = rows.messages.some((row) => row.conversation_id === conversationId && row.priority === 'high');
  rows.conversations.push({
    account_id,
    id: conversationId,
    inbox_id,
    contact_id: contact.id,
    identity_id: first ? contact.identityIds.get(`${first.from.kind} ${first.from.value}`) : null,
    channel: scene.inbox,
    thread_key: '',
    status: scene.status ?? 'open',
    subject: scene.subject ?? null,
    priority: hasHigh ? 'high' : 'normal',
    assignee_id: scene.assignee ? frame.memberIds[scene.assignee] : null,
    seq: lines.length,
    last_message_id: messageIds.at(-1),
    last_message_seq: lines.length,
    last_inbound_seq: lastInbound + 1,
    last_inbound_at: times[lastInbound] ?? null,
    last_activity_at: times.at(-1),
    closed_at: scene.status === 'closed' ? times.at(-1) : null,
    created_at: times[0],
  });
  for (const user_id of Object.values(frame.memberIds)) {
    const read_seq = scene.isUnread ? lastOutbound + 1 : lines.length;
    if (read_seq > 0)
      rows.participants.push({ account_id, conversation_id: conversationId, user_id, read_seq, read_at: times[read_seq - 1] });
  }
}

/** The time of each line, so that the last one lies as far back as the scene says. */
function timesOf(lines: ScriptLine[], ended: string, now: Date): Date[] {
  const [, count = '0', unit = 'm'] = /^(\d+)([mhd])$/.exec(ended) ?? [];
  let at = now.getTime() - Number(count) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[unit as 'm' | 'h' | 'd'];
  return lines
    .toReversed()
    .map((line) => {
      const time = new Date(at);
      at -= line.afterMinutes * 60_000;
      return time;
    })
    .toReversed();
}

/** The item that the channel's own adapter reads from a raw body of that channel: what is in the ledger can be replayed. */
function itemOf(scene: Scene, text: string, visitorId: string, at: Date, frame: SceneFrame): MessageItem {
  const { raw, rawType } = rawOf(scene, text, visitorId, at);
  const [item] = frame.channels.adapterOf(scene.inbox)?.parse(Buffer.from(raw), rawType) ?? [];
  if (item?.kind !== 'message') throw new Error(`a sample message of ${scene.inbox} cannot be read: ${item?.kind ?? 'no adapter'}`);
  return item;
}

function rawOf(scene: Scene, text: string, visitorId: string, at: Date): { raw: string; rawType: string } {
  const { contact, inbox } = scene;
  if (inbox === 'whatsapp') {
    const from = (contact.phone ?? '').replace('+', '');
    const id = `wamid.${randomBytes(18).toString('base64')}`;
    return { raw: messageEnvelope(phoneNumberId, { id, from, name: contact.name ?? from, text }, at), rawType: 'application/json' };
  }
  if (inbox === 'form') {
    const fields = {
      name: contact.name,
      email: contact.email,
      phone: contact.phone,
      ...(scene.subject ? { subject: scene.subject } : {}),
      ...scene.fields,
    };
    return {
      raw: JSON.stringify({ ...fields, message: text, _idempotency: randomBytes(16).toString('hex') }),
      rawType: 'application/json',
    };
  }
  const said = { kind: 'message', visitorId, clientId: randomBytes(8).toString('hex'), text, at: at.toISOString() };
  return { raw: JSON.stringify(said), rawType: 'application/vnd.guichet.chat+json' };
}

/** One contact per person, however many channels they use; their addresses are those that the messages carry. */
function contactOf(
  rows: DemoRows,
  known: Map<string, KnownContact>,
  scene: Scene,
  inbound: (MessageItem | null)[],
  at: Date,
  account_id: string,
): KnownContact {
  const key = personKey(scene.contact) ?? newId();
  let contact = known.get(key);
  if (!contact) {
    const row: Row = {
      account_id,
      id: newId(),
      name: scene.contact.name,
      company: scene.contact.company ?? null,
      language: null,
      created_at: at,
      updated_at: at,
    };
    contact = { id: String(row.id), row, identityIds: new Map() };
    known.set(key, contact);
    rows.contacts.push(row);
  }
  for (const item of inbound) {
    for (const { kind, value } of item ? [item.from, ...(item.otherIdentities ?? [])] : []) {
      if (contact.identityIds.has(`${kind} ${value}`)) continue;
      const id = newId();
      contact.identityIds.set(`${kind} ${value}`, id);
      rows.identities.push({ account_id, id, contact_id: contact.id, kind, value, created_at: at });
    }
  }
  return contact;
}

const personKey = (contact: SampleContact) => contact.phone ?? contact.email;

function addInbound(rows: DemoRows, base: Row, item: MessageItem, scene: Scene, inbox_id: string, contact: KnownContact): void {
  const { account_id } = base;
  const { language, priority, priorityWords, references } = extract(`${item.subject ?? ''}\n${item.text}`);
  if (language !== null) contact.row.language = language;
  const { key, moving, checksum } = dedupKeyOf(scene.inbox, item);
  rows.messages.push({
    ...base,
    direction: 'in',
    kind: 'message',
    type: item.type,
    text: item.text,
    subject: item.subject,
    language,
    priority,
    status: 'received',
    author_id: null,
    external_id: item.externalId,
    error: null,
    meta: { ...(item.fields?.length ? { fields: item.fields } : {}), priorityWords, references },
    attempt: 0,
  });
  rows.dedup.push({ account_id, inbox_id, key, moving, checksum, message_id: base.id, seen_at: base.sent_at });
  rows.ledger.push({
    account_id,
    id: newId(),
    inbox_id,
    channel: scene.inbox,
    kind: 'message',
    outcome: 'stored',
    external_id: item.externalId,
    message_id: base.id,
    raw: `\\x${item.raw.toString('hex')}`,
    raw_type: item.rawType,
    request_id: `demo-${createHash('sha256').update(String(base.id)).digest('hex').slice(0, 12)}`,
    received_at: base.sent_at,
    verified_at: base.sent_at,
    stored_at: base.sent_at,
    announced_at: base.sent_at,
  });
}

function addOutbound(
  rows: DemoRows,
  base: Row,
  line: ScriptLine,
  scene: Scene,
  inbox_id: string,
  more: { isLast: boolean; isPast: Date; memberId: string },
): void {
  const { account_id } = base;
  const sending = sendingOf(line, scene, more.isLast);
  const external_id = sending.hasId ? (scene.inbox === 'whatsapp' ? `wamid.${randomBytes(18).toString('base64')}` : String(base.id)) : null;
  rows.messages.push({
    ...base,
    direction: 'out',
    kind: line.isNote ? 'note' : 'message',
    type: 'text',
    text: line.text,
    subject: null,
    language: null,
    priority: null,
    status: sending.status,
    author_id: more.memberId,
    external_id,
    error: sending.error,
    meta: null,
    attempt: line.isNote ? 0 : 1,
  });
  if (line.isNote) return;
  if (external_id !== null) {
    rows.provider_messages.push({
      account_id,
      inbox_id,
      external_id,
      message_id: base.id,
      status: sending.status,
      status_at: base.sent_at,
      error: null,
      created_at: base.sent_at,
    });
  }
  const { outcome, error } = sending;
  rows.deliveries.push({
    account_id,
    id: newId(),
    message_id: base.id,
    attempt: 1,
    started_at: base.sent_at,
    finished_at: base.sent_at,
    outcome,
    error,
  });
}
