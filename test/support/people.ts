import type { BuiltinRole } from '../../contract/permissions.ts';
import { createMember } from '../../server/accounts/actions.ts';
import { newId } from '../../server/db/id.ts';
import { type TestApp, type TestMember, testPassword } from './app.ts';

/** A further member of account one, or of another, signed in. */
export async function hire(app: TestApp, role: BuiltinRole, accountId = app.one.id): Promise<TestMember> {
  const email = `${role}-${newId()}@people.test`;
  const userId = await createMember(app.db.database, accountId, { email, password: testPassword, name: `Hired ${role}`, role });
  return { userId, email, token: await app.signIn(email) };
}

/** A role of account one made by its admin. */
export async function makeRole(app: TestApp, permissions: string[], name = `role ${newId()}`): Promise<string> {
  const answer = await app.api('POST', '/roles', { token: app.one.admin.token, body: { name, permissions } });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json.id;
}

/** A further member of account one with a role of its own. */
export async function hireWith(app: TestApp, permissions: string[]): Promise<TestMember & { roleId: string }> {
  const roleId = await makeRole(app, permissions);
  const member = await hire(app, 'viewer');
  const answer = await app.api('PATCH', `/members/${member.userId}`, { token: app.one.admin.token, body: { roleId } });
  if (answer.status !== 200) throw new Error(answer.text);
  return { ...member, roleId };
}

/** Asks again until it is so; what is asked a second after the call, or later, must be. That is what is promised of every change of rights. */
export async function withinASecond(isSo: () => Promise<boolean>): Promise<void> {
  const start = Date.now();
  for (;;) {
    const askedMs = Date.now() - start;
    if (await isSo()) return;
    if (askedMs >= 1_000) throw new Error(`not so after ${askedMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
