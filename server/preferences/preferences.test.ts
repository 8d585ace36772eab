import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestApp, testApp } from '../../test/support/app.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const token = () => desk.one.agent.token;
const change = (body: object, as = token()) => desk.api('PATCH', '/me/preferences', { token: as, body });
const read = async (as = token()) => (await desk.api('GET', '/me/preferences', { token: as })).json;

const untouched = {
  theme: 'system',
  language: null,
  timeZone: null,
  dateFormat: 'language',
  timeFormat: 'language',
  firstDayOfWeek: 'language',
  signature: '',
};

describe('the preferences of a person', () => {
  it('are there before anything is chosen', async () => {
    expect(await read(desk.one.viewer.token)).toEqual(untouched);
  });

  it('keep what a change leaves out, also when two changes come at once', async () => {
    const answers = await Promise.all([change({ theme: 'dark', signature: 'Léa\nAtelier Marthe 🌿' }), change({ timeFormat: '24_hours' })]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await change({ language: 'pt', timeZone: 'America/Sao_Paulo' });
    const chosen = {
      theme: 'dark',
      signature: 'Léa\nAtelier Marthe 🌿',
      timeFormat: '24_hours',
      language: 'pt',
      timeZone: 'America/Sao_Paulo',
    };
    expect(await read()).toEqual({ ...untouched, ...chosen });
    expect((await change({ language: null })).json).toEqual({ ...untouched, ...chosen, language: null });
  });

  it('say in which language and time zone the desk speaks', async () => {
    await change({ language: 'es', timeZone: 'Europe/Madrid' });
    expect((await desk.api('GET', '/auth/me', { token: token() })).json).toMatchObject({ language: 'es', timeZone: 'Europe/Madrid' });
    await change({ timeZone: null });
    expect((await desk.api('GET', '/auth/me', { token: token() })).json.timeZone).toBe('Europe/Paris');
  });

  it('belong to the person: nobody else sees them, and no key has any', async () => {
    await change({ signature: 'only mine' });
    expect(await read(desk.one.admin.token)).toEqual(untouched);
    const { key } = (
      await desk.api('POST', '/api-keys', { token: desk.one.admin.token, body: { name: 'k', permissions: ['account.read'] } })
    ).json;
    expect((await desk.api('GET', '/me/preferences', { token: key })).status).toBe(403);
  });

  it('can be changed in a read-only account', async () => {
    await desk.db.sql("update accounts set status = 'suspended' where id = $1", [desk.two.id]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect((await change({ theme: 'light' }, desk.two.viewer.token)).status).toBe(200);
  });

  it.each([
    ['theme', 'neon'],
    ['language', 'de'],
    ['timeZone', 'Europe/Atlantis'],
    ['timeZone', '+02:00'],
    ['timeZone', ''],
    ['timeZone', "Europe/Paris'--"],
    ['dateFormat', 'yyyy'],
    ['timeFormat', 24],
    ['firstDayOfWeek', 1],
    ['signature', 'x'.repeat(2_001)],
    ['signature', 'a\u0000b'],
    ['signature', 'a\ud800b'],
    ['signature', 'a\rb'],
    ['signature', 'invoice\u202egpj.exe'],
    ['accent', 'prune'],
    ['__proto__x', {}],
  ])('refuse %s %j', async (field, value) => {
    const answer = await change({ [field]: value });
    expect(answer.json).toMatchObject({ status: 400, code: 'validation_error', errors: [{ path: field }] });
  });

  it.each(['UTC', 'Asia/Kolkata', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])(
    'take the time zone %s',
    async (timeZone) => {
      expect((await change({ timeZone })).json.timeZone).toBe(timeZone);
    },
  );
});
