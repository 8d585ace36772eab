import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { guichet } from '../../test/support/command.ts';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { createMasters } from '../credentials/masters.ts';
import { chainHash, entryMac, headMac } from './chain.ts';
import { readChainKeys } from './keys.ts';
import { recordAudit } from './record.ts';
import type { Broken } from './verify.ts';
import { verifyAccount, verifyDatabase } from './verify-database.ts';
import { verifyFile } from './verify-file.ts';

let desk: TestApp;
let exported: string[];
const dir = mkdtempSync(join(tmpdir(), 'guichet-verify-'));

beforeAll(async () => {
  desk = await testApp();
  for (const account of [desk.one, desk.two]) await write(account.id, 12);
  exported = (await desk.api('GET', '/audit/export', { token: desk.one.admin.token })).text.trimEnd().split('\n');
  await desk.db.sql('create table saved_entries as table audit_entries');
  await desk.db.sql('create table saved_heads as table audit_heads');
});
afterAll(async () => {
  await desk.close();
  rmSync(dir, { recursive: true, force: true });
});

async function write(accountId: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await desk.db.database.withAccount(accountId, (tx) =>
      recordAudit(tx, desk.context.actors.operator, { action: 'test.written', details: { n } }),
    );
  }
}

const masters = () => createMasters(desk.context.config.secretKey);
const verify = async () => verifyAccount(desk.db.database, desk.one.id, await readChainKeys(desk.db.database, masters()));

/** What is found after somebody with the owner's login did this; everything is put back afterwards. */
async function findAfter(text: string, values: unknown[] = [desk.one.id]): Promise<Broken | undefined> {
  await desk.db.sql(text, values);
  try {
    return (await verify()).broken;
  } finally {
    await desk.db.sql('truncate audit_entries, audit_heads');
    await desk.db.sql('insert into audit_entries table saved_entries');
    await desk.db.sql('insert into audit_heads table saved_heads');
  }
}

describe('in the database', () => {
  it('what nobody touched holds, in every account', async () => {
    const verdicts = [];
    for await (const verdict of verifyDatabase(desk.db.database, await readChainKeys(desk.db.database, masters()))) verdicts.push(verdict);
    expect(verdicts.map(({ broken }) => broken)).toEqual([undefined, undefined]);
    expect(verdicts.every(({ entries }) => entries > 12)).toBe(true);
  });

  it.each<[string, string, Partial<Broken>]>([
    [
      'an edited record',
      `update audit_entries set record = replace(record, '"n":1', '"n":9') where account_id = $1 and record like '%"n":1}%'`,
      { kind: 'entry_changed' },
    ],
    [
      'one byte of whitespace',
      `update audit_entries set record = record || ' ' where account_id = $1 and seq = 5`,
      { seq: 5, kind: 'entry_changed' },
    ],
    ['an edited hash', `update audit_entries set hash = sha256(hash) where account_id = $1 and seq = 5`, { seq: 5, kind: 'entry_changed' }],
    ['an edited mark', `update audit_entries set mac = sha256(mac) where account_id = $1 and seq = 5`, { seq: 5, kind: 'entry_forged' }],
    [
      'an actor hidden from searches',
      `update audit_entries set actor_type = 'system' where account_id = $1 and seq = 5`,
      { seq: 5, kind: 'column_changed' },
    ],
    [
      'a time hidden from searches',
      `update audit_entries set at = at - interval '1 year' where account_id = $1 and seq = 5`,
      { seq: 5, kind: 'column_changed' },
    ],
    ['a deleted first', 'delete from audit_entries where account_id = $1 and seq = 1', { seq: 1, kind: 'entry_missing' }],
    ['a deleted middle', 'delete from audit_entries where account_id = $1 and seq = 6', { seq: 6, kind: 'entry_missing' }],
    ['a deleted tail', 'delete from audit_entries where account_id = $1 and seq > 6', { seq: 7, kind: 'entry_missing' }],
    ['everything deleted', 'delete from audit_entries where account_id = $1', { seq: 1, kind: 'entry_missing' }],
    ['a deleted head', 'delete from audit_heads where account_id = $1', { seq: 1, kind: 'end_missing' }],
    [
      'two swapped',
      `update audit_entries a set record = b.record, hash = b.hash, mac = b.mac from audit_entries b where a.account_id = $1 and b.account_id = $1 and (a.seq, b.seq) in ((5, 6), (6, 5))`,
      { seq: 5, kind: 'entry_changed' },
    ],
    [
      'one inserted at the end',
      `insert into audit_entries select account_id, seq + 1, at, actor_type, actor_id, action, subject_type, subject_id, record, hash, mac from audit_entries e where account_id = $1 order by seq desc limit 1`,
      { kind: 'end_changed' },
    ],
    [
      'the tail cut and the head moved back',
      `with cut as (delete from audit_entries where account_id = $1 and seq > 6) update audit_heads h set seq = 6, hash = e.hash, mac = e.mac from audit_entries e where h.account_id = $1 and e.account_id = $1 and e.seq = 6`,
      { seq: 6, kind: 'end_forged' },
    ],
    [
      'one of another account',
      `update audit_entries a set record = b.record, hash = b.hash, mac = b.mac from audit_entries b where a.account_id = $1 and b.account_id <> $1 and a.seq = 1 and b.seq = 1`,
      { seq: 1, kind: 'entry_changed' },
    ],
  ])('%s is found', async (_name, text, found) => {
    expect(await findAfter(text)).toMatchObject(found);
    expect((await verify()).broken).toBeUndefined();
  });

  it('a chain that was computed anew without the key is found at its first mark', async () => {
    const rows = await desk.db.sql<{ seq: string; record: string }>(
      'select seq, record from audit_entries where account_id = $1 order by seq',
      [desk.one.id],
    );
    let previous: Buffer = Buffer.alloc(0);
    const wrong = Buffer.alloc(32, 7);
    const forged = rows.map(({ seq, record }) => {
      const changed = record.replace('"action":"test.written"', '"action":"test.harmless"');
      previous = chainHash(previous, changed);
      return { seq, record: changed, hash: previous.toString('hex'), mac: entryMac(wrong, previous).toString('hex') };
    });
    const head = headMac(wrong, rows.length, previous);
    const found = await findAfter(
      `with forged as (select * from jsonb_to_recordset($2::jsonb) as f (seq bigint, record text, hash text, mac text)),
         entries as (update audit_entries e set record = f.record, action = f.record::jsonb->>'action', hash = decode(f.hash, 'hex'), mac = decode(f.mac, 'hex') from forged f where e.account_id = $1 and e.seq = f.seq)
       update audit_heads set hash = $3, mac = $4 where account_id = $1`,
      [desk.one.id, JSON.stringify(forged), previous, head],
    );
    expect(found).toMatchObject({ seq: 1, kind: 'entry_forged' });
  });

  it('what is written while it is verified does not disturb', async () => {
    const writing = write(desk.one.id, 60);
    for (let n = 0; n < 10; n += 1) expect((await verify()).broken).toBeUndefined();
    await writing;
    expect((await verify()).broken).toBeUndefined();
    await desk.db.sql('truncate saved_entries, saved_heads');
    await desk.db.sql('insert into saved_entries table audit_entries');
    await desk.db.sql('insert into saved_heads table audit_heads');
  });
});

it('a chain that somebody with the key wrote anew is told from the one that an export holds', async () => {
  const file = join(dir, 'anchor.jsonl');
  writeFileSync(file, `${exported.join('\n')}\n`);
  const env = {
    GUICHET_DATA_DIR: dir,
    DATABASE_URL: desk.db.ownerUrl,
    DATABASE_APP_URL: desk.db.appUrl,
    DATABASE_JOB_URL: desk.db.jobUrl,
    GUICHET_SECRET_KEY: desk.context.config.secretKey,
  };
  const run = () => guichet(['audit', 'verify', '--anchor', file, '--json'], env);
  const before = await run();
  expect({ code: before.code, ...JSON.parse(before.stdout) }).toMatchObject({ code: 0, status: 'ok', accounts: 1 });
  await desk.db.sql('delete from audit_entries where account_id = $1', [desk.one.id]);
  await desk.db.sql('delete from audit_heads where account_id = $1', [desk.one.id]);
  await write(desk.one.id, 100);
  expect((await verify()).broken).toBeUndefined();
  const after = await run();
  expect({ code: after.code, ...JSON.parse(after.stdout) }).toMatchObject({
    code: 1,
    broken: [{ accountId: desk.one.id, seq: exported.length - 2, kind: 'other_chain' }],
  });
}, 60_000);

describe('in an exported file', () => {
  const file = join(dir, 'export.jsonl');
  const check = async (lines: string[], isKeyAtHand = true) => {
    writeFileSync(file, `${lines.join('\n')}\n`);
    return (await verifyFile(file, () => (isKeyAtHand ? { current: masters().chainKeys, retired: [] } : undefined))).broken;
  };
  const edit = (index: number, change: (line: string) => string) => exported.map((line, at) => (at === index ? change(line) : line));

  it('the export as it came holds, with the key and without', async () => {
    expect(await check(exported)).toBeUndefined();
    expect(await check(exported, false)).toBeUndefined();
  });

  it('every change is found, with the key and without', async () => {
    const mutations: [string, string[], Broken['kind']][] = [
      ['edited', edit(5, (line) => line.replace('operator', 'stranger')), 'entry_changed'],
      ['deleted middle', exported.filter((_line, at) => at !== 5), 'entry_missing'],
      ['deleted tail', [...exported.slice(0, 8), exported.at(-1) ?? ''], 'entry_missing'],
      ['swapped', [...exported.slice(0, 4), exported[5] ?? '', exported[4] ?? '', ...exported.slice(6)], 'entry_missing'],
      ['inserted', [...exported.slice(0, 5), exported[4] ?? '', ...exported.slice(5)], 'entry_missing'],
      ['without its end', exported.slice(0, -1), 'end_missing'],
      ['going on after its end', [...exported, exported[3] ?? ''], 'end_changed'],
      ['damaged', edit(5, (line) => line.slice(0, 40)), 'entry_changed'],
      ['of another account', edit(0, (line) => line.replace(desk.one.id, desk.two.id)), 'entry_changed'],
    ];
    for (const [name, lines, kind] of mutations)
      for (const isKeyAtHand of [true, false]) expect(await check(lines, isKeyAtHand), name).toMatchObject({ kind });
  });

  it('marks of somebody without the key are found where the key is at hand', async () => {
    const forged = edit(5, (line) => line.replace(/"mac":"[0-9a-f]{4}/, '"mac":"0000'));
    expect(await check(forged)).toMatchObject({ seq: 5, kind: 'entry_forged' });
    expect(await check(forged, false)).toBeUndefined();
  });

  it('the command proves it without a database: 0 whole, 1 broken, 2 called wrongly', async () => {
    const env = { GUICHET_DATA_DIR: join(dir, 'nothing-here'), DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    const run = (words: string[], more = {}) => guichet(['audit', 'verify', ...words, '--json'], { ...env, ...more });
    writeFileSync(file, `${exported.join('\n')}\n`);
    const [bare, keyed] = await Promise.all([
      run(['--file', file]),
      run(['--file', file], { GUICHET_SECRET_KEY: desk.context.config.secretKey }),
    ]);
    expect(bare.code).toBe(0);
    expect(JSON.parse(bare.stdout)).toEqual({ status: 'ok', accounts: 1, entries: exported.length - 2, marks: 'unchecked', broken: [] });
    expect(JSON.parse(keyed.stdout)).toMatchObject({ status: 'ok', marks: 'checked' });
    writeFileSync(file, `${exported.filter((_line, at) => at !== 5).join('\n')}\n`);
    const broken = await run(['--file', file]);
    expect({ code: broken.code, ...JSON.parse(broken.stdout) }).toMatchObject({
      code: 1,
      status: 'broken',
      broken: [{ accountId: desk.one.id, seq: 5, kind: 'entry_missing' }],
    });
    for (const words of [
      ['--file', join(dir, 'absent')],
      ['--file', import.meta.filename],
      ['--file', file, '--account', desk.one.id],
    ])
      expect((await run(words)).code, words.join(' ')).toBe(2);
  }, 60_000);

  it('the command proves all accounts of a database that is in use, or one', async () => {
    const env = {
      GUICHET_DATA_DIR: dir,
      DATABASE_URL: desk.db.ownerUrl,
      DATABASE_APP_URL: desk.db.appUrl,
      DATABASE_JOB_URL: desk.db.jobUrl,
      GUICHET_SECRET_KEY: desk.context.config.secretKey,
    };
    const run = (words: string[]) => guichet(['audit', 'verify', ...words], env);
    const all = await run(['--json']);
    expect({ code: all.code, ...JSON.parse(all.stdout) }).toMatchObject({ code: 0, status: 'ok', accounts: 2, marks: 'checked' });
    await desk.db.sql('delete from audit_entries where account_id = $1 and seq = 6', [desk.two.id]);
    const one = await run(['--account', desk.two.id]);
    expect(one).toMatchObject({ code: 1, stdout: expect.stringMatching(/^BROKEN {2}[0-9a-f-]{36} at entry 6: /) });
    expect((await run(['--account', 'ours'])).code).toBe(2);
    expect((await run(['--account', '0193a000-0000-7000-8000-000000000000'])).code).toBe(2);
  }, 60_000);
});
