import { z } from 'zod';
import { id, page } from '../../contract/common.ts';
import {
  assignment,
  conversation,
  conversationCounts,
  conversationPatch,
  conversationQuery,
  mute,
  noBody,
  readMark,
  snooze,
  unread,
} from '../../contract/conversation.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { cursorOf } from '../http/cursor.ts';
import { getConversation } from './access.ts';
import {
  assignConversation,
  closeConversation,
  patchConversation,
  reopenConversation,
  snoozeConversation,
  unsnoozeConversation,
} from './actions.ts';
import { readCounts, readList } from './list.ts';
import { markRead, markUnread, muteConversation } from './reading.ts';

const tags = ['conversations'];
const params = z.object({ id });
const cursor = cursorOf('conversations', z.object({ at: z.string().max(40), id }));
const read = { access: 'conversation.read' } as const;
const write = { access: 'conversation.write' } as const;

/** The list, one conversation, and every change of one. */
export function registerConversations(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/conversations',
    config: read,
    schema: {
      operationId: 'listConversations',
      summary: 'Conversations, the latest activity first',
      tags,
      querystring: conversationQuery,
      response: { 200: page(conversation) },
    },
    async handler(request) {
      const { limit, cursor: after, ...filter } = request.query;
      const { items, next } = await readList(database, request.principal, filter, limit, cursor.decode(after));
      return { items, nextCursor: next && cursor.encode(next) };
    },
  });

  api.route({
    method: 'GET',
    url: '/conversations/counts',
    config: read,
    schema: {
      operationId: 'countConversations',
      summary: 'How many conversations each view, inbox and member has',
      tags,
      response: { 200: conversationCounts },
    },
    handler: (request) => readCounts(database, request.principal),
  });

  api.route({
    method: 'GET',
    url: '/conversations/:id',
    config: read,
    schema: { operationId: 'getConversation', summary: 'One conversation', tags, params, response: { 200: conversation } },
    handler: (request) =>
      database.withAccount(request.principal.accountId, (tx) => getConversation(tx, request.principal, request.params.id)),
  });

  api.route({
    method: 'PATCH',
    url: '/conversations/:id',
    config: write,
    schema: {
      operationId: 'patchConversation',
      summary: 'Change status, priority or subject',
      tags,
      params,
      body: conversationPatch,
      response: { 200: conversation },
    },
    handler: (request) => patchConversation(context, request.principal, request.params.id, request.body),
  });

  api.route({
    method: 'PUT',
    url: '/conversations/:id/assignment',
    config: write,
    schema: {
      operationId: 'assignConversation',
      summary: 'Give it to a member, a team, or both',
      tags,
      params,
      body: assignment,
      response: { 200: conversation },
    },
    handler: (request) => assignConversation(context, request.principal, request.params.id, request.body),
  });

  api.route({
    method: 'DELETE',
    url: '/conversations/:id/assignment',
    config: write,
    schema: {
      operationId: 'unassignConversation',
      summary: 'Give it to nobody; its team stays',
      tags,
      params,
      response: { 200: conversation },
    },
    handler: (request) => assignConversation(context, request.principal, request.params.id, { assigneeId: null }),
  });

  api.route({
    method: 'PUT',
    url: '/conversations/:id/closure',
    config: write,
    schema: { operationId: 'closeConversation', summary: 'Close it', tags, params, body: noBody, response: { 200: conversation } },
    handler: (request) => closeConversation(context, request.principal, request.params.id),
  });

  api.route({
    method: 'DELETE',
    url: '/conversations/:id/closure',
    config: write,
    schema: {
      operationId: 'reopenConversation',
      summary: 'Open it again; 409 while another thread of this contact is open in the inbox',
      tags,
      params,
      response: { 200: conversation },
    },
    handler: (request) => reopenConversation(context, request.principal, request.params.id),
  });

  api.route({
    method: 'PUT',
    url: '/conversations/:id/snooze',
    config: write,
    schema: {
      operationId: 'snoozeConversation',
      summary: 'Put it aside until a time or the next message of the contact',
      tags,
      params,
      body: snooze,
      response: { 200: conversation },
    },
    handler: (request) => snoozeConversation(context, request.principal, request.params.id, new Date(request.body.until)),
  });

  api.route({
    method: 'DELETE',
    url: '/conversations/:id/snooze',
    config: write,
    schema: { operationId: 'unsnoozeConversation', summary: 'Take it up again', tags, params, response: { 200: conversation } },
    handler: (request) => unsnoozeConversation(context, request.principal, request.params.id),
  });

  registerReading(api, context);
}

/** What is a member's own: read state and quiet. */
function registerReading(api: Api, context: Context): void {
  api.route({
    method: 'PUT',
    url: '/conversations/:id/read',
    config: read,
    schema: {
      operationId: 'markRead',
      summary: 'Everything up to this message is read by this member',
      tags,
      params,
      body: readMark,
      response: { 200: unread },
    },
    handler: async (request) => ({ unreadCount: await markRead(context, request.principal, request.params.id, request.body.messageId) }),
  });

  api.route({
    method: 'DELETE',
    url: '/conversations/:id/read',
    config: read,
    schema: {
      operationId: 'markUnread',
      summary: "The contact's last message is unread again for this member",
      tags,
      params,
      response: { 200: unread },
    },
    handler: async (request) => ({ unreadCount: await markUnread(context, request.principal, request.params.id) }),
  });

  api.route({
    method: 'PUT',
    url: '/conversations/:id/mute',
    config: read,
    schema: {
      operationId: 'muteConversation',
      summary: 'Keep it quiet for this member',
      tags,
      params,
      body: mute.optional(),
      response: { 200: unread },
    },
    handler: async (request) => ({
      unreadCount: await muteConversation(context, request.principal, request.params.id, request.body?.until ?? 'infinity'),
    }),
  });

  api.route({
    method: 'DELETE',
    url: '/conversations/:id/mute',
    config: read,
    schema: { operationId: 'unmuteConversation', summary: 'Let it speak again', tags, params, response: { 200: unread } },
    handler: async (request) => ({ unreadCount: await muteConversation(context, request.principal, request.params.id, null) }),
  });
}
