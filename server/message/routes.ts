import { z } from 'zod';
import { id, page, pageQuery } from '../../contract/common.ts';
import { changesQuery, conversationChanges, message, newMessage, noBody } from '../../contract/conversation.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { cursorOf } from '../http/cursor.ts';
import { idempotent } from '../http/idempotency.ts';
import { createReply, resendMessage } from './outbound/reply.ts';
import { readChanges, readThread } from './thread.ts';

const tags = ['messages'];
const params = z.object({ id });
const read = { access: 'conversation.read' } as const;
const write = { access: 'conversation.write' } as const;

/** The messages of a conversation: reading them, catching up, answering. */
export function registerMessages(api: Api, context: Context): void {
  const { database } = context;
  const fileUrl = context.fileLinks.urlOf;
  // A cursor belongs to one thread: that of another conversation is refused.
  const cursorIn = (conversationId: string) => cursorOf(`messages of ${conversationId}`, z.number().int().positive());

  api.route({
    method: 'GET',
    url: '/conversations/:id/messages',
    config: read,
    schema: {
      operationId: 'listMessages',
      summary: 'Messages, the newest first; nextCursor leads to older ones',
      tags,
      params,
      querystring: pageQuery,
      response: { 200: page(message) },
    },
    async handler(request) {
      const cursor = cursorIn(request.params.id);
      const before = cursor.decode(request.query.cursor) ?? null;
      const { items, next } = await readThread(database, request.principal, request.params.id, request.query.limit, before, fileUrl);
      return { items, nextCursor: next === null ? null : cursor.encode(next) };
    },
  });

  api.route({
    method: 'GET',
    url: '/conversations/:id/changes',
    config: read,
    schema: {
      operationId: 'listChanges',
      summary: 'Everything that changed after a seq',
      tags,
      params,
      querystring: changesQuery,
      response: { 200: conversationChanges },
    },
    handler: (request) => readChanges(database, request.principal, request.params.id, request.query.since, fileUrl),
  });

  api.route({
    method: 'POST',
    url: '/conversations/:id/messages',
    config: write,
    schema: {
      operationId: 'createMessage',
      summary: 'Answer the contact, or leave a private note',
      tags,
      params,
      body: newMessage,
      response: { 201: message },
    },
    async handler(request, reply) {
      const { principal, body } = request;
      const answer = await idempotent(request, database, async (tx) => ({
        status: 201 as const,
        body: await createReply(tx, principal, request.params.id, body, fileUrl),
      }));
      wake(context);
      return reply.code(answer.status).send(answer.body);
    },
  });

  api.route({
    method: 'POST',
    url: '/messages/:id/resend',
    config: write,
    schema: {
      operationId: 'resendMessage',
      summary: 'Send a message again that failed or whose fate is unknown',
      tags,
      params,
      body: noBody,
      response: { 200: message },
    },
    async handler(request, reply) {
      const answer = await idempotent(request, database, async (tx) => ({
        status: 200 as const,
        body: await resendMessage(tx, request.principal, request.params.id, fileUrl),
      }));
      wake(context);
      return reply.code(answer.status).send(answer.body);
    },
  });
}

function wake(context: Context): void {
  context.announcer.wake();
  context.jobs.wake('outbound');
}
