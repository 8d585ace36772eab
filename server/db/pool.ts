import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** A statement. Give hot ones a `name`: PostgreSQL then parses and plans them once per connection. */
export interface Sql {
  name?: string;
  text: string;
  values?: unknown[];
}

/** One open transaction. Rows come back as plain objects with the column names of the statement. */
export interface Tx {
  readonly accountId: string | null;
  query<Row = Record<string, unknown>>(sql: Sql): Promise<Row[]>;
}

/** `relaxed` does not wait for the disk: only for what is done again, to the same end, when a crash takes it back. */
export type CommitMode = 'durable' | 'relaxed';

export interface DatabaseOptions {
  /** Login of the application role: row level security applies, no ownership. */
  appUrl: string;
  /** Login of the job role: may claim jobs of every account, nothing else. */
  jobUrl: string;
  connectionsMax?: number;
  onError?: (error: Error) => void;
  onQuery?: () => void;
}

/** The only ways to the database. Nobody else holds a pool. */
export interface Database {
  /** Runs `work` in one transaction that sees the rows of one account. */
  withAccount<T>(accountId: string, work: (tx: Tx) => Promise<T>, commit?: CommitMode): Promise<T>;
  /** The same without an account: only the listed look-up functions and non-tenant tables answer. */
  withoutAccount<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of the job role: the queue's claims and completions. */
  asJob<T>(work: (tx: Tx) => Promise<T>, commit?: CommitMode): Promise<T>;
  /** One statement of the application role outside any account, without a transaction of its own. */
  query<Row = Record<string, unknown>>(sql: Sql): Promise<Row[]>;
  /** One statement of the line's batches: waits for a lock for 200 ms at most, then the items go alone. */
  batch<Row = Record<string, unknown>>(sql: Sql): Promise<Row[]>;
  /** A dedicated connection for LISTEN; the caller ends it. */
  listen(channel: string, heard: (payload: string) => void, lost: (error: Error) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const accountPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const triesMax = 3;
const statementTimeoutMs = 15_000;
/** Longer than the server's own limit: it fires when the server does not answer at all. */
const queryTimeoutMs = 20_000;

export function createDatabase(options: DatabaseOptions): Database {
  const app = openPool(options.appUrl, options.connectionsMax ?? 12, 'guichet app', options);
  const job = openPool(options.jobUrl, 4, 'guichet job', options);
  const line = openPool(options.appUrl, 3, 'guichet line', options, 200);
  const count = options.onQuery ?? (() => {});

  return {
    withAccount(accountId, work, commit) {
      if (!accountPattern.test(accountId)) throw new TypeError('withAccount needs an account id');
      // The id is checked above, so BEGIN and the context can share one round trip.
      return transact(app, `${beginOf(commit)}; select set_config('app.account_id', '${accountId}', true)`, accountId, count, work);
    },
    withoutAccount: (work) => transact(app, 'begin', null, count, work),
    asJob: (work, commit) => transact(job, beginOf(commit), null, count, work),
    async query<Row>(sql: Sql) {
      count();
      return (await app.query(sql)).rows as Row[];
    },
    async batch<Row>(sql: Sql) {
      count();
      return (await line.query(sql)).rows as Row[];
    },
    async listen(channel, heard, lost) {
      const client = new pg.Client({ connectionString: options.appUrl, application_name: 'guichet listen' });
      client.on('error', lost);
      client.on('notification', (message) => heard(message.payload ?? ''));
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(channel)}`);
      return () => client.end();
    },
    async close() {
      await Promise.all([app.end(), job.end(), line.end()]);
    },
  };
}

/**
 * Goes on in another account within one transaction, and comes back: for the few acts of the installation that concern
 * several accounts at once. Whoever catches an error of it must let the transaction fail.
 */
export async function inAccount<T>(tx: Tx, accountId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const enter = (id: string | null) => tx.query({ text: "select set_config('app.account_id', $1, true)", values: [id ?? ''] });
  await enter(accountId);
  const result = await work({ accountId, query: (sql) => tx.query(sql) });
  await enter(tx.accountId);
  return result;
}

const beginOf = (commit: CommitMode = 'durable') => (commit === 'relaxed' ? 'begin; set local synchronous_commit = off' : 'begin');

function openPool(url: string, max: number, name: string, options: DatabaseOptions, lockTimeoutMs = 5_000): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 20_000,
    lock_timeout: lockTimeoutMs,
    query_timeout: queryTimeoutMs,
  });
  pool.on('error', (error) => options.onError?.(error));
  // Without a listener of its own a checked-out client that loses its server would end the process.
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)));
  return pool;
}

async function transact<T>(
  pool: pg.Pool,
  begin: string,
  accountId: string | null,
  count: () => void,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transactOnce(pool, begin, accountId, count, work);
    } catch (error) {
      if (attempt >= triesMax || !isRetryable(error)) throw error;
      await sleep(Math.random() * Math.min(5_000, 100 * 2 ** attempt));
    }
  }
}

async function transactOnce<T>(
  pool: pg.Pool,
  begin: string,
  accountId: string | null,
  count: () => void,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work({
      accountId,
      async query<Row>(sql: Sql) {
        count();
        return (await client.query(sql)).rows as Row[];
      },
    });
    await client.query('commit').catch((error: Error) => {
      throw new CommitError(error);
    });
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure;
    });
    throw error instanceof CommitError && !isRetryable(error.cause) ? error.cause : error;
  } finally {
    client.release(broken);
  }
}

/** The answer to COMMIT is missing: the transaction may have happened, so it is never repeated blindly. */
export class CommitError extends Error {
  override readonly cause: Error;
  constructor(cause: Error) {
    super('the answer to COMMIT is missing', { cause });
    this.cause = cause;
  }
}

/** Serialisation failure, deadlock, or a connection lost before COMMIT was sent. */
function isRetryable(error: unknown): boolean {
  if (error instanceof CommitError) return ['40001', '40P01'].includes(codeOf(error.cause));
  return ['40001', '40P01'].includes(codeOf(error)) || isConnectionLoss(error);
}

/** True when the database went away or refuses connections for now. */
export function isConnectionLoss(error: unknown): boolean {
  const code = codeOf(error);
  if (/^(08|57P0[1-3])/.test(code) || ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(code)) return true;
  return (
    error instanceof Error &&
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout/.test(
      error.message,
    )
  );
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
