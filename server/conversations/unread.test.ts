import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';

let app: TestApp;
let inbox: TestInbox;
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
});
afterAll(() => app.close());

type Step = { act: 'arrive' | 'reply' | 'note' | 'read' | 'unread' | 'close'; who: 0 | 1; which: number; upTo: number };
const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('arrive', 'arrive', 'reply', 'note', 'read', 'unread', 'close'),
  who: fc.constantFrom(0, 1),
  which: fc.nat(2),
  upTo: fc.nat(20),
});

test('unread counts equal a recount after any sequence of what customers and members do, for each member', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      run += 1;
      const people = [0, 1, 2].map((n) => `3390${run}00${n}`);
      for (const from of people) await arrive(app, inbox, [{ from, text: 'first' }]);
      for (const one of steps) await take(one, people[one.which] ?? '');
      for (const member of [app.one.agent, app.one.admin]) await expectRecount(member);
    }),
    { numRuns: 12 },
  );
}, 60_000);

async function take({ act, who, upTo }: Step, from: string): Promise<void> {
  const { token } = who === 0 ? app.one.agent : app.one.admin;
  if (act === 'arrive') return void (await arrive(app, inbox, [{ from, text: 'more' }]));
  const { id } = (await app.api('GET', `/conversations?q=${from}`, { token })).json.items[0];
  const messages = (await app.api('GET', `/conversations/${id}/messages`, { token })).json.items;
  const acts = {
    reply: () => app.api('POST', `/conversations/${id}/messages`, { token, body: { text: 'x' } }),
    note: () => app.api('POST', `/conversations/${id}/messages`, { token, body: { text: 'x', kind: 'note' } }),
    read: () => app.api('PUT', `/conversations/${id}/read`, { token, body: { messageId: messages[upTo % messages.length].id } }),
    unread: () => app.api('DELETE', `/conversations/${id}/read`, { token }),
    close: () => app.api('PUT', `/conversations/${id}/closure`, { token }),
  }[act];
  expect((await acts()).status).toBeLessThan(300);
}

/** What the API says against the rows themselves. */
async function expectRecount({ userId, token }: { userId: string; token: string }): Promise<void> {
  const rows = await app.db.sql<{ id: string; status: string; count: number }>(
    `select c.id, c.status, (select count(*)::int from messages m where m.conversation_id = c.id and m.direction = 'in'
       and m.seq > coalesce((select read_seq from participants p where p.conversation_id = c.id and p.user_id = $2), 0)) as count
     from conversations c where c.account_id = $1`,
    [app.one.id, userId],
  );
  const listed = new Map<string, number>();
  for (let cursor = ''; cursor !== 'end'; ) {
    const page = (await app.api('GET', `/conversations?limit=100${cursor && `&cursor=${cursor}`}`, { token })).json;
    for (const item of page.items) listed.set(item.id, item.unreadCount);
    cursor = page.nextCursor ?? 'end';
  }
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(rows.map((row) => [row.id, row.count])));
  const counts = (await app.api('GET', '/conversations/counts', { token })).json;
  const open = rows.filter((row) => row.status !== 'closed');
  expect(counts.views).toMatchObject({ all: open.length, closed: rows.length - open.length });
  expect(counts.unread.all).toBe(open.filter((row) => row.count > 0).length);
  expect(counts.inboxes[inbox.id]).toEqual({ open: open.length, unread: open.filter((row) => row.count > 0).length });
}
