import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { newId } from '../db/id.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const figure = async () => /^guichet_accepted_not_shown (\d+)$/m.exec((await desk.call('GET', '/metrics')).text)?.[1];

test('what was acknowledged and is in no conversation is counted, for the last hour', async () => {
  expect(await figure()).toBe('0');
  const [endpoint, inbox] = [newId(), newId()];
  await desk.db.sql('insert into endpoints (id, key, channel) values ($1, $2, $3)', [endpoint, 'k'.repeat(20), 'form']);
  await desk.db.sql("insert into inboxes (account_id, id, endpoint_id, channel, name) values ($1, $2, $3, 'form', 'Form')", [
    desk.one.id,
    inbox,
    endpoint,
  ]);
  const keep = (id: string) =>
    desk.db.sql(
      `insert into ledger (account_id, id, inbox_id, channel, kind, outcome, message_id, raw, raw_type, request_id, received_at, verified_at)
       values ($1, $2, $3, 'form', 'message', 'stored', $4, '', 'application/json', 'r', now(), now())`,
      [desk.one.id, id, inbox, newId()],
    );
  await keep(newId());
  expect(await figure()).toBe('1');
  // Two days old by its id.
  await keep(
    `${(Date.now() - 2 * 86_400_000)
      .toString(16)
      .padStart(12, '0')
      .replace(/^(.{8})/, '$1-')}-7000-8000-000000000000`,
  );
  expect(await figure()).toBe('1');
});
