import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '../../contract/permissions.ts';
import { newId } from '../../server/db/id.ts';
import { type TestAccount, type TestApp, testApp } from '../support/app.ts';
import { type Body, type Operation, readOperations, sampleBody } from '../support/openapi.ts';

let desk: TestApp;
let operations: Operation[];
let own: Things;
let foreign: Things;

/** One id of each kind of thing in an account. */
type Things = Record<'inbox' | 'key' | 'session' | 'member' | 'conversation' | 'contact' | 'message', string>;

beforeAll(async () => {
  desk = await testApp();
  operations = await readOperations(desk);
  own = await furnish(desk.one);
  foreign = await furnish(desk.two);
});
afterAll(() => desk.close());

async function furnish(account: TestAccount): Promise<Things> {
  const { token } = account.admin;
  const made = async (path: string, body: object) => {
    const answer = await desk.api('POST', path, { token, body });
    expect(answer.status, answer.text).toBeLessThan(300);
    return answer.json;
  };
  const inbox = await made('/inboxes', { channel: 'form', name: 'Form', settings: {} });
  const { messageId } = await made('/ingest', { channel: 'form', email: 'client@example.fr', message: 'Bonjour' });
  const [row] = await desk.db.sql<{ conversation: string; contact: string }>(
    'select c.id as conversation, c.contact_id as contact from messages m join conversations c on c.id = m.conversation_id where m.id = $1',
    [messageId],
  );
  const { sessionId } = (await desk.api('GET', '/auth/me', { token: account.viewer.token })).json;
  const key = await made('/api-keys', { name: 'key', permissions: ['account.read'] });
  if (!row) throw new Error('nothing was received');
  return { inbox: inbox.id, key: key.id, session: sessionId, member: account.agent.userId, message: messageId, ...row };
}

/** What an answer tells: its status, and a problem's words without what differs by nature. */
function shapeOf({ status, json, text }: { status: number; json: Body | undefined; text: string }) {
  const problem =
    status >= 400 && json ? { code: json['code'], detail: json['detail'], errors: json['errors'], keys: Object.keys(json) } : text;
  return { status, problem };
}

const call = (operation: Operation, path: string, token: string, body: Body | undefined) =>
  desk.call(operation.method, path, { token, ...(body ? { body } : {}) });

describe('every operation', () => {
  it('asks a stranger for a credential', async () => {
    for (const operation of operations.filter(({ access }) => access !== 'public')) {
      // Half a document: the credential is asked for before the body is looked at.
      const broken = operation.method === 'GET' ? {} : { raw: '{', headers: { 'content-type': 'application/json' } };
      const answer = await desk.call(operation.method, operation.pathWith(newId), broken);
      expect(answer.json, operation.name).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  });

  it('refuses a key that lacks its permission, whatever the body says', async () => {
    const { key } = (
      await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: 'weak', permissions: ['account.manage'] } })
    ).json;
    for (const operation of operations.filter(({ access }) => access !== 'public' && access !== 'account.manage')) {
      const answer = await call(
        operation,
        operation.pathWith(() => own.conversation),
        key,
        undefined,
      );
      expect(answer.json, operation.name).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });

  it.each(['agent', 'viewer'] as const)('lets an %s do what the table of permissions says and nothing else', async (role) => {
    const allowed: string[] = permissionsOf(role);
    for (const operation of operations.filter(({ access }) => access !== 'public' && access !== 'session')) {
      const answer = await call(
        operation,
        operation.pathWith(() => newId()),
        desk.one[role].token,
        sampleBody(operation.body, () => newId()),
      );
      expect(answer.status === 403, `${operation.name} as ${role}: ${answer.status}`).toBe(!allowed.includes(operation.access));
    }
  });
});

describe('an id of another account', () => {
  it('in a path is answered like one that nobody has: 404, or 401 where an address is signed', async () => {
    const withIds = operations.filter(({ path }) => path.includes('{'));
    expect(withIds.length).toBeGreaterThan(15);
    for (const operation of withIds) {
      const body = sampleBody(operation.body, () => newId());
      const random = shapeOf(
        await call(
          operation,
          operation.pathWith(() => newId()),
          desk.one.admin.token,
          body,
        ),
      );
      expect(random.status, `${operation.name} ${JSON.stringify(random)}`).toBe(operation.access === 'public' ? 401 : 404);
      for (const [kind, id] of Object.entries(foreign)) {
        const answer = shapeOf(
          await call(
            operation,
            operation.pathWith(() => id),
            desk.one.admin.token,
            body,
          ),
        );
        expect(answer, `${operation.name} with the id of another account's ${kind}`).toEqual(random);
      }
    }
  });

  it('in a body is answered like one that nobody has', async () => {
    const withIds = operations.filter(({ access, body }) => access !== 'public' && JSON.stringify(body ?? {}).includes('"format":"uuid"'));
    expect(withIds.length).toBeGreaterThan(2);
    for (const operation of withIds) {
      const send = (id: string) =>
        call(
          operation,
          operation.pathWith(() => own.conversation),
          desk.one.admin.token,
          sampleBody(operation.body, () => id),
        );
      const random = shapeOf(await send(newId()));
      expect(random.status, operation.name).toBeGreaterThanOrEqual(400);
      for (const [kind, id] of Object.entries(foreign)) expect(shapeOf(await send(id)), `${operation.name} with a ${kind}`).toEqual(random);
    }
  });

  it('in a query finds as much as one that nobody has', async () => {
    for (const operation of operations.filter(({ idQueries }) => idQueries.length > 0)) {
      for (const name of operation.idQueries) {
        const ask = async (id: string) =>
          shapeOf(await call(operation, `${operation.pathWith(() => own.conversation)}?${name}=${id}`, desk.one.admin.token, undefined));
        const random = await ask(newId());
        for (const id of Object.values(foreign)) expect(await ask(id), `${operation.name}?${name}`).toEqual(random);
      }
    }
  });

  it('left everything of that account as it was', async () => {
    const { token } = desk.two.admin;
    const conversation = (await desk.api('GET', `/conversations/${foreign.conversation}`, { token })).json;
    expect(conversation).toMatchObject({ status: 'open', assignee: null });
    expect((await desk.api('GET', `/inboxes/${foreign.inbox}`, { token })).status).toBe(200);
    expect((await desk.api('GET', '/api-keys', { token })).json.items).toHaveLength(1);
    expect((await desk.api('GET', '/auth/me', { token: desk.two.viewer.token })).status).toBe(200);
  });
});
