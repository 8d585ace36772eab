import { z } from 'zod';
import { id, pageQuery } from '../../contract/common.ts';
import { customRole, newRole, roleList, rolePatch } from '../../contract/roles.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { granterOf } from '../members/access.ts';
import { getRole } from './access.ts';
import { createRole, deleteRole, describeRole, listRoles, patchRole } from './actions.ts';

const tags = ['roles'];
const params = z.object({ id });
const example = {
  name: 'Reception',
  description: 'Reads and answers',
  permissions: ['inbox.read', 'conversation.read', 'conversation.write'],
};

/** Roles that the account makes of permissions. */
export function registerRoles(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/roles',
    config: { access: 'role.read' },
    schema: {
      operationId: 'listRoles',
      summary: "The account's own roles, the oldest first, and the built-in ones",
      tags,
      querystring: pageQuery,
      response: { 200: roleList },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listRoles(tx, request.query)),
  });

  api.route({
    method: 'POST',
    url: '/roles',
    config: { access: 'role.manage' },
    schema: {
      operationId: 'createRole',
      summary: 'Make a role of permissions that you hold',
      tags,
      body: newRole.meta({ examples: [example] }),
      response: { 201: customRole },
    },
    async handler(request, reply) {
      const granter = granterOf(context, request);
      const answer = await idempotent(request, database, async (tx) => ({
        status: 201,
        body: await createRole(tx, granter, request.body),
      }));
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'GET',
    url: '/roles/:id',
    config: { access: 'role.read' },
    schema: { operationId: 'getRole', summary: 'One role of the account', tags, params, response: { 200: customRole } },
    handler: (request) =>
      database.withAccount(request.principal.accountId, async (tx) => describeRole(await getRole(tx, request.params.id))),
  });

  api.route({
    method: 'PATCH',
    url: '/roles/:id',
    config: { access: 'role.manage' },
    schema: {
      operationId: 'patchRole',
      summary: 'Change a role; acts on everybody who has it within a second',
      tags,
      params,
      body: rolePatch.meta({ examples: [{ permissions: ['inbox.read', 'conversation.read'] }] }),
      response: { 200: customRole },
    },
    handler: (request) =>
      database.withAccount(request.principal.accountId, (tx) =>
        patchRole(tx, granterOf(context, request), request.params.id, request.body),
      ),
  });

  api.route({
    method: 'DELETE',
    url: '/roles/:id',
    config: { access: 'role.manage' },
    schema: {
      operationId: 'deleteRole',
      summary: 'Delete a role; 409 while somebody has it or is invited to it',
      tags,
      params,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await database.withAccount(request.principal.accountId, (tx) => deleteRole(tx, granterOf(context, request), request.params.id));
      return reply.code(204).send(null);
    },
  });
}
