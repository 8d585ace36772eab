import { z } from 'zod';
import { id, page, pageQuery } from '../../contract/common.ts';
import { inbox, inboxPatch, newInbox } from '../../contract/inbox.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { changeInbox, createInbox, deleteInbox, listInboxes, readInbox } from './actions.ts';

const tags = ['inboxes'];
const params = z.object({ id });

const whatsappExample = {
  channel: 'whatsapp',
  name: 'Main number',
  settings: { phoneNumberId: '106540352242922', accessToken: 'EAAG...', appSecret: '9f2c…', verifyToken: 'chosen by you' },
};

/** The endpoints of channels on which customers write. */
export function registerInboxes(api: Api, context: Context): void {
  const { database } = context;
  const options = { sealer: context.sealer, publicUrl: context.config.publicUrl };

  api.route({
    method: 'GET',
    url: '/inboxes',
    config: { access: 'inbox.read' },
    schema: {
      operationId: 'listInboxes',
      summary: 'List inboxes, the oldest first',
      tags,
      querystring: pageQuery,
      response: { 200: page(inbox) },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listInboxes(tx, options, request.query)),
  });

  api.route({
    method: 'POST',
    url: '/inboxes',
    config: { access: 'inbox.manage' },
    schema: {
      operationId: 'createInbox',
      summary: 'Create an inbox; its secrets cannot be read back',
      tags,
      body: newInbox.meta({ examples: [{ channel: 'form', name: 'Contact form', settings: {} }, whatsappExample] }),
      response: { 201: inbox },
    },
    async handler(request, reply) {
      const answer = await idempotent(request, database, async (tx) => ({
        status: 201,
        body: await createInbox(tx, options, context.actors.of(request), request.body),
      }));
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'GET',
    url: '/inboxes/:id',
    config: { access: 'inbox.read' },
    schema: { operationId: 'getInbox', summary: 'Read an inbox', tags, params, response: { 200: inbox } },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => readInbox(tx, options, request.params.id)),
  });

  api.route({
    method: 'PATCH',
    url: '/inboxes/:id',
    config: { access: 'inbox.manage' },
    schema: {
      operationId: 'changeInbox',
      summary: 'Change an inbox; settings left out stay as they are, null takes one away',
      tags,
      params,
      body: inboxPatch,
      response: { 200: inbox },
    },
    handler: (request) =>
      database.withAccount(request.principal.accountId, (tx) =>
        changeInbox(tx, options, context.actors.of(request), request.params.id, request.body),
      ),
  });

  api.route({
    method: 'DELETE',
    url: '/inboxes/:id',
    config: { access: 'inbox.manage' },
    schema: { operationId: 'deleteInbox', summary: 'Delete an inbox that has no history', tags, params, response: { 204: nothing } },
    async handler(request, reply) {
      await database.withAccount(request.principal.accountId, (tx) => deleteInbox(tx, context.actors.of(request), request.params.id));
      return reply.code(204).send(null);
    },
  });
}
