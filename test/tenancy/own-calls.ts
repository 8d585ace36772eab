import { createAccount, createMember } from '../../server/accounts/actions.ts';
import { newId } from '../../server/db/id.ts';
import { grantSuperadmin } from '../../server/accounts/superadmin.ts';
import { type TestAccount, type TestApp, testPassword } from '../support/app.ts';
import type { Answer } from '../support/desk.ts';
import { arrive, makeInbox } from '../support/inboxes.ts';
import type { Operation } from '../support/openapi.ts';
import { cookieJar } from '../support/browser-jar.ts';
import { type Issuer, startIssuer } from '../stand-ins/issuer.ts';
import { linkCalls } from './own-links.ts';
import { addPasskey, factorCalls } from './own-factors.ts';
import type { Recipe, Things } from './things.ts';

export interface OwnCall {
  desk: TestApp;
  account: TestAccount;
  things: Things;
  operation: Operation;
}

let count = 0;
let issuer: Issuer;

/** A provider to sign in at, and the environment that names it. */
export async function startOwnProvider(): Promise<{ environment: Record<string, string>; close: () => Promise<void> }> {
  issuer = await startIssuer();
  const { url, clientId, clientSecret } = issuer;
  return {
    // Nobody listens there: mails wait in the queue, and no job runs.
    environment: {
      GUICHET_SMTP_URL: 'smtp://127.0.0.1:1',
      GUICHET_OIDC_ISSUER: url,
      GUICHET_OIDC_CLIENT_ID: clientId,
      GUICHET_OIDC_CLIENT_SECRET: clientSecret,
    },
    close: issuer.close,
  };
}

/** Kinds that no POST of the API makes at once. */
export const ownRecipes: Record<string, Recipe> = {
  async identities({ desk, account, canary }) {
    const id = newId();
    await desk.db.sql(
      "insert into external_identities (id, user_id, provider, issuer, subject, email) values ($1, $2, 'oidc', 'https://id.example', $3, $4)",
      [id, account.admin.userId, id, `somebody@${canary}.example`],
    );
    return id;
  },
  async passkeys({ desk, account }) {
    return String((await addPasskey(desk, account.admin)).added.json.id);
  },
  // The account itself: what lists several is the installation's.
  accounts: ({ account }) => Promise.resolve(account.id),
  async members({ desk, account, canary }) {
    count += 1;
    const email = `member${count}@${canary}.example`;
    return createMember(desk.db.database, account.id, { email, password: testPassword, name: `Member ${count}`, role: 'agent' });
  },
};

/** Operations that need more than ids of one's own and a body after the schema. */
export const ownCalls: Record<string, (call: OwnCall) => Promise<Answer>> = {
  ...linkCalls,
  ...factorCalls,
  login: ({ desk, account }) => desk.api('POST', '/auth/login', { body: { email: account.agent.email, password: testPassword } }),
  async refresh({ desk, account }) {
    const body = { email: account.agent.email, password: testPassword, tokenDelivery: 'body' };
    const { refreshToken } = (await desk.api('POST', '/auth/login', { body })).json;
    return desk.api('POST', '/auth/refresh', { body: { refreshToken, tokenDelivery: 'body' } });
  },
  logout: async ({ desk, account }) => desk.api('POST', '/auth/logout', { token: await desk.signIn(account.agent.email) }),
  logoutAll: async ({ desk, account }) => desk.api('POST', '/auth/logout-all', { token: await desk.signIn(account.agent.email) }),
  startOidc: ({ desk }) => desk.api('GET', '/auth/oidc/oidc/start'),
  async finishOidc({ desk, account }) {
    const jar = cookieJar(desk);
    await desk.db.sql('update users set email_verified_at = now() where id = $1', [account.agent.userId]);
    const claims = { sub: newId(), email: account.agent.email, email_verified: true };
    const { location } = await jar.visit('/api/v1/auth/oidc/oidc/start');
    await jar.visit(issuer.authorize(location, { claims }));
    return jar.send('POST', '/auth/refresh', { body: {} });
  },
  linkIdentity: async ({ desk, account }) => desk.api('POST', '/me/identities/oidc', { token: await desk.signIn(account.agent.email) }),
  async endSession({ desk, account }) {
    const token = await desk.signIn(account.agent.email);
    const { sessionId } = (await desk.api('GET', '/auth/me', { token })).json;
    return desk.api('DELETE', `/auth/sessions/${sessionId}`, { token });
  },
  async switchAccount({ desk, account }) {
    const token = await desk.signIn(account.agent.email);
    return desk.api('POST', '/auth/switch', { token, body: { accountId: account.id } });
  },
  listInstalledAccounts: (call) => asSuperadmin(call, 'GET', ''),
  createInstalledAccount: (call) => asSuperadmin(call, 'POST', '', { name: 'Opened', email: 'opened@desk.example' }),
  getInstalledAccount: (call) => asSuperadmin(call, 'GET', `/${call.account.id}`),
  changeInstalledAccount: (call) => asSuperadmin(call, 'PATCH', `/${call.account.id}`, { tier: 'pro' }),
  async patchMember({ desk, account, things }) {
    const id = await things.make('members');
    return desk.api('PATCH', `/members/${id}`, { token: account.admin.token, body: { role: 'viewer' } });
  },
  async removeDemo({ desk }) {
    const person = { email: 'admin@demo.test', password: testPassword, memberName: 'Demo' };
    await createAccount(desk.db.database, desk.context.actors.operator, { name: 'Demo', ...person }, { isDemo: true });
    return desk.api('DELETE', '/demo', { token: await desk.signIn(person.email) });
  },
  async previewInvitation({ desk, account }) {
    return desk.api('POST', '/invitations/preview', { body: { token: await inviteSomebody(desk, account) } });
  },
  async acceptInvitation({ desk, account }) {
    const token = await inviteSomebody(desk, account);
    return desk.api('POST', '/invitations/accept', { body: { token, name: 'Somebody', password: testPassword } });
  },
  async removeTeamMember({ desk, account, things }) {
    const path = `/teams/${await things.make('teams')}/members/${account.viewer.userId}`;
    await desk.api('PUT', path, { token: account.admin.token });
    return desk.api('DELETE', path, { token: account.admin.token });
  },
  async ingest({ desk, account, things }) {
    const inboxId = await things.make('inboxes');
    return desk.api('POST', '/ingest', {
      token: account.admin.token,
      body: { channel: 'form', inboxId, email: 'own@client.example', message: 'Bonjour' },
    });
  },
  async createMessage({ desk, account, things }) {
    const id = await things.make('conversations');
    return desk.api('POST', `/conversations/${id}/messages`, {
      token: account.admin.token,
      body: { text: 'Seen by the team', kind: 'note' },
    });
  },
  async markRead({ desk, account, things }) {
    const id = await things.make('conversations');
    const [message] = (await desk.api('GET', `/conversations/${id}/messages`, { token: account.admin.token })).json.items;
    return desk.api('PUT', `/conversations/${id}/read`, { token: account.admin.token, body: { messageId: message.id } });
  },
  async resendMessage({ desk, account }) {
    const { token } = account.admin;
    const inbox = await makeInbox(desk, account.id, 'whatsapp');
    await arrive(desk, inbox, [{ from: '33612345678', text: 'Bonjour' }]);
    const [conversation] = (await desk.api('GET', `/conversations?inboxId=${inbox.id}`, { token })).json.items;
    const { id } = (await desk.api('POST', `/conversations/${conversation.id}/messages`, { token, body: { text: 'Bonjour' } })).json;
    await desk.db.sql(`update messages set status = 'failed', error = '{"class": "transient"}' where id = $1`, [id]);
    return desk.api('POST', `/messages/${id}/resend`, { token });
  },
  async getFile({ desk, account, things }) {
    const { token } = account.admin;
    const id = await things.make('inboxes');
    const key = (await desk.api('GET', `/inboxes/${id}`, { token })).json.hookUrl.split('/').pop();
    const form = new FormData();
    form.set('email', 'file@client.example');
    form.set('message', 'voir pièce jointe');
    form.set('file', new Blob(['%PDF-1.4\n%EOF']), 'devis.pdf');
    await (await fetch(`${desk.base}/forms/${key}`, { method: 'POST', body: form })).text();
    const [conversation] = (await desk.api('GET', `/conversations?inboxId=${id}`, { token })).json.items;
    const [message] = (await desk.api('GET', `/conversations/${conversation.id}/messages`, { token })).json.items;
    return desk.call('GET', message.attachments[0].url);
  },
};

async function inviteSomebody(desk: TestApp, account: TestAccount): Promise<string> {
  count += 1;
  const body = { email: `invited${count}@own.example`, role: 'viewer' };
  const { link } = (await desk.api('POST', '/invitations', { token: account.admin.token, body })).json;
  return String(link).split('#token=')[1] ?? '';
}

async function asSuperadmin({ desk, account }: OwnCall, method: string, path: string, body?: object): Promise<Answer> {
  await grantSuperadmin(desk.db.database, desk.context.actors.operator, account.admin.email);
  const token = await desk.signIn(account.admin.email);
  return desk.api(method, `/installation/accounts${path}`, { token, ...(body ? { body } : {}) });
}
