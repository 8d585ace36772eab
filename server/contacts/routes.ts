import { z } from 'zod';
import { id, page } from '../../contract/common.ts';
import { contact, contactPatch, contactQuery } from '../../contract/conversation.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { cursorOf } from '../http/cursor.ts';
import { getContact } from './access.ts';
import { patchContact, readContacts } from './actions.ts';

const tags = ['contacts'];
const params = z.object({ id });
const cursor = cursorOf('contacts', id);

/** The people who write to the account. */
export function registerContacts(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/contacts',
    config: { access: 'contact.read' },
    schema: {
      operationId: 'listContacts',
      summary: 'Contacts, the newest first',
      tags,
      querystring: contactQuery,
      response: { 200: page(contact) },
    },
    async handler(request) {
      const { items, next } = await readContacts(
        database,
        request.principal.accountId,
        request.query,
        cursor.decode(request.query.cursor) ?? null,
      );
      return { items, nextCursor: next && cursor.encode(next) };
    },
  });

  api.route({
    method: 'GET',
    url: '/contacts/:id',
    config: { access: 'contact.read' },
    schema: { operationId: 'getContact', summary: 'One contact with its addresses', tags, params, response: { 200: contact } },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => getContact(tx, request.params.id)),
  });

  api.route({
    method: 'PATCH',
    url: '/contacts/:id',
    config: { access: 'contact.write' },
    schema: {
      operationId: 'patchContact',
      summary: 'Change name or company',
      tags,
      params,
      body: contactPatch,
      response: { 200: contact },
    },
    handler: (request) => patchContact(context, request.principal.accountId, request.params.id, request.body),
  });
}
