import { z } from 'zod';
import { id, page, pageQuery } from '../../contract/common.ts';
import { newTeam, team, teamPatch } from '../../contract/teams.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { getTeam } from './access.ts';
import { addTeamMember, createTeam, deleteTeam, describeTeam, listTeams, removeTeamMember, renameTeam } from './actions.ts';

const tags = ['teams'];
const params = z.object({ id });
const memberParams = z.object({ id, memberId: id });
const read = { access: 'team.read' } as const;
const manage = { access: 'team.manage' } as const;

/** Teams and who is in them. */
export function registerTeams(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/teams',
    config: read,
    schema: { operationId: 'listTeams', summary: 'List teams by name', tags, querystring: pageQuery, response: { 200: page(team) } },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listTeams(tx, request.query)),
  });

  api.route({
    method: 'POST',
    url: '/teams',
    config: manage,
    schema: {
      operationId: 'createTeam',
      summary: 'Make a team; 409 where one sounds the same',
      tags,
      body: newTeam.meta({ examples: [{ name: 'Après-vente' }] }),
      response: { 201: team },
    },
    async handler(request, reply) {
      const actor = context.actors.of(request);
      const answer = await idempotent(request, database, async (tx) => ({ status: 201, body: await createTeam(tx, actor, request.body) }));
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'GET',
    url: '/teams/:id',
    config: read,
    schema: { operationId: 'getTeam', summary: 'One team', tags, params, response: { 200: team } },
    handler: (request) =>
      database.withAccount(request.principal.accountId, async (tx) => describeTeam(await getTeam(tx, request.params.id))),
  });

  api.route({
    method: 'PATCH',
    url: '/teams/:id',
    config: manage,
    schema: {
      operationId: 'renameTeam',
      summary: 'Rename a team',
      tags,
      params,
      body: teamPatch.meta({ examples: [{ name: 'Atelier' }] }),
      response: { 200: team },
    },
    async handler(request) {
      const renamed = await database.withAccount(request.principal.accountId, (tx) =>
        renameTeam(tx, context.actors.of(request), request.params.id, request.body.name),
      );
      context.announcer.wake();
      return renamed;
    },
  });

  api.route({
    method: 'DELETE',
    url: '/teams/:id',
    config: manage,
    schema: {
      operationId: 'deleteTeam',
      summary: 'Delete a team; its conversations stay, without a team',
      tags,
      params,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await database.withAccount(request.principal.accountId, (tx) => deleteTeam(tx, context.actors.of(request), request.params.id));
      context.announcer.wake();
      return reply.code(204).send(null);
    },
  });

  registerTeamMembers(api, context);
}

function registerTeamMembers(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'PUT',
    url: '/teams/:id/members/:memberId',
    config: manage,
    schema: {
      operationId: 'addTeamMember',
      summary: 'Put a member into a team',
      tags,
      params: memberParams,
      body: z.strictObject({}).optional(),
      response: { 200: team },
    },
    handler: (request) =>
      database.withAccount(request.principal.accountId, (tx) =>
        addTeamMember(tx, context.actors.of(request), request.params.id, request.params.memberId),
      ),
  });

  api.route({
    method: 'DELETE',
    url: '/teams/:id/members/:memberId',
    config: manage,
    schema: {
      operationId: 'removeTeamMember',
      summary: 'Take a member out of a team',
      tags,
      params: memberParams,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await database.withAccount(request.principal.accountId, (tx) =>
        removeTeamMember(tx, context.actors.of(request), request.params.id, request.params.memberId),
      );
      return reply.code(204).send(null);
    },
  });
}
