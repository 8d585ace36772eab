import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { newId } from '../server/db/id.ts';
import { signed, whatsappMessages } from '../test/support/whatsapp.ts';
import { type BenchInbox, benchDesk } from './support/desks.ts';
import { httpLoad, type LoadResult } from './support/http-load.ts';
import { percentile, type Report } from './support/report.ts';

const connections = 64;
const contacts = 2_000;
const writers = 16;

/** Signed webhooks of two accounts to committed, deduplicated, listed messages; against the same rows one transaction each. */
export async function run(seconds: number): Promise<Report> {
  const dataDir = await mkdtemp(join(tmpdir(), 'guichet-bench-'));
  const { desk, databaseUrl, makeInbox } = await benchDesk(dataDir);
  const database = new pg.Pool({ connectionString: databaseUrl, max: writers });
  try {
    const inboxes = [await makeInbox(), await makeInbox()];
    await load(desk.base, inboxes, 'warm', 8, contacts);
    const before = await countMessages(database);
    const spread = await load(desk.base, inboxes, 'spread', seconds, contacts);
    const listed = (await countMessages(database)) - before;
    const hot = await load(desk.base, inboxes.slice(0, 1), 'hot', Math.min(seconds, 10), 1);
    await database.query('vacuum analyze');
    const rows = await writeRows(database, seconds);
    const pgbench = await runPgbench(database, databaseUrl, dataDir, seconds);
    return {
      ours: [
        { name: 'signed webhooks, two accounts, 64 connections', value: spread.perSecond, unit: 'messages/s' },
        { name: 'p50 of an answer', value: percentile(spread.latenciesMs, 0.5), unit: 'ms' },
        { name: 'p99 of an answer', value: percentile(spread.latenciesMs, 0.99), unit: 'ms' },
        { name: 'into one hot conversation', value: hot.perSecond, unit: 'messages/s' },
      ],
      denominators: [
        { name: `a transaction per message, ${writers} prepared connections`, value: rows, unit: 'messages/s' },
        ...(pgbench === undefined ? [] : [{ name: `the same by pgbench -M prepared -c ${writers}`, value: pgbench, unit: 'messages/s' }]),
      ],
      ratios: [
        { name: 'to prepared connections', value: spread.perSecond / rows, unit: '×' },
        ...(pgbench === undefined ? [] : [{ name: 'to pgbench', value: spread.perSecond / pgbench, unit: '×' }]),
      ],
      notes: [
        `answered 2xx ${spread.answered}, refused ${spread.failed}, rows in messages ${listed}`,
        'the denominators write as the owner, past row level security, without HTTP, signature or validation',
      ],
    };
  } finally {
    await database.end();
    await desk.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function load(base: string, inboxes: BenchInbox[], label: string, seconds: number, people: number): Promise<LoadResult> {
  let sent = 0;
  return httpLoad({
    port: Number(new URL(base).port),
    connections,
    seconds,
    next() {
      const n = sent++;
      const inbox = inboxes[n % inboxes.length] as BenchInbox;
      const from = `3360${String(n % people).padStart(7, '0')}`;
      const body = whatsappMessages(inbox.phoneNumberId, [
        { id: `wamid.${label}.${n}`, from, text: `Bonjour, où en est ma commande ${n} ?` },
      ]);
      return { path: inbox.hookPath, headers: signed(body), body };
    },
  });
}

async function countMessages(database: pg.Pool): Promise<number> {
  return Number((await database.query('select count(*) from messages')).rows[0].count);
}

interface Target {
  account_id: string;
  id: string;
  inbox_id: string;
}

async function findTargets(database: pg.Pool): Promise<Target[]> {
  return (await database.query<Target>('select account_id, id, inbox_id from conversations order by random() limit 4000')).rows;
}

const rawBytes = 420;

/** The rows of one message, as the line writes them: dedup, conversation, message, ledger, job, announcement. */
const statements: Record<string, string> = {
  dedup: `insert into dedup (account_id, inbox_id, key, moving, checksum, message_id, seen_at) values ($1, $2, $3, false, $4, $5, now()) on conflict do nothing`,
  conversation: `update conversations set seq = seq + 1, last_message_id = $3, last_message_seq = seq + 1, last_inbound_seq = seq + 1,
    last_inbound_at = now(), last_activity_at = now() where account_id = $1 and id = $2 returning seq`,
  message: `insert into messages (account_id, id, conversation_id, seq, change_seq, direction, text, status, external_id, sent_at) values ($1, $2, $3, $4, $4, 'in', $5, 'received', $6, now())`,
  ledger: `insert into ledger (account_id, id, inbox_id, channel, kind, outcome, external_id, message_id, raw, raw_type, request_id, received_at, verified_at)
    values ($1, $2, $3, 'whatsapp', 'message', 'stored', $4, $5, $6, 'application/json', 'bench', now(), now())`,
  job: `insert into jobs (account_id, kind, lane, payload) values ($1, 'bench', 'default', jsonb_build_object('messageIds', jsonb_build_array($2::text)))`,
  announcement: `insert into announcements (account_id, changes) values ($1, jsonb_build_array(jsonb_build_object('type', 'message.new', 'messageId', $2::text)))`,
};

async function writeRows(database: pg.Pool, seconds: number): Promise<number> {
  const targets = await findTargets(database);
  const raw = Buffer.alloc(rawBytes, 'x');
  const endsAt = performance.now() + seconds * 1_000;
  const startedAt = performance.now();
  let written = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      const client = await database.connect();
      const step = (name: string, values: unknown[]) => client.query({ name, text: statements[name] ?? '', values });
      try {
        while (performance.now() < endsAt) {
          const to = targets[written % targets.length] as Target;
          written += 1;
          const [messageId, externalId] = [newId(), `bench.${newId()}`];
          await client.query('begin');
          await step('dedup', [to.account_id, to.inbox_id, externalId, 'x'.repeat(64), messageId]);
          const moved = await step('conversation', [to.account_id, to.id, messageId]);
          await step('message', [to.account_id, messageId, to.id, moved.rows[0].seq, 'Bonjour, où en est ma commande ?', externalId]);
          await step('ledger', [to.account_id, newId(), to.inbox_id, externalId, messageId, raw]);
          await step('job', [to.account_id, messageId]);
          await step('announcement', [to.account_id, messageId]);
          await client.query('commit');
        }
      } finally {
        client.release();
      }
    }),
  );
  await database.query(`delete from jobs where kind = 'bench'`);
  return written / ((performance.now() - startedAt) / 1_000);
}

/** The same transaction driven by PostgreSQL's own tool, where this machine has it. */
async function runPgbench(database: pg.Pool, url: string, directory: string, seconds: number): Promise<number | undefined> {
  const exec = promisify(execFile);
  if (
    !(await exec('pgbench', ['--version']).then(
      () => true,
      () => false,
    ))
  )
    return undefined;
  await database.query('create table bench_targets (n integer primary key, account_id uuid, id uuid, inbox_id uuid)');
  const targets = await findTargets(database);
  await database.query('insert into bench_targets select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::uuid[])', [
    targets.map((_, n) => n),
    targets.map((to) => to.account_id),
    targets.map((to) => to.id),
    targets.map((to) => to.inbox_id),
  ]);
  const file = join(directory, 'message.sql');
  const fill = (name: string, values: string[]) =>
    (statements[name] ?? '').replace(/\$(\d)/g, (_, place: string) => values[Number(place) - 1] ?? 'null');
  await writeFile(
    file,
    [
      `\\set n random(0, ${targets.length - 1})`,
      'begin',
      'select account_id as a, id as c, inbox_id as i, gen_random_uuid() as m, gen_random_uuid()::text as x from bench_targets where n = :n \\gset',
      fill('dedup', [':a::uuid', ':i::uuid', ':x::text', `'${'x'.repeat(64)}'`, ':m::uuid']),
      `${fill('conversation', [':a::uuid', ':c::uuid', ':m::uuid'])} \\gset`,
      fill('message', [':a::uuid', ':m::uuid', ':c::uuid', ':seq::bigint', "'Bonjour, où en est ma commande ?'", ':x::text']),
      fill('ledger', [':a::uuid', 'gen_random_uuid()', ':i::uuid', ':x::text', ':m::uuid', `'${'x'.repeat(rawBytes)}'`]),
      fill('job', [':a::uuid', ':m::uuid']),
      fill('announcement', [':a::uuid', ':m::uuid']),
      'commit',
    ]
      .map((statement) => statement.replace(/\s*\n\s*/g, ' '))
      .map((statement) => (statement.startsWith('\\set') || statement.endsWith('\\gset') ? statement : `${statement};`))
      .join('\n'),
  );
  const { stdout } = await exec('pgbench', [
    '-n',
    '-M',
    'prepared',
    '-c',
    String(writers),
    '-j',
    '2',
    '-T',
    String(seconds),
    '-f',
    file,
    url,
  ]);
  await database.query(`delete from jobs where kind = 'bench'`);
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}
