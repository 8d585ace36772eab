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
  const code = 'code' in error ? String(error.code) : undefined;
  // The message of a database error can quote a value (22P02 does), so only errors of our own keep theirs.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  // What cannot be read as JSON is quoted by the error that says so.
  const message = code === undefined && !(error instanceof SyntaxError) ? error.message : undefined;
  return {
    type: error.name,
    code,
    message,
    stack: frames.join('\n'),
    cause: error.cause instanceof Error ? describeError(error.cause) : undefined,
  };
}
