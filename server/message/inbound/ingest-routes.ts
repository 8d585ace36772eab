import { ingestAnswer, ingestBody, ingestPerHour } from '../../../contract/ingest.ts';
import type { Context } from '../../context.ts';
import type { Api } from '../../http/api.ts';
import { answeredOnce } from '../../http/idempotency.ts';
import { receiveIngest } from './ingest.ts';
import type { InboundInbox } from './endpoint.ts';
import { ingestBodyBytesMax } from './ingest-body.ts';
import { ApiError } from '../../http/errors.ts';
import { readRaw } from './raw-body.ts';

const examples = [
  { channel: 'email', messageId: '<1@example.fr>', from: 'Ana <ana@example.fr>', to: 'desk@example.fr', subject: 'Devis', text: 'Bonjour' },
  { channel: 'whatsapp', id: 'wamid.1', from: '33612345678', name: 'Ana', text: 'Bonjour' },
  { channel: 'sms', MessageSid: 'SM1', From: '+33612345678', To: '+33100000000', Body: 'Bonjour' },
  { channel: 'form', email: 'ana@example.fr', name: 'Ana', message: 'Bonjour' },
];

/** The ingest API: what any program hands over for one of the account's inboxes. */
export function registerIngest(api: Api, { line, database, limits }: Context): void {
  const options = {
    endpoints: line.endpoints,
    receiver: line.receiver,
    takeSlot: (inbox: InboundInbox, source: string) =>
      limits.take('ingest', `${inbox.id} ${source}`, { own: inbox.limits.perHour ?? perHourOf(inbox.channel) }),
  };

  void api.register(async (scope) => {
    // The body stays an unread stream: the line counts its bytes and keeps them as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', (_request, _payload, done) => done(null));
    scope.route({
      method: 'POST',
      url: '/ingest',
      config: { access: 'ingest.write' },
      schema: {
        operationId: 'ingest',
        summary: 'Hand over one message of a customer',
        description:
          'Answered after the commit. `channel` in either letter case. Without `inboxId` the only inbox of the channel is taken, else 400 `inbox_required`. ' +
          'A message that is here already is 409 `duplicate_message` with the checksum of the first answer. ' +
          'Bytes at most: e-mail 10 MB, WhatsApp 100 KB, SMS 50 KB, form 5 MB. Calls per hour, inbox and key: 100, 500, 300, 50 unless the inbox says otherwise.',
        tags: ['ingest'],
        body: ingestBody.meta({ examples }),
        response: { 200: ingestAnswer },
      },
      // The reader of the body checks it, by the same schemas.
      validatorCompiler: () => () => true,
      async handler(request, reply) {
        if (request.headers['content-type'] === undefined)
          throw new ApiError('unsupported_media_type', 'The body must be application/json.');
        const raw = await readRaw(request.raw, ingestBodyBytesMax);
        const { accountId, id } = request.principal;
        const receive = async () => ({ status: 200 as const, body: await receiveIngest(options, accountId, id, raw, request.id) });
        return reply.send((await answeredOnce(request, database, receive, raw)).body);
      },
    });
  });
}

function perHourOf(channel: string): number {
  return Object.hasOwn(ingestPerHour, channel) ? ingestPerHour[channel as keyof typeof ingestPerHour] : ingestPerHour.form;
}
