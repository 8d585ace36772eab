import { z } from 'zod';
import type { Context } from '../context.ts';
import { defineJob, type JobHandler } from '../jobs/job.ts';
import { composeMail } from './compose.ts';
import type { MailKind } from './enqueue.ts';
import { deleteOldMails, endMail, findMailState, type MailState } from './queries.ts';
import { createMailSender } from './sender.ts';
import { subjects } from './subjects.ts';

type Parts = Pick<Context, 'config' | 'database' | 'oneTimeTokens' | 'metrics' | 'log'>;

const kinds = Object.keys(subjects) as [MailKind, ...MailKind[]];
const payload = z.object({ mailId: z.uuid(), kind: z.enum(kinds), subjectId: z.uuid() });
type Payload = z.infer<typeof payload>;

/** Mails of the system. What may go better later is tried again; a refusal for good is noted and not repeated. */
export function mailJobs(context: Parts): JobHandler[] {
  const sender = createMailSender(context.config);

  async function send({ mailId, kind, subjectId }: Payload, accountId: string): Promise<void> {
    // The mail was sent, and only the end of the job was lost.
    if ((await findMailState(context.database, mailId)) !== 'queued') return;
    const ready = sender && (await subjects[kind](context, subjectId, accountId));
    if (!ready) return end(context, { mailId, kind }, 'unneeded', null);
    const mail = composeMail(kind, ready.language, ready.facts);
    const handed = await sender.send({ ...mail, id: mailId, to: ready.to });
    if (handed.kind === 'refused') return end(context, { mailId, kind }, 'refused', handed.reply);
    await end(context, { mailId, kind }, 'sent', null);
    await ready.noteSent?.();
  }

  return [
    defineJob({
      kind: 'mail',
      payload,
      timeoutMs: 60_000,
      run: (job) => send(job.payload, job.accountId),
      gaveUp: (job) => end(context, job.payload, 'failed', null),
    }),
  ];
}

/** Forgets old links and what became of old mails. */
export const sweepMails = ({ database }: Pick<Context, 'database'>) => deleteOldMails(database);

async function end(
  context: Parts,
  { mailId, kind }: Pick<Payload, 'mailId' | 'kind'>,
  state: MailState,
  reply: string | null,
): Promise<void> {
  await endMail(context.database, mailId, state, reply);
  if (state === 'unneeded') return;
  context.metrics.outbound('system_mail', state);
  if (state !== 'sent') context.log.warn({ kind, outcome: state, code: reply }, 'a mail of the system was not sent');
}
