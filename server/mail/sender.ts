import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import type { ComposedMail } from './compose.ts';

/** The mail server took it, or will never take it; what may go better later is thrown. */
export type Handed = { kind: 'sent' } | { kind: 'refused'; reply: string };

export interface MailSender {
  send(mail: ComposedMail & { id: string; to: string }): Promise<Handed>;
  /** Connects, encrypts and signs in, and sends nothing; throws in words. */
  check(): Promise<void>;
}

/** Nothing that a header or an envelope could be broken with. */
const plainAddress = /^[\x21-\x7e]{1,64}@[A-Za-z0-9.-]{1,190}$/;
const separators = /[\s<>(),;:"\\[\]]/;

/** Hands mails of the system to the operator's mail server; undefined where there is none. */
export function createMailSender({ smtp, mailFrom }: Pick<Config, 'smtp' | 'mailFrom'>): MailSender | undefined {
  if (!smtp) return undefined;
  const domain = mailFrom.address.split('@')[1] ?? 'localhost';

  async function open() {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host: smtp?.host,
      port: smtp?.port,
      secure: smtp?.isImplicitTls ?? false,
      requireTLS: smtp?.needsTls ?? true,
      // A relay on this machine or in one's own network may encrypt with a certificate that nobody signed.
      tls: { rejectUnauthorized: smtp?.needsTls ?? true },
      ...(smtp?.login ? { auth: { user: smtp.login.user, pass: smtp.login.password } } : {}),
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 20_000,
      dnsTimeout: 10_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }

  return {
    async send({ id, to, subject, text, html }) {
      if (!plainAddress.test(to) || separators.test(to)) return { kind: 'refused', reply: 'address' };
      const transport = await open();
      try {
        await transport.sendMail({
          from: mailFrom,
          to: { name: '', address: to },
          subject: subject.replace(/[\p{Cc}\u2028\u2029]+/gu, ' '),
          text,
          html,
          // The same for every try, so that a receiver can tell a repetition.
          messageId: `<${createHash('sha256').update(id).digest('hex').slice(0, 32)}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        });
        return { kind: 'sent' };
      } catch (error) {
        const reply = findRefusal(error);
        if (reply === undefined) throw error;
        return { kind: 'refused', reply };
      } finally {
        transport.close();
      }
    },
    async check() {
      const transport = await open();
      try {
        await transport.verify();
      } finally {
        transport.close();
      }
    },
  };
}

/** The code of a refusal that is about this mail and for good; a server that refuses us altogether may be mended. */
function findRefusal(error: unknown): string | undefined {
  const { responseCode, command, response } = error as { responseCode?: number; command?: string; response?: string };
  if (responseCode === undefined || responseCode < 500 || !['MAIL FROM', 'RCPT TO', 'DATA'].includes(command ?? '')) return undefined;
  // 530 and 538 ask for a sign-in or for encryption: that is about us.
  if ([530, 535, 538].includes(responseCode)) return undefined;
  const status = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})/.exec(response ?? '')?.[1];
  return status === undefined ? String(responseCode) : `${responseCode} ${status}`;
}
