import { startWorker } from '../../server/jobs/worker.ts';
import { mailJobs } from '../../server/mail/jobs.ts';
import { startSmtp, type SmtpStandIn } from '../stand-ins/smtp.ts';
import { type TestApp, testApp } from './app.ts';

export interface MailDesk {
  desk: TestApp;
  smtp: SmtpStandIn;
  /** Waits until no mail is on its way any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** A desk whose mails of the system really go out, to a mail server on loopback. */
export async function testMail(env: Record<string, string> = {}): Promise<MailDesk> {
  const smtp = await startSmtp();
  const desk = await testApp({ GUICHET_SMTP_URL: smtp.url, GUICHET_MAIL_FROM: 'Desk <desk@desk.test>', ...env });
  const worker = startWorker({ database: desk.context.database, handlers: mailJobs(desk.context), pollMs: 100, onError: () => {} });
  desk.context.jobs = worker;
  return {
    desk,
    smtp,
    async settled() {
      for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
        const [{ open } = { open: 0 }] = await desk.db.sql<{ open: number }>(
          "select count(*)::int as open from jobs where kind = 'mail' and dead_at is null",
        );
        if (open === 0) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error('mails are still on their way');
    },
    async close() {
      await worker.stop();
      await smtp.stop();
      await desk.close();
    },
  };
}
