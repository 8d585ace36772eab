import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { permissionsOf } from '../../contract/permissions.ts';
import { newId } from '../../server/db/id.ts';
import { clientEvents } from '../../server/realtime/client-events.ts';
import { type TestAccount, type TestApp, testApp } from '../support/app.ts';
import type { Answer } from '../support/desk.ts';
import { type Body, holdsIds, type Operation, readOperations, sampleBody } from '../support/openapi.ts';
import { closeSockets, testSocket } from '../support/sockets.ts';
import { ownCalls, ownRecipes, startOwnProvider } from './own-calls.ts';
import { kindOf, type Things, thingsOf, unlike } from './things.ts';

let desk: TestApp;
let provider: Awaited<ReturnType<typeof startOwnProvider>>;
let operations: Operation[];
let own: Things;
let foreign: Things;
/** Ids and words of the other account: none may ever be in an answer to this one. */
let foreignTraces: string[];
const seen: string[] = [];
let calls = 0;

beforeAll(async () => {
  provider = await startOwnProvider();
  desk = await testApp(provider.environment);
  operations = await readOperations(desk);
  own = thingsOf(desk, desk.one, operations, 'vulpes-one', ownRecipes);
  foreign = thingsOf(desk, desk.two, operations, 'kestrel-two', ownRecipes);
  await own.all();
  const ids = [...(await foreign.all()).values()];
  foreignTraces = ['kestrel-two', ...ids, desk.two.id];
}, 60_000);
afterAll(async () => {
  closeSockets();
  await desk.close();
  await provider.close();
});

const isStatic = ({ path }: Operation) => path.endsWith('/openapi.json');
const guarded = () => operations.filter(({ access }) => access !== 'public');
const withPermission = () => guarded().filter(({ access }) => access !== 'session');

/** A call as a member of the first account; whatever comes back is looked through for the second one. */
async function ask(operation: Operation, path: string, token: string, body: unknown, asked: string[] = []): Promise<Answer> {
  // The limits hold here as everywhere; what they say is not what this file is about.
  if (++calls % 200 === 0) await desk.passHour();
  const hasBody = body !== undefined && operation.method !== 'GET';
  const answer = await desk.call(operation.method, path, { token, ...(hasBody ? { body } : {}) });
  const text = asked.reduce((rest, id) => rest.replaceAll(id, ''), answer.text);
  for (const trace of foreignTraces) if (text.includes(trace)) seen.push(`${operation.name}: ${trace}`);
  return answer;
}

/** What an answer tells: its status, and a problem's words without what differs by nature. */
function shapeOf({ status, json, text }: Answer) {
  const problem =
    status >= 400 && json ? { code: json['code'], detail: json['detail'], errors: json['errors'], keys: Object.keys(json) } : text;
  return { status, problem };
}

const randomPath = (operation: Operation) => operation.pathWith(() => newId());
const ownId = async (kind: string) => (await own.all()).get(kind) ?? newId();
async function ownPath(operation: Operation): Promise<string> {
  const all = await own.all();
  return operation.pathWith(({ kind }) => all.get(kind) ?? newId());
}

/** A body with what is required and an id of one's own wherever one fits, unless told otherwise. */
async function bodyOf(operation: Operation, id?: (field: string) => string): Promise<Body | undefined> {
  const all = await own.all();
  return sampleBody(operation.body, id ?? ((field) => all.get(kindOf(field)) ?? newId()));
}

describe('a stranger', () => {
  it('is asked for a credential by every operation that is not listed as public, before its body is looked at', async () => {
    for (const operation of guarded()) {
      const broken = operation.method === 'GET' ? {} : { raw: '{', headers: { 'content-type': 'application/json' } };
      const answer = await desk.call(operation.method, await ownPath(operation), broken);
      expect(answer.json, operation.name).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  });

  it('is not helped by a token of somebody else, an ended session, or one that was edited', async () => {
    const ended = await desk.signIn(desk.one.viewer.email);
    await desk.api('POST', '/auth/logout', { token: ended });
    const [head, body, signature] = desk.one.viewer.token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    claims.exp += 3_600;
    const edited = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
    const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${body}.`;
    for (const token of [ended, edited, unsigned, 'gk_0123456789abcdef_0123456789012345678901234567890123456789012'])
      for (const operation of guarded())
        expect((await desk.call(operation.method, randomPath(operation), { token })).status, operation.name).toBe(401);
  });
});

describe('the table of permissions', () => {
  it.each(['agent', 'viewer'] as const)('lets an %s do what it says and nothing else', async (role) => {
    const allowed: string[] = permissionsOf(role);
    for (const operation of withPermission()) {
      const answer = await ask(operation, randomPath(operation), desk.one[role].token, await bodyOf(operation, newId));
      expect(isForbidden(answer), `${operation.name} as ${role}: ${answer.text}`).toBe(!allowed.includes(operation.access));
    }
  });

  it('lets a key do what it holds and nothing else, whatever the body says', async () => {
    for (const held of new Set(withPermission().map(({ access }) => access))) {
      if (held === 'installation.manage') continue;
      const { key } = (await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: held, permissions: [held] } }))
        .json;
      for (const operation of guarded()) {
        const isAllowed = operation.access === held;
        // What it may do is tried with an id that nobody has, so that it does nothing.
        if (isAllowed && operation.pathIds.length === 0 && operation.method !== 'GET') continue;
        const answer = await ask(operation, randomPath(operation), key, isAllowed ? await bodyOf(operation, newId) : undefined);
        // Some of what a permission covers belongs to a person, such as what they have read.
        if (isAllowed && /^An API key has no/.test(answer.json?.detail)) continue;
        expect(isForbidden(answer), `${operation.name} with ${held}: ${answer.text}`).toBe(!isAllowed);
      }
    }
  }, 120_000);

  it('keeps the installation for its superadmin', async () => {
    for (const operation of guarded().filter(({ access }) => access === 'installation.manage')) {
      const answer = await ask(operation, randomPath(operation), desk.two.admin.token, await bodyOf(operation, newId));
      expect(answer.json, operation.name).toMatchObject({ status: 403, code: 'forbidden' });
    }
  });
});

const isForbidden = ({ status, json }: Answer) => status === 403 && json?.code === 'forbidden';

describe('an id of another account', () => {
  it('at any place of a path is answered like one that nobody has', async () => {
    const wrong: string[] = [];
    const foreignIds = [...(await foreign.all())];
    // The installation's superadmin sees every account; nobody else gets that far.
    for (const operation of operations.filter(({ pathIds, access }) => pathIds.length > 0 && access !== 'installation.manage')) {
      const body = await bodyOf(operation);
      for (const place of operation.pathIds) {
        const all = await own.all();
        const pathWith = (id: string) => operation.pathWith((one) => (one.name === place.name ? id : (all.get(one.kind) ?? newId())));
        const random = shapeOf(await ask(operation, pathWith(newId()), desk.one.admin.token, body));
        const wanted = operation.access === 'public' ? 401 : 404;
        if (random.status !== wanted) wrong.push(`${operation.name} {${place.name}}: ${JSON.stringify(random)}`);
        for (const [kind, id] of foreignIds) {
          const answer = shapeOf(await ask(operation, pathWith(id), desk.one.admin.token, body, [id]));
          if (JSON.stringify(answer) !== JSON.stringify(random))
            wrong.push(
              `${operation.name} {${place.name}} of another's ${kind}: ${JSON.stringify(answer)} and not ${JSON.stringify(random)}`,
            );
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('in a body is answered like one that nobody has', async () => {
    const wrong: string[] = [];
    const foreignIds = [...(await foreign.all())];
    for (const operation of operations.filter(({ access, body }) => access !== 'public' && holdsIds(body))) {
      const path = await ownPath(operation);
      const send = async (id: string) => shapeOf(await ask(operation, path, desk.one.admin.token, await bodyOf(operation, () => id), [id]));
      const random = await send(newId());
      if (random.status < 400) wrong.push(`${operation.name} takes an id that nobody has: ${JSON.stringify(random)}`);
      for (const [kind, id] of foreignIds) {
        const answer = await send(id);
        if (JSON.stringify(answer) !== JSON.stringify(random))
          wrong.push(`${operation.name} with another's ${kind}: ${JSON.stringify(answer)} and not ${JSON.stringify(random)}`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);

  it('in a query finds as much as one that nobody has', async () => {
    const wrong: string[] = [];
    for (const operation of operations.filter(({ idQueries }) => idQueries.length > 0)) {
      for (const name of operation.idQueries) {
        const send = async (id: string) =>
          shapeOf(await ask(operation, `${await ownPath(operation)}?${name}=${id}`, desk.one.admin.token, undefined, [id]));
        const random = await send(newId());
        for (const [kind, id] of await foreign.all())
          if (JSON.stringify(await send(id)) !== JSON.stringify(random)) wrong.push(`${operation.name}?${name}= another's ${kind}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('in an event of a socket is answered like one that nobody has', async () => {
    const { socket, ask: emit, next } = testSocket(desk.base, { token: desk.one.admin.token });
    await next('authenticated');
    const bodies: Record<string, (id: string) => object> = {
      join_conversation: (id) => ({ conversationId: id }),
      leave_conversation: (id) => ({ conversationId: id }),
      typing: (id) => ({ conversationId: id, isTyping: true }),
      mark_read: (id) => ({ conversationId: id, messageId: id }),
    };
    const withoutIds = ['authenticate', 'presence:update_status', 'heartbeat'];
    // A new event has to be put into one of the two lists.
    expect([...clientEvents.keys()].sort()).toEqual([...Object.keys(bodies), ...withoutIds].sort());
    for (const [event, body] of Object.entries(bodies)) {
      const random = await emit(event, body(newId()));
      expect(random, event).toMatchObject({ ok: false, code: 'not_found' });
      for (const id of (await foreign.all()).values()) expect(await emit(event, body(id)), event).toEqual(random);
    }
    socket.disconnect();
  });

  it('in a cursor leads nowhere', async () => {
    for (const operation of operations.filter(({ queries, method }) => queries.includes('cursor') && method === 'GET')) {
      const path = await ownPath(operation);
      const theirs = (await desk.call('GET', `${path}?limit=1`, { token: desk.two.admin.token })).json?.nextCursor;
      if (typeof theirs === 'string') await ask(operation, `${path}?cursor=${encodeURIComponent(theirs)}`, desk.one.admin.token, undefined);
    }
  });
});

describe('of the other account', () => {
  it('searching for its words finds nothing', async () => {
    for (const operation of operations.filter(({ queries, access }) => queries.includes('q') && access !== 'installation.manage')) {
      const path = await ownPath(operation);
      const found = await desk.call('GET', `${path}?q=kestrel`, { token: desk.one.admin.token });
      const random = await desk.call('GET', `${path}?q=nobodywrotethis`, { token: desk.one.admin.token });
      expect(shapeOf(found), operation.name).toEqual(shapeOf(random));
    }
  });

  it('no answer held an id or a word, and nothing was changed', async () => {
    expect(seen).toEqual([]);
    const before = await fingerprint(desk.two);
    for (const operation of guarded().filter((one) => !isStatic(one) && one.method !== 'GET')) {
      const theirs = await foreign.all();
      await ask(
        operation,
        operation.pathWith(({ kind }) => theirs.get(kind) ?? newId()),
        desk.one.agent.token,
        await bodyOf(operation, (field) => theirs.get(kindOf(field)) ?? newId()),
      );
    }
    expect(await fingerprint(desk.two)).toEqual(before);
  });
});

/** Every row of an account in every tenant table. */
async function fingerprint(account: TestAccount): Promise<Record<string, string>> {
  const tables = await desk.db.sql<{ name: string }>(
    "select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'account_id' where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not in ('sessions', 'jobs') order by 1",
  );
  const prints: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await desk.db.sql<{ print: string }>(
      `select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as print from ${name} t where account_id = $1`,
      [account.id],
    );
    prints[name] = row?.print ?? '';
  }
  return prints;
}

/** Last: it uses up what it finds. */
/** What people do all day, which the ledger and the conversations tell; and what changes nothing yet. A new operation is audited or put here. */
const dailyWork = [
  'assignConversation',
  'closeConversation',
  'createMessage',
  'ingest',
  'markRead',
  'markUnread',
  'muteConversation',
  'patchContact',
  'patchConversation',
  'reopenConversation',
  'resendMessage',
  'snoozeConversation',
  'unassignConversation',
  'unmuteConversation',
  'unsnoozeConversation',
  // Asking for something that another request then does, or showing once more who one is.
  'challengeNewPasskey',
  'challengePasskey',
  'changePreferences',
  'confirm',
  'linkIdentity',
  'previewInvitation',
  'refresh',
  'requestEmailChange',
  'requestEmailVerification',
  'requestMagicLink',
  'requestPasswordReset',
  'startTotp',
];

describe("with ids of one's own", () => {
  it('at least 95 % of all operations do what they are for', async () => {
    const done: string[] = [];
    const missed: string[] = [];
    for (const operation of operations) {
      const answer = await useOwn(operation);
      if (answer.status < 400 && operation.method !== 'GET' && !(await isInAuditLog(answer))) unwritten.push(operation.id);
      if (answer.status < 400) done.push(operation.name);
      else missed.push(`${operation.name} (${operation.id}): ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    const share = done.length / operations.length;
    expect(share, `${done.length} of ${operations.length}; missed:\n${missed.join('\n')}`).toBeGreaterThanOrEqual(0.95);
  }, 120_000);

  it('whatever is no daily work is written into the audit log by the request that does it', () => {
    expect(unwritten.sort()).toEqual([...dailyWork].sort());
  });
});

/** Operations that changed something and left no entry. */
const unwritten: string[] = [];

/** Whether an entry of any account names the request of this answer. */
async function isInAuditLog({ headers }: Answer): Promise<boolean> {
  const requestId = headers.get('x-request-id');
  return (await desk.db.sql("select from audit_entries where record::jsonb->>'requestId' = $1", [requestId])).length > 0;
}

/** An operation as its account's admin uses it: new things of its own in its path and body, unless a call of its own is described. */
async function useOwn(operation: Operation): Promise<Answer> {
  const given = ownCalls[operation.id];
  if (given) return given({ desk, account: desk.one, things: own, operation });
  const ids = new Map<string, string>();
  for (const { kind } of operation.pathIds) ids.set(kind, (await own.make(kind)) ?? newId());
  const path = operation.pathWith(({ kind }) => ids.get(kind) ?? newId());
  const fields = new Map<string, string>();
  sampleBody(operation.body, (field) => {
    fields.set(field, '');
    return newId();
  });
  for (const field of fields.keys()) fields.set(field, await ownId(kindOf(field)));
  const [example] = operation.examples;
  const body = example ?? sampleBody(operation.body, (field) => fields.get(field) ?? newId());
  const hasBody = body !== undefined && operation.method !== 'GET';
  return desk.call(operation.method, path, { token: desk.one.admin.token, ...(hasBody ? { body: unlike(body, own.canary) } : {}) });
}
