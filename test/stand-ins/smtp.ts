import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  /** The envelope: who it was really from and to. */
  from: string;
  to: string[];
  raw: string;
  subject: string;
  text: string;
  html: string;
  /** By lower-case name. */
  headers: Map<string, string>;
  /** The first link of the text. */
  link: string;
  /** What stands behind #token= in it. */
  token: string;
  /** Whether the connection was. */
  isEncrypted: boolean;
}

/** What the server says to a step of a mail: a code from 400 to 599 refuses it, undefined takes it. */
export type SmtpBehaviour = (step: 'mail' | 'rcpt' | 'data', address: string) => { code: number; text?: string } | undefined;

/** A real mail server on loopback that keeps what it is given. */
export interface SmtpStandIn {
  /** For GUICHET_SMTP_URL; the same after a stop and a start. */
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** How often a client has begun a mail, taken or not. */
  readonly tries: number;
  behave(behaviour: SmtpBehaviour): void;
  /** The next mail to this address that nobody has waited for yet; fails after ten seconds. */
  next(to: string): Promise<ReceivedMail>;
  /** Stops listening: connections are refused. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpStandIn> {
  const mails: ReceivedMail[] = [];
  const awaited = new Set<ReceivedMail>();
  let behaviour: SmtpBehaviour = () => undefined;
  let tries = 0;
  let port = 0;
  let server: SMTPServer;

  function refuse(step: 'mail' | 'rcpt' | 'data', address: string): Error | undefined {
    const answer = behaviour(step, address);
    return answer && Object.assign(new Error(answer.text ?? 'refused'), { responseCode: answer.code });
  }

  async function start(): Promise<void> {
    server = new SMTPServer({
      authOptional: true,
      hideSTARTTLS: true,
      disableReverseLookup: true,
      closeTimeout: 500,
      ...options,
      onMailFrom(address, _session, done) {
        tries += 1;
        done(refuse('mail', address.address));
      },
      onRcptTo: (address, _session, done) => done(refuse('rcpt', address.address)),
      onData(stream, { envelope, secure: isEncrypted }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = envelope.rcptTo.map(({ address }) => address);
          const refusal = refuse('data', to[0] ?? '');
          if (refusal) return done(refusal);
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          void read(Buffer.concat(chunks).toString(), from, to).then((mail) => {
            mails.push({ ...mail, isEncrypted });
            done();
          }, done);
        });
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.server.address() as AddressInfo).port;
  }

  await start();
  return {
    get url() {
      return `smtp://127.0.0.1:${port}`;
    },
    mails,
    get tries() {
      return tries;
    },
    behave(next) {
      behaviour = next;
    },
    async next(to) {
      for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
        const mail = mails.find((one) => one.to.includes(to) && !awaited.has(one));
        if (mail) {
          awaited.add(mail);
          return mail;
        }
        await sleep(20);
      }
      throw new Error(`no mail to ${to}; there are mails to ${mails.map((one) => one.to).join(', ') || 'nobody'}`);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    start,
  };
}

async function read(raw: string, from: string, to: string[]): Promise<Omit<ReceivedMail, 'isEncrypted'>> {
  const { subject = '', text = '', html = '', headers } = await PostalMime.parse(raw);
  const link = /https?:\/\/\S+/.exec(text)?.[0] ?? '';
  return {
    from,
    to,
    raw,
    subject,
    text,
    html,
    headers: new Map(headers.map(({ key, value }) => [key, value])),
    link,
    token: link.split('#token=')[1] ?? '',
  };
}
