import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { createAccount } from '../accounts/actions.ts';
import { createDatabase } from '../db/pool.ts';
import { newId } from '../db/id.ts';
import { chainHash } from './chain.ts';
import { networkOf, withoutPersonalData } from './privacy.ts';
import { recordAudit } from './record.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const operator = () => desk.context.actors.operator;
const chainOf = (accountId: string) =>
  desk.db.sql<{ seq: string; record: string; hash: Buffer }>(
    'select seq, record, hash from audit_entries where account_id = $1 order by seq',
    [accountId],
  );

async function expectUnbroken(accountId: string): Promise<number> {
  const entries = await chainOf(accountId);
  let previous: Buffer = Buffer.alloc(0);
  entries.forEach((entry, index) => {
    expect(Number(entry.seq)).toBe(index + 1);
    expect(entry.hash.equals(chainHash(previous, entry.record))).toBe(true);
    previous = entry.hash;
  });
  const [head] = await desk.db.sql<{ seq: string; hash: Buffer }>('select seq, hash from audit_heads where account_id = $1', [accountId]);
  expect(Number(head?.seq)).toBe(entries.length);
  expect(head?.hash.equals(previous)).toBe(true);
  return entries.length;
}

describe('the chain', () => {
  it('has no gap and no break after 200 writers at once from two processes, a third of whom take everything back', async () => {
    const other = createDatabase({ appUrl: desk.db.appUrl, jobUrl: desk.db.jobUrl });
    const before = await expectUnbroken(desk.one.id);
    const writers = Array.from({ length: 200 }, (_, index) =>
      (index % 2 ? other : desk.db.database).withAccount(desk.one.id, async (tx) => {
        await recordAudit(tx, operator(), { action: 'test.written', subject: { type: 'test', id: newId() }, details: { index } });
        if (index % 3 === 0) throw new Error('taken back');
      }),
    );
    const settled = await Promise.allSettled(writers);
    await other.close();
    const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
    expect(reasons).toEqual(Array(67).fill('taken back'));
    expect(await expectUnbroken(desk.one.id)).toBe(before + 133);
  });

  it('and the removal of its account do not wait for each other in a circle', async () => {
    const person = { email: 'going@one.test', password: 'correct horse battery', memberName: 'Going' };
    const { accountId } = await createAccount(desk.db.database, operator(), { name: 'Going', ...person });
    const deletion = desk.db.sql(
      'with held as (select id from accounts where id = $1 for update), slow as (select pg_sleep(0.3) from held) delete from accounts where id = $1 and exists (select from slow)',
      [accountId],
    );
    await sleep(50);
    const late = desk.db.database.withAccount(accountId, (tx) => recordAudit(tx, operator(), { action: 'test.late' }));
    await expect(late).rejects.toThrow(/foreign key|no head/);
    await deletion;
    expect(await chainOf(accountId)).toEqual([]);
  });

  it('cannot be changed or cut by the role that serves', async () => {
    for (const text of [
      "update audit_entries set record = '{}'",
      'delete from audit_entries',
      'truncate audit_entries',
      'delete from audit_heads',
    ]) {
      await expect(
        desk.db.database.withAccount(desk.one.id, (tx) => tx.query({ text })),
        text,
      ).rejects.toThrow('permission denied');
    }
  });
});

describe('a record', () => {
  it('holds no secret and nobody, even where the caller was careless', () => {
    expect(
      withoutPersonalData({
        email: 'Jean.Dupont@cabinet.example',
        phones: ['+33 6 12 34 56 78', 'x'],
        token: 'abc',
        nested: { password: 'p', secrets: ['a'], note: `write to é.b+c@ü.example or +33612345678` },
        count: 3,
        at: new Date(0),
      }),
    ).toEqual({
      email: 'J…@cabinet.example',
      phones: ['+33…78', 'x'],
      token: '[hidden]',
      nested: { password: '[hidden]', secrets: '[hidden]', note: 'write to é…@ü.example or +33…78' },
      count: 3,
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:12:34:56:78:9a:bc', '2001:db8:12::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['nonsense', null],
    [null, null],
  ])('says of the address %s the network %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

describe('the audit log', () => {
  const list = async (query = '', token = desk.one.admin.token) => (await desk.api('GET', `/audit${query}`, { token })).json;

  it('is for those who may read it, and for one account', async () => {
    expect((await desk.api('GET', '/audit')).status).toBe(401);
    expect((await desk.api('GET', '/audit', { token: desk.one.agent.token })).status).toBe(403);
    expect((await desk.api('GET', '/audit/export', { token: desk.one.viewer.token })).status).toBe(403);
    const { items } = await list(`?q=${desk.one.id}`, desk.two.admin.token);
    expect(items).toEqual([]);
  });

  it('is found by who, what, on what, when and by words, the newest first, page by page', async () => {
    const { token, userId } = desk.one.admin;
    const made = (await desk.api('POST', '/teams', { token, body: { name: 'Contentieux 100%' } })).json;
    await desk.api('PATCH', `/teams/${made.id}`, { token, body: { name: 'Litiges' } });
    const subject = `subjectType=team&subjectId=${made.id}`;
    const [renamed, created] = (await list(`?${subject}`)).items;
    expect([renamed.action, created.action]).toEqual(['team.renamed', 'team.created']);
    expect(created).toMatchObject({
      actor: { type: 'member', id: userId, name: 'Ana of one', network: '127.0.0.0/24' },
      subject: { type: 'team', id: made.id },
      details: { name: 'Contentieux 100%' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const seqs = async (query: string) => (await list(query)).items.map((item: { seq: number }) => item.seq);
    expect(await seqs('?action=team')).toEqual([renamed.seq, created.seq]);
    expect(await seqs('?action=team.renamed')).toEqual([renamed.seq]);
    expect(await seqs('?action=tea')).toEqual([]);
    expect(await seqs(`?actorId=${userId}&action=team`)).toEqual([renamed.seq, created.seq]);
    expect(await seqs('?q=100%25')).toEqual([renamed.seq, created.seq]);
    expect(await seqs('?q=1%25%25')).toEqual([]);
    expect(await seqs('?q=ana%20of&action=team')).toEqual([renamed.seq, created.seq]);
    expect(await seqs(`?from=${renamed.at}&action=team.renamed`)).toEqual([renamed.seq]);
    expect(await seqs(`?to=${created.at}&action=team`)).toEqual([]);
    const first = await list('?limit=1');
    const second = await list(`?limit=1&cursor=${first.nextCursor}`);
    expect(second.items[0].seq).toBe(first.items[0].seq - 1);
  });

  it('is exported whole with its end, and the export is its last entry', async () => {
    const answer = await desk.api('GET', '/audit/export', { token: desk.one.admin.token });
    expect(answer.headers.get('content-type')).toContain('application/jsonl');
    expect(answer.text.endsWith('\n')).toBe(true);
    const lines = answer.text
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(lines[0]).toMatchObject({ type: 'header', format: 'guichet-audit-1', accountId: desk.one.id });
    const [last, end] = lines.slice(-2);
    expect(JSON.parse(last.record)).toMatchObject({ action: 'audit.exported', actor: { id: desk.one.admin.userId } });
    expect(end).toMatchObject({ type: 'end', seq: lines.length - 2, hash: last.hash });
  });
});
