import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from './config.ts';

export type { Logger };

/**
 * The only fields that reach the log. Names, addresses, texts, bodies, query strings and headers are not among them:
 * a field that is not listed is dropped, so a careless call cannot leak.
 */
const allowed = new Set([
  'requestId',
  'method',
  'route',
  'status',
  'durationMs',
  'accountId',
  'userId',
  'inboxId',
  'conversationId',
  'messageId',
  'contactId',
  'deliveryId',
  'jobId',
  'kind',
  'lane',
  'attempt',
  'channel',
  'outcome',
  'code',
  'count',
  'role',
  'signal',
  'pid',
  'schedule',
  'isDead',
  'port',
  'schema',
  'version',
  'err',
]);

/** Structured lines on standard output; `err` keeps type, code and stack, nothing that a database or provider added. */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => Object.fromEntries(Object.entries(fields).filter(([name]) => allowed.has(name))),
    },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && codePattern.test(String(error.code)) ? String(error.code) : undefined;
  // The message of a database error can quote a value (22P02 does), so only errors of our own keep theirs.
  const isOwn = !('code' in error) && !(error instanceof SyntaxError);
  return {
    type: error.name,
    code,
    message: isOwn ? withoutValues(error.message) : undefined,
    stack: framesOf(error.stack ?? ''),
    cause: error.cause instanceof Error ? describeError(error.cause) : undefined,
  };
}

const codePattern = /^[\w.-]{1,60}$/;
const frame = /^\s+at .*(?:<anonymous>|native|:\d+:\d+)\)?$/;

/** Where it happened. The message stands in front and can have lines that look like anything but the last frames. */
function framesOf(stack: string): string {
  const lines = stack.split('\n');
  const first = lines.findLastIndex((line) => !frame.test(line)) + 1;
  return lines.slice(first).join('\n');
}

/**
 * What libraries put into their messages: quoted values, addresses, numbers, and long runs of letters and digits, which are
 * what tokens look like. Ids of ours stay readable.
 */
function withoutValues(message: string): string {
  return message
    .slice(0, 500)
    .replace(/"[^"]*"|“[^”]*”|`[^`]*`/g, '"…"')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/\S+@\S+/g, '…')
    .replace(/(?<![\w-])(?!(?:[\da-f]{4,}-){4}[\da-f]{12}(?![\w-]))(?=[\w-]*\d)[\w-]{16,}/gi, '…')
    .replace(/(?<![\w-])\+?\d[\d ().-]{6,}\d(?![\w-])/g, '…');
}
