import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { chatMessagesQuery, newChatMessage, newChatSession } from '../../../contract/chat.ts';
import type { Database } from '../../db/pool.ts';
import type {} from '../../http/access.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import { isTooDeep, jsonDepthMax } from '../../http/json-depth.ts';
import { fieldErrorsOf } from '../../http/field-errors.ts';
import { limitedAddress } from '../../limits/address.ts';
import type { Limits } from '../../limits/limits.ts';
import type { Endpoints, InboundInbox } from '../../message/inbound/endpoint.ts';
import { readRaw } from '../../message/inbound/raw-body.ts';
import type { Receiver } from '../../message/inbound/receive.ts';
import { isAllowedOrigin } from '../../public/origins.ts';
import { webchatAdapter } from './adapter.ts';
import type { VisitorTokens } from './token.ts';
import { listMessages, type Visitor, writeMessage } from './visitor.ts';

export interface ChatOptions {
  endpoints: Endpoints;
  receiver: Receiver;
  database: Database;
  limits: Limits;
  tokens: VisitorTokens;
  publicUrl: string;
}

const firstPage = 50;

interface ChatRequest {
  Params: { inboxKey: string };
  Querystring: Record<string, unknown>;
}

/** The visitor's API: no account's credential, a token that opens one conversation. */
export function registerChat(app: FastifyInstance, options: ChatOptions): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    const route = { config: { access: 'public' as const }, schema: { hide: true } };

    scope.route<ChatRequest>({
      ...route,
      method: 'POST',
      url: '/chat/:inboxKey/sessions',
      async handler(request, reply) {
        const inbox = await openInbox(options, request, reply);
        await limit(options, inbox, request);
        const { token } = await readBody(newChatSession, request);
        const known = token === undefined ? null : options.tokens.read(inbox.id, token);
        const session = known !== null && token !== undefined ? { visitorId: known, token } : options.tokens.issue(inbox.id);
        const page = await listMessages(options.database, { inbox, visitorId: session.visitorId }, firstPage, undefined);
        return reply
          .code(known === null ? 201 : 200)
          .send({ ...session, inbox: presentInbox(inbox), messages: page.items, nextCursor: page.nextCursor });
      },
    });

    scope.route<ChatRequest>({
      ...route,
      method: 'GET',
      url: '/chat/:inboxKey/messages',
      async handler(request, reply) {
        const visitor = await authenticate(options, request, reply);
        const { limit: rows, cursor } = check(chatMessagesQuery, request.query);
        return reply.send(await listMessages(options.database, visitor, rows, cursor));
      },
    });

    scope.route<ChatRequest>({
      ...route,
      method: 'POST',
      url: '/chat/:inboxKey/messages',
      async handler(request, reply) {
        const visitor = await authenticate(options, request, reply);
        await limit(options, visitor.inbox, request);
        const body = await readBody(newChatMessage, request);
        const written = await writeMessage(options.database, options.receiver, visitor, body, request.id);
        return reply.code(written.isNew ? 201 : 200).send(written.message);
      },
    });

    for (const url of ['/chat/:inboxKey/sessions', '/chat/:inboxKey/messages']) {
      scope.route<ChatRequest>({
        ...route,
        method: 'OPTIONS',
        url,
        async handler(request, reply) {
          await openInbox(options, request, reply);
          reply
            .header('access-control-allow-methods', 'GET, POST')
            .header('access-control-allow-headers', 'authorization, content-type')
            .header('access-control-max-age', '600');
          return reply.code(204).send();
        },
      });
    }
  });
}

/** The chat inbox of the key, for pages that may use it. */
async function openInbox(options: ChatOptions, request: FastifyRequest<ChatRequest>, reply: FastifyReply): Promise<InboundInbox> {
  const [inbox] = await options.endpoints.byKey(request.params.inboxKey);
  if (inbox?.channel !== 'webchat') throw notFound('chat');
  reply.header('vary', 'Origin').header('cache-control', 'no-store');
  if (!isAllowedOrigin(request.headers, inbox.settings.allowedOrigins, options.publicUrl, 'any'))
    throw new ApiError('forbidden', 'This page may not use this chat.');
  if (request.headers.origin !== undefined)
    reply.header('access-control-allow-origin', request.headers.origin).header('access-control-expose-headers', 'retry-after');
  return inbox;
}

async function authenticate(options: ChatOptions, request: FastifyRequest<ChatRequest>, reply: FastifyReply): Promise<Visitor> {
  const inbox = await openInbox(options, request, reply);
  const token = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
  const visitorId = token === undefined ? null : options.tokens.read(inbox.id, token);
  if (visitorId === null) throw new ApiError('unauthenticated', "A visitor's token is needed; POST …/sessions gives one.");
  return { inbox, visitorId };
}

function limit({ limits }: ChatOptions, inbox: InboundInbox, request: FastifyRequest): Promise<void> {
  return limits.take('chat', `${inbox.id} ${limitedAddress(request.ip)}`, { own: inbox.limits.perHour });
}

/** What the page may show of the inbox before anybody wrote. */
function presentInbox(inbox: InboundInbox): { name: string; title: string | null; greeting: string | null } {
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return { name: inbox.name, title: text(inbox.settings.title), greeting: text(inbox.settings.greeting) };
}

async function readBody<Schema extends z.ZodType>(schema: Schema, request: FastifyRequest): Promise<z.infer<Schema>> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const raw = await readRaw(request.raw, webchatAdapter.bodyBytesMax);
  if (raw.length === 0) return check(schema, {});
  if (type !== 'application/json') throw new ApiError('unsupported_media_type', 'The body is sent as application/json.');
  const text = raw.toString('utf8');
  if (isTooDeep(text)) throw new ApiError('malformed_json', `The body is nested deeper than ${jsonDepthMax} levels.`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new ApiError('malformed_json', 'The body is not JSON.');
  }
  return check(schema, body);
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = fieldErrorsOf(result.error);
  throw new ApiError('validation_error', `Wrong: ${errors.map(({ path }) => path || 'body').join(', ')}.`, { errors });
}
