import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSmtp } from '../../test/stand-ins/smtp.ts';
import { type MailDesk, testMail } from '../../test/support/mail.ts';
import { newId } from '../db/id.ts';
import { composeMail } from './compose.ts';
import { enqueueMail, type MailKind } from './enqueue.ts';
import { sweepMails } from './jobs.ts';
import { createMailSender } from './sender.ts';
import { readSmtpUrl } from './smtp-url.ts';
import { subjects } from './subjects.ts';
import { languageOf } from './words.ts';

let mail: MailDesk;
beforeAll(async () => {
  mail = await testMail();
});
afterAll(() => mail.close());
beforeEach(async () => {
  mail.smtp.behave(() => undefined);
  await mail.desk.db.sql('delete from limit_windows');
});

const lastMail = async () =>
  (
    await mail.desk.db.sql<{ state: string; reply: string | null; kind: string }>(
      'select state, reply, kind from mails order by id desc limit 1',
    )
  )[0];
const ask = (email: string, headers: Record<string, string> = {}) =>
  mail.desk.api('POST', '/auth/magic-link', { body: { email }, headers });
async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  for (let n = 0; n < 450; n += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error('it did not come to that');
}

describe('a mail of the system', () => {
  it('says by whom it is, that a machine wrote it, and its link as text and as HTML that loads nothing', async () => {
    await ask(mail.desk.one.admin.email, { 'accept-language': 'en-GB,fr;q=0.5' });
    const received = await mail.smtp.next(mail.desk.one.admin.email);
    expect(received.from).toBe('desk@desk.test');
    expect(received.headers.get('from')).toBe('Desk <desk@desk.test>');
    expect(received.headers.get('to')).toBe(mail.desk.one.admin.email);
    expect(received.headers.get('message-id')).toMatch(/^<[0-9a-f]{32}@desk\.test>$/);
    expect(received.headers.get('auto-submitted')).toBe('auto-generated');
    expect(received.subject).toBe('Your link to sign in');
    expect(received.text).toContain('15 minutes');
    expect(received.html).toContain('<html lang="en">');
    expect(received.html.split(received.token)).toHaveLength(3);
    expect(received.html).not.toMatch(/<img|<script|<link|url\(|src=|@import/i);
    expect([...received.html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([received.link]);
  });

  it('speaks the language of the person, then of their browser, then of the account', async () => {
    const { admin } = mail.desk.two;
    const subjectFor = async (language: string | null, accepted: Record<string, string>) => {
      await mail.desk.db.sql('delete from limit_windows');
      await mail.desk.db.sql('update users set language = $2 where id = $1', [admin.userId, language]);
      await ask(admin.email, accepted);
      return (await mail.smtp.next(admin.email)).subject;
    };
    expect(await subjectFor('pt', { 'accept-language': 'es' })).toBe('A sua ligação para entrar');
    expect(await subjectFor(null, { 'accept-language': 'de, es;q=0.8' })).toBe('Su enlace para entrar');
    expect(await subjectFor(null, { 'accept-language': 'de' })).toBe('Votre lien de connexion');
    await mail.desk.db.sql("update accounts set language = 'en' where id = $1", [mail.desk.two.id]);
    expect(await subjectFor(null, {})).toBe('Your link to sign in');
  });

  it('whose link is a secret leaves none in the queue, in the tables, or in what is kept of mails', async () => {
    await ask(mail.desk.one.agent.email);
    const { token } = await mail.smtp.next(mail.desk.one.agent.email);
    const kept = await mail.desk.db.sql<{ all: string }>(
      `select (select coalesce(jsonb_agg(to_jsonb(t)), '[]') from one_time_tokens t)::text || (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from mails m)::text
         || (select coalesce(jsonb_agg(to_jsonb(j)), '[]') from jobs j)::text as all`,
    );
    expect(kept[0]?.all).not.toContain(token);
    expect(kept[0]?.all).not.toContain(Buffer.from(token, 'base64url').toString('hex').slice(32));
    const id = await mail.desk.db.database.withAccount(mail.desk.one.id, async (tx) => {
      await enqueueMail(tx, 'password_changed_notice', { userId: mail.desk.one.agent.userId });
      const [job] = await tx.query<{ payload: object }>({ text: "select payload from jobs where kind = 'mail'" });
      return job?.payload;
    });
    expect(id).toEqual({ mailId: expect.any(String), kind: 'password_changed_notice', subjectId: mail.desk.one.agent.userId });
    await mail.smtp.next(mail.desk.one.agent.email);
  });
});

describe('while the mail server', () => {
  it('is down, a mail waits, and comes when it is back, with a link that works', async () => {
    const { viewer } = mail.desk.one;
    await mail.smtp.stop();
    expect((await ask(viewer.email)).status).toBe(202);
    await until(async () => (await mail.desk.db.sql("select 1 from jobs where kind = 'mail' and attempt > 1")).length > 0);
    expect((await lastMail())?.state).toBe('queued');
    await mail.smtp.start();
    await until(async () => (await lastMail())?.state === 'sent');
    const { token } = await mail.smtp.next(viewer.email);
    // The life of the link began when it was sent, not when it was asked for.
    const [waited] = await mail.desk.db.sql(
      "select expires_at > created_at + interval '15 minutes 100 milliseconds' as waited from one_time_tokens order by id desc limit 1",
    );
    expect(waited).toEqual({ waited: true });
    expect((await mail.desk.api('POST', '/auth/magic-link/consume', { body: { token } })).status).toBe(200);
  });

  it.each([
    ['is busy', 'rcpt', 451],
    ['greylists', 'rcpt', 450],
    ['is full', 'data', 452],
    ['wants a sign-in first', 'mail', 530],
  ] as const)('%s, a mail is tried again until it is taken, once', async (_name, at, code) => {
    const { agent } = mail.desk.two;
    let refusals = 0;
    mail.smtp.behave((step) => (step === at && refusals++ < 2 ? { code } : undefined));
    await ask(agent.email);
    await until(async () => (await lastMail())?.state === 'sent');
    expect(refusals).toBeGreaterThan(2);
    await mail.smtp.next(agent.email);
    await mail.settled();
    const ids = mail.smtp.mails.map(({ headers }) => headers.get('message-id'));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('refuses an address for good, that is noted and not tried again', async () => {
    const { viewer } = mail.desk.two;
    mail.smtp.behave((step) => (step === 'rcpt' ? { code: 550, text: '5.1.1 <viewer@two.test> no such person' } : undefined));
    const before = mail.smtp.tries;
    await ask(viewer.email);
    await until(async () => (await lastMail())?.state === 'refused');
    expect(await lastMail()).toEqual({ state: 'refused', reply: '550 5.1.1', kind: 'magic_link' });
    await mail.settled();
    expect(mail.smtp.tries).toBe(before + 1);
  });

  it('never comes back, the mail ends as failed and the job as a dead letter', async () => {
    mail.smtp.behave(() => ({ code: 421 }));
    await ask(mail.desk.one.admin.email);
    await mail.desk.db.sql("update jobs set attempts_max = 1 where kind = 'mail' and dead_at is null");
    const findDead = () =>
      mail.desk.db.sql<{ last_error: string }>("select last_error from jobs where kind = 'mail' and dead_at is not null");
    await until(async () => (await findDead()).length > 0);
    expect((await lastMail())?.state).toBe('failed');
    expect((await findDead())[0]?.last_error).toMatch(/^Error( E[A-Z]+)?$/);
  });
});

it('a mail server beyond this machine that cannot prove who it is is told nothing', async () => {
  const { hostname: host, port } = new URL(mail.smtp.url);
  const server = { host, port: Number(port), isImplicitTls: false, needsTls: true, login: undefined };
  const sender = createMailSender({ smtp: server, mailFrom: mail.desk.context.config.mailFrom });
  const before = [mail.smtp.tries, mail.smtp.mails.length];
  const sent = sender?.send({ id: newId(), to: 'ana@example.org', subject: 'A link', text: 'https://desk.test/#token=x', html: '' });
  await expect(sent).rejects.toThrow(/certificate|STARTTLS/);
  expect([mail.smtp.tries, mail.smtp.mails.length]).toEqual(before);
});

it('a mail server on this machine may encrypt with a certificate that nobody signed', async () => {
  const encrypting = await startSmtp({ hideSTARTTLS: false });
  const sender = createMailSender({ smtp: readSmtpUrl(encrypting.url), mailFrom: mail.desk.context.config.mailFrom });
  await sender?.check();
  expect(await sender?.send({ id: newId(), to: 'ana@example.org', subject: 'A link', text: 'Bonjour', html: '' })).toEqual({
    kind: 'sent',
  });
  expect((await encrypting.next('ana@example.org')).isEncrypted).toBe(true);
  await encrypting.stop();
});

it('what became of old mails and links is forgotten', async () => {
  await ask(mail.desk.one.agent.email);
  await mail.smtp.next(mail.desk.one.agent.email);
  await mail.settled();
  const count = async () =>
    (await mail.desk.db.sql<{ n: number }>('select ((select count(*) from mails) + (select count(*) from one_time_tokens))::int as n'))[0]
      ?.n;
  const before = await count();
  await sweepMails(mail.desk.context);
  expect(await count()).toBe(before);
  await mail.desk.db.sql("update mails set created_at = now() - interval '31 days'");
  await mail.desk.db.sql("update one_time_tokens set expires_at = now() - interval '8 days'");
  await sweepMails(mail.desk.context);
  expect(await count()).toBe(0);
});

describe('an invitation', () => {
  it('goes to the person who is meant, and what the account is called cannot forge a header', async () => {
    const name = 'Étude\r\nBcc: all@evil.example <b>Martin</b>';
    await mail.desk.db.sql('update accounts set name = $2 where id = $1', [mail.desk.one.id, name]);
    const invitationId = newId();
    const tokenId = newId();
    await mail.desk.db.sql(
      `insert into invitations (account_id, id, email, role, invited_by, token_id, token_hash, expires_at)
       values ($1, $2, 'new@guests.test', 'agent', $3, $4, 'x', now() + interval '7 days')`,
      [mail.desk.one.id, invitationId, mail.desk.one.admin.userId, tokenId],
    );
    await mail.desk.db.database.withAccount(mail.desk.one.id, (tx) => enqueueMail(tx, 'invitation', { invitationId }));
    const received = await mail.smtp.next('new@guests.test');
    expect(received.to).toEqual(['new@guests.test']);
    expect(received.headers.has('bcc')).toBe(false);
    expect(received.subject).toBe('Invitation\u202f: Étude Bcc: all@evil.example <b>Martin</b>');
    expect(received.html).not.toContain('<b>');
    expect(received.token).toBe(mail.desk.context.oneTimeTokens.tokenOf('invitation', tokenId));
    await mail.settled();
    expect((await mail.desk.db.sql('select mailed_at is not null as mailed from invitations where id = $1', [invitationId]))[0]).toEqual({
      mailed: true,
    });
  });

  it('of another account, taken back or to an address that could break an envelope, is not sent', async () => {
    const before = mail.smtp.mails.length;
    const invite = async (email: string, more: string) => {
      const invitationId = newId();
      await mail.desk.db.sql(
        `insert into invitations (account_id, id, email, role, token_id, token_hash, expires_at, revoked_at) values ($1, $2, $3, 'agent', $4, 'x', now() + interval '1 day', ${more})`,
        [mail.desk.one.id, invitationId, email, newId()],
      );
      return invitationId;
    };
    const send = (accountId: string, invitationId: string) =>
      mail.desk.db.database.withAccount(accountId, (tx) => enqueueMail(tx, 'invitation', { invitationId }));
    await send(mail.desk.two.id, await invite('one@guests.test', 'null'));
    await send(mail.desk.one.id, await invite('two@guests.test', 'now()'));
    await send(mail.desk.one.id, await invite('three@guests.test>\r\nRCPT TO:<all@evil.example', 'null'));
    await mail.settled();
    expect(mail.smtp.mails.length).toBe(before);
    expect((await lastMail())?.state).toBe('refused');
  });
});

it('every mail has words in four languages, and none is empty', () => {
  const facts = {
    name: 'Ana',
    link: 'http://desk.test/x#token=t',
    account: 'Étude',
    inviter: 'Bo',
    device: 'Firefox',
    when: 'now',
    address: 'a…@x.test',
  };
  for (const kind of Object.keys(subjects) as MailKind[]) {
    const mails = (['fr', 'en', 'es', 'pt'] as const).map((language) => composeMail(kind, language, facts));
    expect(new Set(mails.map(({ subject }) => subject)).size).toBeGreaterThan(2);
    for (const { subject, text, html } of mails) {
      expect(`${subject}${text}${html}`).not.toContain('undefined');
      expect(text.length).toBeGreaterThan(80);
    }
  }
  expect(languageOf(null, 'de', 'es-MX')).toBe('es');
  expect(languageOf(undefined, 'toString')).toBe('fr');
});
