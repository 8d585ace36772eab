import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { newId } from '../../db/id.ts';
import type {} from '../../http/access.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import { limitedAddress } from '../../limits/address.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Endpoints, InboundInbox } from '../../message/inbound/endpoint.ts';
import { readRaw } from '../../message/inbound/raw-body.ts';
import type { Receiver } from '../../message/inbound/receive.ts';
import { languageOf } from '../../public/language.ts';
import { isAllowedOrigin, originsOf } from '../../public/origins.ts';
import { publicStyleHash } from '../../public/style.ts';
import { formBytesMax } from './adapter.ts';
import { definitionOf, type FormDefinition, findErrors } from './definition.ts';
import { type FormPage, formPage, resultPage } from './page.ts';
import { honeypotOf, itemOf, readSubmission, redirectName, type Submission, valueOf } from './submission.ts';
import { formWords } from './words.ts';

export interface FormOptions {
  endpoints: Endpoints;
  receiver: Receiver;
  limits: Limits;
  publicUrl: string;
}

interface FormRequest {
  Params: { formKey: string };
  Querystring: Record<string, unknown>;
}
type Page = Pick<FormPage, 'language' | 'words' | 'brand'>;
interface Form extends Page {
  inbox: InboundInbox;
  definition: FormDefinition;
}

/** The public form: a page that works without script, and the same address for programs. */
export function registerForms(app: FastifyInstance, options: FormOptions): void {
  void app.register(async (scope) => {
    // The body stays an unread stream, so that its cap is counted here, in bytes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const route = { url: '/forms/:formKey', config: { access: 'public' as const }, schema: { hide: true } };

    scope.route<FormRequest>({
      ...route,
      method: 'GET',
      async handler(request, reply) {
        const form = await findForm(options, request).catch((error: unknown) => error);
        if (form instanceof ApiError && form.code === 'not_found' && isBrowser(request)) return sendPage(reply, 404, missingPage(request));
        if (form instanceof Error) throw form;
        return sendPage(reply, 200, formPage(form as Form), (form as Form).definition);
      },
    });

    scope.route<FormRequest>({
      ...route,
      method: 'OPTIONS',
      async handler(request, reply) {
        const form = await findForm(options, request);
        allowOrigin(options, form, request, reply);
        return reply
          .code(204)
          .header('access-control-allow-methods', 'POST')
          .header('access-control-allow-headers', 'content-type')
          .header('access-control-max-age', '600')
          .send();
      },
    });

    scope.route<FormRequest>({
      ...route,
      method: 'POST',
      async handler(request, reply) {
        const form = await findForm(options, request);
        allowOrigin(options, form, request, reply);
        if (isBrowser(request)) return answerBrowser(options, form, request, reply);
        const { id, status } = await receiveForm(options, form, request);
        return reply.code(200).send({ id, status });
      },
    });
  });
}

class FieldsError extends ApiError {
  readonly submission: Submission;
  constructor(submission: Submission, errors: ApiError['errors']) {
    super('validation_error', `Wrong: ${errors.map(({ path }) => path).join(', ')}.`, { errors });
    this.submission = submission;
  }
}

interface FormAnswer {
  id: string;
  status: 'received';
  redirect?: string;
}

/** From bytes to the committed message. The limit counts attempts, so that guessing costs as much as sending. */
async function receiveForm(options: FormOptions, form: Form, request: FastifyRequest): Promise<FormAnswer> {
  const receivedAt = new Date();
  const { inbox, definition } = form;
  await options.limits.take('form', `${inbox.id} ${limitedAddress(request.ip)}`, { own: inbox.limits.perHour });
  const contentType = request.headers['content-type'] ?? '';
  const raw = await readRaw(request.raw, formBytesMax);
  const submission = readSubmission(raw, contentType);
  // A robot learns nothing: it reads what a person would.
  if (valueOf(submission, honeypotOf(definition.fields)) !== '') return { id: newId(), status: 'received' };
  const errors = findErrors(definition, submission, form.words);
  const item = itemOf(submission, raw, contentType);
  if (errors.length > 0 || !item) throw new FieldsError(submission, errors);
  const [received] = await options.receiver.receive([inbox], [item], { requestId: request.id, receivedAt, verifiedAt: new Date() });
  if (!received || !('messageId' in received))
    throw new ApiError('validation_error', 'The submission is kept but could not become a message.');
  const redirect = definition.redirectUrls.find((url) => url === valueOf(submission, redirectName));
  return { id: received.messageId, status: 'received', ...(redirect ? { redirect } : {}) };
}

async function answerBrowser(options: FormOptions, form: Form, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { words } = form;
  try {
    const answer = await receiveForm(options, form, request);
    if (answer.redirect) return reply.code(303).header('location', new URL(answer.redirect).href).send();
    return sendPage(reply, 200, resultPage(form, { title: words.thanksTitle, text: words.thanks, isGood: true, again: true }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    reply.headers(error.headers);
    const result = (title: string, text: string) => resultPage(form, { title, text, isGood: false, again: false });
    if (error instanceof FieldsError)
      return sendPage(reply, 400, formPage({ ...form, sent: { submission: error.submission, errors: error.errors } }), form.definition);
    if (error.code === 'rate_limit_exceeded') return sendPage(reply, 429, result(words.limitTitle, words.limit));
    if (error.code === 'payload_too_large') return sendPage(reply, 413, result(words.failedTitle, words.tooLarge));
    if (error.code === 'validation_error') return sendPage(reply, 400, result(words.failedTitle, words.unreadable));
    throw error;
  }
}

async function findForm(options: FormOptions, request: FastifyRequest<FormRequest>): Promise<Form> {
  const [inbox] = await options.endpoints.byKey(request.params.formKey);
  if (inbox?.channel !== 'form') throw notFound('form');
  const language = languageOf(request.headers['accept-language'], request.query.lang);
  const words = formWords[language];
  return { inbox, language, words, brand: inbox.name, definition: definitionOf(inbox.settings, words) };
}

/** Only pages of the listed origins may read the answer; with a list, others may not send either. */
function allowOrigin(options: FormOptions, form: Form, request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  reply.header('vary', 'Origin');
  if (origin === undefined) return;
  const { allowedOrigins } = form.definition;
  if (isAllowedOrigin(request.headers, allowedOrigins, options.publicUrl, 'own')) reply.header('access-control-allow-origin', origin);
  else if (allowedOrigins.length > 0) throw new ApiError('forbidden', 'This page may not send to this form.');
}

function isBrowser(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}

function missingPage(request: FastifyRequest<FormRequest>): string {
  const language = languageOf(request.headers['accept-language'], request.query.lang);
  const words = formWords[language];
  return resultPage({ language, words, brand: '' }, { title: words.missingTitle, text: words.missingPage, isGood: false, again: false });
}

function sendPage(reply: FastifyReply, status: number, page: string, definition?: FormDefinition): FastifyReply {
  const frames = ["'self'", ...originsOf(definition?.allowedOrigins)].join(' ');
  // Chrome applies form-action to where the answer redirects, too.
  const targets = ["'self'", ...originsOf(definition?.redirectUrls)].join(' ');
  return (
    reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        `default-src 'none'; style-src ${publicStyleHash}; form-action ${targets}; base-uri 'none'; frame-ancestors ${frames}`,
      )
      .header('referrer-policy', 'same-origin')
      // Pages of other sites show it in a frame; which ones, the policy above says.
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('vary', 'Accept-Language, Accept')
      .send(page)
  );
}
