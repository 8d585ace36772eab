import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';
import { arrive, makeInbox, type TestInbox } from '../../test/support/inboxes.ts';
import { closeSockets, testSocket } from '../../test/support/sockets.ts';
import { newId } from '../db/id.ts';

let app: TestApp;
let inbox: TestInbox;
beforeAll(async () => {
  app = await testApp();
  inbox = await makeInbox(app, app.one.id, 'whatsapp');
});
afterEach(closeSockets);
afterAll(() => app.close());

const admin = (method: string, path: string, body?: unknown, token = app.one.admin.token) =>
  app.api(method, path, { token, ...(body === undefined ? {} : { body }) });
const make = async (name: string, memberIds: string[] = []) => (await admin('POST', '/teams', { name, memberIds })).json;
const assign = (id: string, body: object) => admin('PUT', `/conversations/${id}/assignment`, body, app.one.agent.token);
const actions = async (id: string) =>
  (await app.db.sql<{ action: string }>('select action from audit_entries where subject_id = $1 order by seq', [id])).map(
    ({ action }) => action,
  );

let phone = 33_700_000_000;
async function conversation(): Promise<string> {
  phone += 1;
  await arrive(app, inbox, [{ from: String(phone), text: 'bonjour' }]);
  return (await admin('GET', '/conversations?limit=1')).json.items[0].id;
}

it('a team has members, a name and a life in the audit log', async () => {
  const { id } = await make('  Atelier  ', [app.one.agent.userId]);
  const path = `/teams/${id}`;
  expect((await admin('GET', path)).json).toMatchObject({ name: 'Atelier', members: [{ id: app.one.agent.userId, name: 'agent of one' }] });
  const put = await admin('PUT', `${path}/members/${app.one.viewer.userId}`);
  expect(put.json.members).toHaveLength(2);
  expect((await admin('PUT', `${path}/members/${app.one.viewer.userId}`, {})).json.members).toHaveLength(2);
  expect((await admin('GET', `/members/${app.one.viewer.userId}`)).json.teams).toEqual([{ id, name: 'Atelier' }]);
  expect((await admin('DELETE', `${path}/members/${app.one.viewer.userId}`)).status).toBe(204);
  expect((await admin('DELETE', `${path}/members/${app.one.viewer.userId}`)).status).toBe(404);
  expect((await admin('PATCH', path, { name: 'Vélos' })).json.name).toBe('Vélos');
  expect((await admin('DELETE', path)).status).toBe(204);
  expect((await admin('GET', path)).status).toBe(404);
  expect(await actions(id)).toEqual(['team.created', 'team.member_added', 'team.member_removed', 'team.renamed', 'team.deleted']);
});

it('a name is taken by one that sounds the same, whatever case, accents and spaces', async () => {
  await make('Après-vente Été');
  for (const name of ['après-vente été', 'APRES-VENTE  ETE', 'Apre\u0300s-vente Ete\u0301 '])
    expect(await admin('POST', '/teams', { name }), name).toMatchObject({ status: 409, json: { errors: [{ path: 'name' }] } });
  expect((await admin('POST', '/teams', { name: 'Après-vente Été' }, app.two.admin.token)).status).toBe(201);
  const other = await make('Ventes');
  expect((await admin('PATCH', `/teams/${other.id}`, { name: 'APRÈS-VENTE ÉTÉ' })).status).toBe(409);
});

it('the list goes page by page, by name', async () => {
  for (const name of ['Zèbre', 'émeraude', 'Abeille']) await make(name);
  const names: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { json } = await admin('GET', `/teams?limit=2${cursor && `&cursor=${cursor}`}`);
    names.push(...json.items.map((one: { name: string }) => one.name));
    cursor = json.nextCursor;
  }
  const made = names.filter((name) => ['Zèbre', 'émeraude', 'Abeille'].includes(name));
  expect(made).toEqual(['Abeille', 'émeraude', 'Zèbre']);
});

it('a conversation goes to a member, a team or both, is found by its team, and screens are told', async () => {
  const team = await make('Accueil');
  const id = await conversation();
  const screen = testSocket(app.base, { token: app.one.viewer.token });
  await screen.next('authenticated');
  expect((await assign(id, { teamId: team.id })).json).toMatchObject({ team: { id: team.id, name: 'Accueil' }, assignee: null, seq: 2 });
  expect(await screen.next('conversation:update')).toMatchObject({ seq: 2, conversation: { id, team: { id: team.id, name: 'Accueil' } } });
  expect((await assign(id, { assigneeId: app.one.agent.userId })).json).toMatchObject({
    team: { id: team.id },
    assignee: { id: app.one.agent.userId },
  });
  const found = async (query: string) => (await admin('GET', `/conversations?${query}`)).json.items.map((one: { id: string }) => one.id);
  expect(await found(`teamId=${team.id}`)).toEqual([id]);
  expect(await found(`teamId=${newId()}`)).toEqual([]);
  expect((await admin('GET', '/conversations/counts')).json.teams[team.id]).toEqual({ open: 1 });
  expect((await admin('DELETE', `/conversations/${id}/assignment`)).json).toMatchObject({ team: { id: team.id }, assignee: null });
  expect((await assign(id, { assigneeId: app.one.agent.userId, teamId: null })).json).toMatchObject({
    team: null,
    assignee: { name: 'agent of one' },
  });
  expect((await assign(id, { assigneeId: null })).json).toMatchObject({ assignee: null });
  expect(await assign(id, {})).toMatchObject({ status: 400, json: { code: 'validation_error' } });
});

it('a team that is renamed or deleted changes what its conversations show, with their next seq', async () => {
  const team = await make('Livraison');
  const [open, closed] = [await conversation(), await conversation()];
  for (const id of [open, closed]) await assign(id, { teamId: team.id });
  await admin('PUT', `/conversations/${closed}/closure`, {});
  const screen = testSocket(app.base, { token: app.one.viewer.token });
  await screen.next('authenticated');
  const told = () => screen.next('conversation:update', (body) => (body['conversation'] as unknown as { id: string }).id === open);
  await admin('PATCH', `/teams/${team.id}`, { name: 'Expédition' });
  expect(await told()).toMatchObject({ seq: 3, conversation: { team: { name: 'Expédition' } } });
  expect((await admin('DELETE', `/teams/${team.id}`)).status).toBe(204);
  expect(await told()).toMatchObject({ seq: 4, conversation: { team: null } });
  expect((await admin('GET', `/conversations/${open}/changes?since=3`)).json).toMatchObject({ seq: 4, conversation: { team: null } });
  expect((await admin('GET', `/conversations/${closed}`)).json.team).toBeNull();
});

it('a team or a member of another account is one that nobody has, in every path and body', async () => {
  const [mine, theirs] = [await make('Chez nous'), (await admin('POST', '/teams', { name: 'Chez eux' }, app.two.admin.token)).json];
  const id = await conversation();
  const same = async (ask: (id: string) => ReturnType<typeof admin>, foreignId: string, status: number) => {
    const [foreign, random] = [await ask(foreignId), await ask(newId())];
    expect({ ...foreign.json, requestId: '' }).toEqual({ ...random.json, requestId: '' });
    expect(foreign.status).toBe(status);
  };
  await same((teamId) => admin('GET', `/teams/${teamId}`), theirs.id, 404);
  await same((teamId) => admin('PATCH', `/teams/${teamId}`, { name: newId() }), theirs.id, 404);
  await same((teamId) => admin('DELETE', `/teams/${teamId}`), theirs.id, 404);
  await same((teamId) => admin('PUT', `/teams/${teamId}/members/${app.one.agent.userId}`), theirs.id, 404);
  await same((memberId) => admin('PUT', `/teams/${mine.id}/members/${memberId}`), app.two.agent.userId, 404);
  await same((memberId) => admin('DELETE', `/teams/${mine.id}/members/${memberId}`), app.two.agent.userId, 404);
  await same((memberId) => admin('POST', '/teams', { name: 'Avec eux', memberIds: [memberId] }), app.two.agent.userId, 400);
  await same((teamId) => assign(id, { teamId }), theirs.id, 400);
  await same((assigneeId) => assign(id, { assigneeId }), app.two.agent.userId, 400);
});

it('names of any letters lead from page to page, and one that stands for too many is refused', async () => {
  const tooMany = await admin('POST', '/teams', { name: '\ufdfa'.repeat(30) });
  expect(tooMany.json).toMatchObject({ status: 400, errors: [{ path: 'name' }] });
  for (const letter of ['漢', 'ह', '"']) expect((await make(letter.repeat(120))).id).toBeDefined();
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const { status, json, text } = await admin('GET', `/teams?limit=1${cursor}`);
    expect(status, text).toBe(200);
    seen.push(json.items[0].name);
    if (json.nextCursor === null) break;
    cursor = `&cursor=${json.nextCursor}`;
  }
  expect(seen).toEqual(expect.arrayContaining(['漢', 'ह', '"'].map((letter) => letter.repeat(120))));
});
