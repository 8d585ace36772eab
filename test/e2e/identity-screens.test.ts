import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { type Issuer, startIssuer } from '../stand-ins/issuer.ts';
import { type SmtpStandIn, startSmtp } from '../stand-ins/smtp.ts';
import { launchBrowser, type Watched } from '../support/browser.ts';
import { guichet } from '../support/command.ts';
import { type Desk, startDesk } from '../support/desk.ts';
import { createLooks, phone } from '../support/look.ts';

// Each test opens several screens, each as a new person.
vi.setConfig({ testTimeout: 90_000 });
let desk: Desk;
let smtp: SmtpStandIn;
let google: Issuer;
let browser: Browser;
let looks: ReturnType<typeof createLooks>;
let token: string;

const longAccount = 'Cabinet de Kermadec-Rousselot, Vauquelin et associés, avocats au barreau';
const dark = { theme: 'dark' } as const;

beforeAll(async () => {
  smtp = await startSmtp();
  google = await startIssuer('at-google');
  desk = await startDesk({
    env: {
      GUICHET_SMTP_URL: smtp.url,
      GUICHET_GOOGLE_ISSUER: google.url,
      GUICHET_GOOGLE_CLIENT_ID: google.clientId,
      GUICHET_GOOGLE_CLIENT_SECRET: google.clientSecret,
    },
  });
  browser = await launchBrowser();
  // Passkeys refuse an IP address.
  looks = createLooks(browser, { ...desk, base: desk.base.replace('127.0.0.1', 'localhost') });
  token = await desk.signIn();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await desk?.remove();
  await smtp?.stop();
  await google?.close();
}, 60_000);

const solid = (page: Page) => page.locator('.btn.solid');
const atDoor = async ({ page }: Watched) => {
  await page.goto('/sign-in');
  await page.getByText('Recevoir un lien').waitFor();
};

it('the door with every way in', async () => {
  await looks.look('door', {}, atDoor);
  await looks.look('door-phone-dark', { ...phone, ...dark }, atDoor);
  await looks.look('door-refused', {}, async ({ page }) => {
    await page.goto('/sign-in?problem=oidc_no_account&provider=google');
    await page.getByRole('alert').waitFor();
  });
});

it('a forgotten password and a link by mail', async () => {
  await looks.look('forgotten-sent', {}, async (watched) => {
    const { page } = watched;
    await atDoor(watched);
    await page.locator('input[type=email]').fill('agent@guichet.local');
    await page.getByText('Oublié').click();
    await solid(page).click();
    await page.getByText('Regardez vos e-mails').waitFor();
  });
  const { link } = await smtp.next('agent@guichet.local');
  await looks.look('reset-weak', phone, async ({ page, allow }) => {
    allow(400);
    await page.goto(link);
    await page.getByLabel('Nouveau mot de passe').fill('password1234');
    await solid(page).click();
    await page.getByText('trop facile').waitFor();
  });
  await looks.look('link-asked', { ...phone, ...dark }, async (watched) => {
    await atDoor(watched);
    await watched.page.getByText('Recevoir un lien').click();
    await watched.page.getByText('15 minutes').waitFor();
  });
  await looks.look('link-over', {}, async ({ page, allow }) => {
    allow(401);
    await page.goto('/sign-in/link#token=over');
    await solid(page).click();
    await page.getByText('ne fonctionne plus').waitFor();
  });
});

it('an invitation, to somebody new and to somebody who is known', async () => {
  const invite = async (email: string) =>
    (await desk.call('POST', '/api/v1/invitations', { token, body: { email, role: 'agent' } })).json.link as string;
  await desk.call('PATCH', '/api/v1/account', { token, body: { name: longAccount } });
  const link = await invite('marie-therese.de-kermadec-rousselot@cabinet-tres-long.example');
  const opened = async ({ page, allow }: Watched) => {
    allow(401);
    await page.goto(link);
    await page.getByLabel('Votre nom').waitFor();
  };
  await looks.look('invitation-new', {}, opened);
  await looks.look('invitation-new-phone-dark', { ...phone, ...dark }, opened);
  await desk.makeAccount('ailleurs');
  const known = await invite('ailleurs@example.org');
  await looks.look('invitation-known', {}, async ({ page, allow }) => {
    allow(401);
    await page.goto(known);
    await page.getByText('déjà un accès').waitFor();
  });
  await desk.call('PATCH', '/api/v1/account', { token, body: { name: 'Atelier Vélorue' } });
});

it('the profile', async () => {
  const shown = async ({ page }: Watched) => {
    await page.goto('/settings/profile');
    await page.getByText('Signature').waitFor();
  };
  await looks.signedIn('profile', {}, shown);
  await looks.signedIn('profile-phone-dark', { ...phone, ...dark }, shown);
  await looks.signedIn('profile-en', { language: 'en' }, shown);
  await looks.signedIn('profile-email', {}, async (watched) => {
    await shown(watched);
    await watched.page.getByRole('button', { name: 'Changer d’adresse' }).click();
    await watched.page.getByRole('dialog').waitFor();
  });
});

const atSecurity = async ({ page }: Watched) => {
  await page.goto('/settings/security');
  await page
    .getByText(/Chrome (sur|on) Linux/)
    .first()
    .waitFor();
};

it('security', async () => {
  await looks.signedIn('security', {}, atSecurity);
  await looks.signedIn('security-phone-dark', { ...phone, ...dark }, atSecurity);
  await looks.signedIn('security-en', { language: 'en', height: 1400 }, atSecurity);
  await looks.signedIn('security-password', {}, async (watched) => {
    await atSecurity(watched);
    await watched.page.getByRole('button', { name: 'Changer le mot de passe' }).click();
    await watched.page.getByRole('dialog').waitFor();
  });
  const begun = async (watched: Watched) => {
    await atSecurity(watched);
    await watched.page.getByRole('button', { name: 'Activer' }).click();
    await watched.page.locator('svg.qr').waitFor();
  };
  await looks.signedIn('second-factor', {}, begun);
  await looks.signedIn('second-factor-phone-dark', { ...phone, ...dark }, begun);
  await looks.signedIn('security-error', {}, async ({ page, allow }) => {
    allow(503);
    await page.route(/me\/security/, (route) => route.fulfill({ status: 503, body: '' }));
    await page.goto('/settings/security');
    await page.getByRole('button', { name: 'Réessayer' }).waitFor();
  });
});

it('the question who is here, when the last proof is old', async () => {
  const asked = async (watched: Watched) => {
    watched.allow(403);
    await atSecurity(watched);
    await sql("update sessions set confirmed_at = now() - interval '1 hour'");
    await watched.page.getByRole('button', { name: 'Activer' }).click();
    await watched.page.getByText('Confirmez que c’est vous').waitFor();
  };
  await looks.signedIn('confirmation', {}, asked);
  await looks.signedIn('confirmation-phone-dark', { ...phone, ...dark }, asked);
});

it('several accounts, a trial that ends and one that is over', async () => {
  const { token: other } = await desk.makeAccount('ailleurs-encore');
  const link = (await desk.call('POST', '/api/v1/invitations', { token: other, body: { email: 'demo@guichet.local', role: 'viewer' } }))
    .json.link as string;
  const body = { token: link.split('#token=')[1] };
  await desk.call('POST', '/api/v1/invitations/accept', { token, body });
  await looks.signedIn('accounts-menu', {}, async ({ page }) => {
    await page.goto('/inbox/all');
    await page.getByRole('button', { name: /Profil de/ }).click();
    await page.getByText('ailleurs-encore').waitFor();
  });
  const until = async (interval: string, text: RegExp, { page }: Watched) => {
    await sql(`update accounts set status = 'trial', trial_ends_at = now() + interval '${interval}'`);
    await page.goto('/inbox/all');
    await page.getByText(text).first().waitFor();
  };
  await looks.signedIn('trial', {}, (watched) => until('3 days', /se termine dans 3/, watched));
  await looks.signedIn('trial-over-phone', phone, (watched) => until('-1 hour', /L’essai est terminé/, watched));
  await sql("update accounts set status = 'active', trial_ends_at = null");
});

/** As the operator, past the API: times cannot be waited for. */
async function sql(text: string): Promise<void> {
  const { stdout } = await guichet(['db', 'url'], { GUICHET_DATA_DIR: desk.dataDir });
  const client = new pg.Client({ connectionString: stdout.trim() });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
