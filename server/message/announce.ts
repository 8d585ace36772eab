import { randomUUID } from 'node:crypto';
import type { Message } from '../../contract/conversation.ts';
import type { SharedConversation } from '../../contract/socket.ts';
import { loadSharedConversations } from '../conversations/access.ts';
import type { Change } from '../db/announcements.ts';
import { type Database, isConnectionLoss } from '../db/pool.ts';
import type { Logger } from '../log.ts';
import { loadMessages } from './access.ts';
import { createNudge } from './nudge.ts';
import { startPulse } from './pulse.ts';
import type { FileUrl } from './present.ts';
import { type AnnouncementRow, readAnnouncements, readBacklog, readSnapshot } from './queries.ts';

/** What was committed in one account: the changes in order, and the rows as they are now. */
export interface News {
  accountId: string;
  changes: Change[];
  messages: Map<string, Message>;
  conversations: Map<string, SharedConversation>;
}

export interface Listener {
  /** What nobody in this process listens to is not loaded. */
  hears(accountId: string): boolean;
  tell(news: News): Promise<void>;
}

export interface AnnouncerOptions {
  database: Database;
  log: Logger;
  fileUrl: FileUrl;
  /** Absent in a process without sockets: it only wakes the others. */
  listener?: Listener;
  pollMs?: number;
}

export interface Announcer {
  /** To be called after every commit that announced; calls that come together cost one. */
  wake(): void;
  close(): Promise<void>;
}

/** Beyond this many rows the details are left out: clients hear which conversations changed, and ask. */
const rowsMax = 5_000;
/** Looks follow each other at least this far apart: under load more commits share one. */
const pauseMs = 4;
const retryMs = 300;

/** Turns committed announcements into news, each exactly once, in this process and, by a nudge, in the others. */
export function startAnnouncer(options: AnnouncerOptions): Announcer {
  const { database, log, listener } = options;
  let seen: string | undefined;
  let isFailing = false;
  const pulse = listener
    ? startPulse({
        pollMs: options.pollMs ?? 1_000,
        pauseMs,
        retryMs,
        beat: () => look(listener),
        ended(error) {
          if (error && !isFailing) log.warn({ err: error }, 'announcements cannot be read for now');
          isFailing = error !== undefined;
        },
      })
    : undefined;
  const nudge = createNudge({
    database,
    log,
    heard: () => pulse?.stir(),
    isListening: listener !== undefined,
    sender: randomUUID(),
  });

  async function look(to: Listener): Promise<void> {
    seen ??= await readSnapshot(database);
    let rows = await readAnnouncements(database, seen, rowsMax);
    const upto = rows[0]?.upto ?? seen;
    const isBacklog = rows.length === rowsMax;
    for (;;) {
      await tellAll(to, rows, isBacklog);
      const last = rows.at(-1)?.id ?? null;
      if (rows.length < rowsMax || last === null) break;
      rows = await readBacklog(database, seen, upto, last, rowsMax);
    }
    seen = upto;
  }

  async function tellAll(to: Listener, rows: AnnouncementRow[], isBacklog: boolean): Promise<void> {
    const byAccount = new Map<string, Change[]>();
    for (const row of rows) {
      if (row.id === null || !to.hears(row.account_id)) continue;
      const changes = byAccount.get(row.account_id) ?? [];
      changes.push(...row.changes);
      byAccount.set(row.account_id, changes);
    }
    for (const [accountId, changes] of byAccount) await tellOne(to, accountId, isBacklog ? inShort(changes) : changes);
  }

  /** What cannot be told is logged and left: clients see the gap in seq. Only a lost database makes the look start over. */
  async function tellOne(to: Listener, accountId: string, changes: Change[]): Promise<void> {
    try {
      await to.tell(await loadNews(accountId, changes));
    } catch (error) {
      if (isConnectionLoss(error)) throw error;
      log.error({ err: error, accountId }, 'news could not be told');
    }
  }

  function loadNews(accountId: string, changes: Change[]): Promise<News> {
    const messageIds = new Set(changes.flatMap((change) => (tellsMessage(change) ? [change.messageId] : [])));
    const conversationIds = new Set(changes.flatMap((change) => (tellsConversation(change) ? [change.conversationId] : [])));
    if (messageIds.size + conversationIds.size === 0)
      return Promise.resolve({ accountId, changes, messages: new Map(), conversations: new Map() });
    return database.withAccount(accountId, async (tx) => ({
      accountId,
      changes,
      messages: new Map((await loadMessages(tx, [...messageIds], options.fileUrl)).map((message) => [message.id, message])),
      conversations: new Map(
        (await loadSharedConversations(tx, [...conversationIds])).map((conversation) => [conversation.id, conversation]),
      ),
    }));
  }

  return {
    wake() {
      pulse?.stir();
      nudge.send();
    },
    async close() {
      await pulse?.stop();
      await nudge.close();
    },
  };
}

type MessageChange = Extract<Change, { type: 'message:new' | 'message:update' | 'message:status' }>;

export const tellsMessage = (change: Change): change is MessageChange =>
  change.type === 'message:new' || change.type === 'message:update' || change.type === 'message:status';

const tellsConversation = (change: Change): change is MessageChange | Extract<Change, { type: 'conversation:update' }> =>
  tellsMessage(change) || change.type === 'conversation:update';

/** Which conversations changed, and nothing more. */
function inShort(changes: Change[]): Change[] {
  const ids = new Set(changes.flatMap((change) => (tellsConversation(change) ? [change.conversationId] : [])));
  return [...ids].map((conversationId) => ({ type: 'conversation:update', conversationId }));
}
