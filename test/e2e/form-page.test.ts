import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerForms } from '../../server/channels/form/routes.ts';
import { packageRoot } from '../../server/package.ts';
import { launchBrowser } from '../support/browser.ts';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { makeInbox, type PublicApp, publicApp, type TestInbox } from '../support/public-app.ts';

let db: TestDatabase;
let desk: PublicApp;
let browser: Browser;
let inbox: TestInbox;

const settings = {
  title: 'Essayer un vélo cargo',
  fields: [
    { name: 'name', label: 'Prénom et nom', type: 'text', required: true },
    { name: 'phone', label: 'Téléphone', type: 'tel' },
    { name: 'email', label: 'E-mail', type: 'email' },
    { name: 'load', label: 'Vous transportez surtout', type: 'select', options: ['Des enfants', 'Des courses'] },
    { name: 'message', label: 'Votre message', type: 'textarea', required: true },
    { name: 'photo', label: 'Une photo du local', type: 'file' },
    { name: 'consent', label: 'J’accepte que l’on me réponde.', type: 'checkbox', required: true },
  ],
};

beforeAll(async () => {
  db = await testDatabase();
  desk = await publicApp(db, ({ app, endpoints, receiver, limits }) =>
    registerForms(app, { endpoints, receiver, limits, publicUrl: 'http://desk.example' }),
  );
  inbox = await makeInbox(db, 'form', settings);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await desk.close();
  await db.drop();
});

async function open(options: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'fr-FR', ...options })).newPage();
  await page.goto(`${desk.base}/forms/${inbox.key}`);
  return page;
}

describe('the public form', () => {
  it('is filled in, corrected and sent without script, and the file goes with it', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByLabel('Prénom et nom').fill('Élodie Guéguen');
    await page.getByLabel('Téléphone').fill('06 12 40');
    await page.getByLabel('Votre message').fill('Bonjour,\ndeux enfants.');
    await page.getByText('Des enfants').click();
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await page.getByText('Ce numéro n’est pas complet.').waitFor();
    expect(await page.getByLabel('Prénom et nom').inputValue()).toBe('Élodie Guéguen');
    await page.getByLabel('Téléphone').fill('06 12 40 77 12');
    await page
      .getByLabel('Une photo du local')
      .setInputFiles({ name: 'porte été.png', mimeType: 'image/png', buffer: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') });
    await page.getByLabel('J’accepte que l’on me réponde.').check();
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await page.getByRole('heading', { name: 'Message reçu' }).waitFor();
    const [stored] = await db.sql<{ text: string; fields: unknown; filename: string; content_type: string }>(
      "select m.text, m.meta->'fields' as fields, a.filename, a.content_type from messages m join attachments a on a.message_id = m.id",
    );
    expect(stored).toEqual({
      text: 'Bonjour,\ndeux enfants.',
      fields: [
        { name: 'load', value: 'Des enfants' },
        { name: 'consent', value: 'true' },
      ],
      filename: 'porte été.png',
      content_type: 'image/png',
    });
  });

  it.each([
    ['light', 1440],
    ['dark', 390],
  ] as const)('passes the accessibility check in %s at %i px, with its errors shown', async (colorScheme, width) => {
    const page = await open({ colorScheme, viewport: { width, height: 900 } });
    const violations = async () =>
      (await new AxeBuilder({ page }).analyze()).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
      );
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Envoyer' }).click();
    await page.getByRole('alert').waitFor();
    expect(await violations()).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.screenshot({ path: join(packageRoot, `test-results/form-${colorScheme}-${width}.png`) });
  });
});
