import { z } from 'zod';
import { id, page } from '../../contract/common.ts';
import { member, memberPatch, memberQuery, memberRemoval } from '../../contract/members.ts';
import { forgetSessions } from '../auth/membership.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { getMember, granterOf } from './access.ts';
import { listMembers, patchMember, removeMember } from './actions.ts';
import { presentMember } from './present.ts';

const tags = ['members'];
const params = z.object({ id });

/** The people of an account. */
export function registerMembers(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/members',
    config: { access: 'member.read' },
    schema: {
      operationId: 'listMembers',
      summary: 'List members by name',
      tags,
      querystring: memberQuery,
      response: { 200: page(member) },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listMembers(tx, request.query)),
  });

  api.route({
    method: 'GET',
    url: '/members/:id',
    config: { access: 'member.read' },
    schema: {
      operationId: 'getMember',
      summary: 'One member, also one who was removed',
      tags,
      params,
      response: { 200: member },
    },
    handler: (request) =>
      database.withAccount(request.principal.accountId, async (tx) => presentMember(await getMember(tx, request.params.id))),
  });

  api.route({
    method: 'PATCH',
    url: '/members/:id',
    config: { access: 'member.manage' },
    schema: {
      operationId: 'patchMember',
      summary: 'Change the role, suspend or reactivate; 409 last_admin where nobody else could manage the account',
      tags,
      params,
      body: memberPatch.meta({ examples: [{ role: 'agent' }, { status: 'suspended' }] }),
      response: { 200: member },
    },
    async handler(request) {
      const changed = await database.withAccount(request.principal.accountId, (tx) =>
        patchMember(tx, granterOf(context, request), request.params.id, request.body),
      );
      forgetSessions(context, changed.endedSessions);
      context.announcer.wake();
      return changed.member;
    },
  });

  api.route({
    method: 'DELETE',
    url: '/members/:id',
    config: { access: 'member.manage', isWithdrawal: true },
    schema: {
      operationId: 'removeMember',
      summary: 'Take somebody out of the account; what they wrote keeps their name, what they had to do goes to handOverTo or to nobody',
      tags,
      params,
      querystring: memberRemoval,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      const changed = await database.withAccount(request.principal.accountId, (tx) =>
        removeMember(tx, granterOf(context, request), request.params.id, request.query.handOverTo),
      );
      forgetSessions(context, changed.endedSessions);
      context.announcer.wake();
      return reply.code(204).send(null);
    },
  });
}
