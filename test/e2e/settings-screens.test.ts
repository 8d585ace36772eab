import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { launchBrowser, type Watched } from '../support/browser.ts';
import { guichet } from '../support/command.ts';
import { type Desk, startDesk } from '../support/desk.ts';
import { createLooks, type Look, phone } from '../support/look.ts';

// Each test opens several screens, each as a new person.
vi.setConfig({ testTimeout: 90_000 });
const longName = 'Anne-Sophie Marie-Thérèse de Kermadec-Rousselot, présidente du conseil syndical';
let desk: Desk;
let browser: Browser;
let looks: ReturnType<typeof createLooks>;
let ids: { role: string; team: string };

const owner = { email: 'direction@exemple.example', password: 'un tampon tout neuf' };
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'guichet-settings-'));
  desk = await startDesk({ dataDir });
  // The first account beside the demo makes its admin superadmin.
  const words = ['account', 'create', '--name', longName, '--email', owner.email, '--password', owner.password];
  if ((await guichet(words, { GUICHET_DATA_DIR: dataDir })).code !== 0) throw new Error('the account was not made');
  browser = await launchBrowser();
  looks = createLooks(browser, desk);
  const token = await desk.signIn();
  const make = async (path: string, body: object) => {
    const answer = await desk.call('POST', `/api/v1${path}`, { token, body });
    if (answer.status >= 300) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
    return answer.json;
  };
  const description = 'Voit les conversations, les contacts et le journal, et ne change rien à rien du tout dans ce compte.';
  const role = await make('/roles', { name: longName, description, permissions: ['conversation.read', 'contact.read', 'audit.read'] });
  const members = (await desk.call('GET', '/api/v1/members', { token })).json.items as { id: string }[];
  const team = await make('/teams', { name: 'Après-vente', memberIds: members.map(({ id }) => id) });
  await make('/teams', { name: longName });
  await make('/invitations', { email: 'lea.martin@exemple.fr', role: 'agent', teamIds: [team.id] });
  await make('/invitations', { email: 'comptable.du.cabinet.de.kermadec-rousselot@exemple-tres-long.example', roleId: role.id });
  await make('/api-keys', { name: longName, permissions: ['ingest.write'], expiresAt: '2099-03-01T00:00:00.000Z' });
  await make('/api-keys', { name: 'Site web', permissions: ['ingest.write', 'contact.read'] });
  ids = { role: role.id, team: team.id };
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await desk?.remove();
  await rm(dataDir, { recursive: true, force: true });
}, 60_000);

const at =
  (path: string, text: string | RegExp) =>
  async ({ page }: Watched) => {
    await page.goto(`/settings/${path}`);
    await page.getByText(text).first().waitFor();
  };

it('the list of settings on a phone', () => looks.signedIn('settings-list-phone', phone, at('', 'Clés d’API')));

it('the account', async () => {
  await looks.signedIn('general', {}, at('general', 'Formule'));
  await looks.signedIn('general-phone-dark', { ...phone, theme: 'dark' }, at('general', 'Formule'));
  await looks.signedIn('general-agent', {}, at('general', 'Formule'), 'agent@guichet.local');
});

it('members and invitations', async () => {
  await looks.signedIn('members', {}, at('members', 'lea.martin@exemple.fr'));
  await looks.signedIn('members-en-dark', { language: 'en', theme: 'dark' }, at('members', 'lea.martin@exemple.fr'));
  await looks.signedIn('members-phone', phone, at('members', 'lea.martin@exemple.fr'));
  await looks.signedIn('members-menu', {}, async (watched) => {
    await at('members', 'lea.martin@exemple.fr')(watched);
    await watched.page.getByRole('button', { name: /Actions pour Camille/ }).click();
    await watched.page.getByText('Le dernier administrateur').waitFor();
  });
  await looks.signedIn('members-invite', {}, async (watched) => {
    await at('members', 'lea.martin@exemple.fr')(watched);
    await watched.page.getByRole('button', { name: 'Inviter' }).click();
    await watched.page.getByRole('dialog').waitFor();
  });
});

it('roles', async () => {
  await looks.signedIn('roles', {}, at('roles', 'De chaque compte'));
  await looks.signedIn('roles-phone', phone, at('roles', 'De chaque compte'));
  await looks.signedIn('role', {}, at(`roles/${ids.role}`, 'Droits'));
  await looks.signedIn('role-phone', phone, at(`roles/${ids.role}`, 'Droits'));
  await looks.signedIn('role-builtin', { theme: 'dark' }, at('roles/agent', 'Droits'));
});

it('teams', async () => {
  await looks.signedIn('teams', {}, at('teams', 'Après-vente'));
  await looks.signedIn('team', {}, at(`teams/${ids.team}`, 'Membres'));
  await looks.signedIn('team-phone', phone, at(`teams/${ids.team}`, 'Membres'));
});

it('API keys', async () => {
  await looks.signedIn('keys', {}, at('api-keys', 'Site web'));
  await looks.signedIn('keys-phone', phone, at('api-keys', 'Site web'));
  await looks.signedIn('key-new', {}, at('api-keys/new', 'Droits'));
  await looks.signedIn('key-new-phone', { ...phone, theme: 'dark' }, at('api-keys/new', 'Droits'));
  await looks.signedIn('key-shown-once', {}, async (watched) => {
    await at('api-keys/new', 'Droits')(watched);
    await watched.page.getByLabel('Nom').fill('Tableur');
    await watched.page.getByText('Envoyer des messages').click();
    await watched.page.getByRole('button', { name: 'Créer une clé' }).click();
    await watched.page.getByText('Copiez la clé maintenant').waitFor();
  });
});

it('the audit log', async () => {
  await looks.signedIn('audit', {}, async (watched) => {
    await at('audit', /scellées/)(watched);
    await watched.page.locator('.log summary').nth(1).click();
  });
  await looks.signedIn('audit-phone-dark', { ...phone, theme: 'dark' }, at('audit', /scellées/));
  await looks.signedIn('audit-nothing', { language: 'en' }, async (watched) => {
    await at('audit', /sealed/)(watched);
    await watched.page.getByRole('searchbox').fill('zzzz');
    await watched.page.getByText('Nothing like this').waitFor();
  });
});

it('the accounts of the installation', async () => {
  const asOwner = (name: string, options: Look, open: (watched: Watched) => Promise<void>) =>
    looks.signedIn(name, options, open, owner.email, owner.password);
  await asOwner('accounts', {}, at('accounts', 'Atelier Lumen'));
  await asOwner('accounts-phone', phone, at('accounts', 'Atelier Lumen'));
  await asOwner('account-new', {}, at('accounts/new', 'Palier'));
  await asOwner('account', { theme: 'dark' }, async (watched) => {
    await at('accounts', 'Atelier Lumen')(watched);
    await watched.page.getByText('Atelier Lumen').click();
    await watched.page.getByText('Automatisation').waitFor();
  });
});

it('a section that one’s role does not open', () =>
  looks.signedIn('settings-forbidden', {}, at('api-keys', 'Votre rôle n’ouvre pas cela'), 'agent@guichet.local'));
