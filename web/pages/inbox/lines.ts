import type { Message } from '../../../contract/conversation.ts';
import type { Format } from '../../i18n/format.ts';
import type { Outgoing } from '../../outbox.ts';

interface LineBase {
  key: string;
  isMine: boolean;
  /** The day that begins here. */
  day: string | null;
  isToday: boolean;
}
/** One line of a thread: what the server has, or what this browser is sending. */
export type ThreadLine = LineBase &
  (
    | { kind: 'message'; message: Message; isJoined: boolean; isRunEnd: boolean; quoted: Message | undefined }
    | { kind: 'outgoing'; outgoing: Outgoing }
  );

const runMs = 5 * 60_000;

/** A thread as lines: where days begin, which bubbles belong together. */
export function linesOf(messages: Message[], outgoing: Outgoing[], format: Format): ThreadLine[] {
  const byId = new Map(messages.map((message) => [message.id, message]));
  let day = '';
  const startDay = (at: string): string | null => {
    const key = format.dayKey(at);
    if (key === day) return null;
    day = key;
    return at;
  };
  const lines: ThreadLine[] = messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const starts = startDay(message.sentAt);
    return {
      kind: 'message',
      key: message.id,
      isMine: false,
      day: starts,
      isToday: starts !== null && format.isToday(starts),
      message,
      isJoined: starts === null && isOneRun(before, message),
      isRunEnd: !isOneRun(message, after) || (after !== undefined && format.dayKey(after.sentAt) !== day),
      quoted: message.replyToId ? byId.get(message.replyToId) : undefined,
    };
  });
  for (const entry of outgoing) {
    const starts = startDay(entry.createdAt);
    lines.push({ kind: 'outgoing', key: entry.key, isMine: true, day: starts, isToday: starts !== null, outgoing: entry });
  }
  return lines;
}

/** Said by one person in one breath. */
function isOneRun(first: Message | undefined, second: Message | undefined): boolean {
  if (!first || !second || first.kind === 'note' || second.kind === 'note') return false;
  const isClose = new Date(second.sentAt).getTime() - new Date(first.sentAt).getTime() < runMs;
  return first.direction === second.direction && first.author?.id === second.author?.id && isClose;
}
