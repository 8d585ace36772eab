import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestApp, testApp, testPassword } from '../../test/support/app.ts';
import { createAccount } from '../accounts/actions.ts';
import { ApiError } from '../http/errors.ts';
import { issueSetupCode } from './actions.ts';

let desk: TestApp;
beforeAll(async () => {
  desk = await testApp();
});
afterAll(() => desk.close());

const given = (code: string, more: object = {}) => ({
  code,
  name: 'Étude Martin',
  memberName: 'Ana Martin',
  email: 'ana@martin.fr',
  password: 'a long enough phrase',
  ...more,
});
const setUp = (body: object) => desk.api('POST', '/setup/account', { body });

it('with a desk there is nothing to set up', async () => {
  expect((await desk.api('GET', '/setup/state')).json).toEqual({ demo: false, needsSetup: false });
  expect(await issueSetupCode(desk.context)).toBeUndefined();
  expect((await setUp(given('ABCD-EFGH-JKLM'))).json).toMatchObject({ status: 409, code: 'conflict' });
});

it('beside a demo, the code of the console makes one desk, once', async () => {
  await desk.db.sql('update accounts set is_demo = true');
  expect((await desk.api('GET', '/setup/state')).json).toEqual({ demo: true, needsSetup: true });
  const code = (await issueSetupCode(desk.context)) ?? '';
  expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}$/);

  expect((await setUp(given('WRONG-CODE'))).json).toMatchObject({ status: 403, errors: [{ path: 'code' }] });
  expect((await setUp(given(code, { password: 'motdepasse123' }))).json.errors[0].path).toBe('password');
  const answers = await Promise.all([1, 2, 3].map((n) => setUp(given(code.toLowerCase(), { email: `ana${n}@martin.fr` }))));
  const made = answers.filter(({ status }) => status === 201);
  expect(made).toHaveLength(1);
  expect(made[0]?.headers.get('set-cookie')).toContain('guichet_refresh=');
  const me = await desk.api('GET', '/auth/me', { token: made[0]?.json.accessToken });
  expect(me.json).toMatchObject({ role: 'admin', isSuperadmin: true, account: { name: 'Étude Martin', isDemo: false } });
  expect((await desk.api('GET', '/setup/state')).json.needsSetup).toBe(false);

  // Who has the code is the operator: a link to the address signs the admin in and takes no password away.
  const { oneTimeTokens } = desk.context;
  const { id, email } = me.json;
  const token = oneTimeTokens.tokenOf('magic_link', await oneTimeTokens.issue(desk.db.database, 'magic_link', { userId: id, email }));
  expect((await desk.api('POST', '/auth/magic-link/consume', { body: { token } })).status).toBe(200);
  expect((await desk.api('POST', '/auth/login', { body: { email, password: given('').password } })).status).toBe(200);
});

it('the code cannot be guessed at', async () => {
  await desk.db.sql('update accounts set is_demo = true');
  await desk.db.sql('delete from limit_windows');
  await issueSetupCode(desk.context);
  const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => setUp(given(`AAAA-BBBB-CC${n}`))));
  expect(answers.filter(({ status }) => status === 403)).toHaveLength(5);
  expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
});

it('somebody who signs in here already gets a further account with their own password only', async () => {
  const account = { name: 'Second', memberName: 'Ana', email: desk.one.admin.email };
  const refused = await createAccount(desk.db.database, desk.context.actors.operator, { ...account, password: 'another password' }).catch(
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(ApiError);
  expect(refused).toMatchObject({ code: 'conflict', errors: [{ path: 'email' }] });
  const made = await createAccount(desk.db.database, desk.context.actors.operator, { ...account, password: testPassword });
  expect(made.userId).toBe(desk.one.admin.userId);
});
