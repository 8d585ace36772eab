import { member } from '../../contract/auth.ts';
import { page, pageQuery } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { listMembers } from './actions.ts';

/** The people of an account. */
export function registerMembers(api: Api, { database }: Context): void {
  api.route({
    method: 'GET',
    url: '/members',
    config: { access: 'member.read' },
    schema: {
      operationId: 'listMembers',
      summary: 'List members by name',
      tags: ['members'],
      querystring: pageQuery,
      response: { 200: page(member) },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listMembers(tx, request.query)),
  });
}
