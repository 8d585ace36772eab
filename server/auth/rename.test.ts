import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const rename = (name: unknown, token?: string) => desk.api('PATCH', '/auth/me', { ...(token ? { token } : {}), body: { name } });

describe('the own name', () => {
  it('is changed for oneself, seen by colleagues, and written down', async () => {
    const { token, userId } = desk.one.agent;
    const answer = await rename('  Léa Martin ', token);
    expect(answer).toMatchObject({ status: 200, json: { id: userId, name: 'Léa Martin' } });
    const { json } = await desk.api('GET', `/members/${userId}`, { token: desk.one.viewer.token });
    expect(json.name).toBe('Léa Martin');
    const entries = await desk.db.sql("select 1 from audit_entries where account_id = $1 and action = 'user.renamed'", [desk.one.id]);
    expect(entries).toHaveLength(1);
    expect((await desk.api('GET', '/auth/me', { token: desk.one.admin.token })).json.name).not.toBe('Léa Martin');
  });

  it.each(['', '   ', 'x'.repeat(121), 'a\u0000b', 7])('is not %j', async (name) => {
    expect((await rename(name, desk.one.agent.token)).status).toBe(400);
  });

  it('belongs to a person: a stranger has none to change, and neither has a key', async () => {
    expect((await rename('Eve')).status).toBe(401);
    const body = { name: 'k', permissions: ['account.read'] };
    const { key } = (await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body })).json;
    expect((await rename('Eve', key)).status).toBe(403);
  });
});
