import { z } from 'zod';
import {
  createdInstalledAccount,
  installedAccount,
  installedAccountChange,
  installedAccountQuery,
  newInstalledAccount,
} from '../../contract/account.ts';
import { id, page } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { changeInstalledAccount, getInstalledAccount, listInstalledAccounts } from './actions.ts';
import { createInstalledAccount, prepareInstalledAccount } from './create.ts';

const tags = ['installation'];
const config = { access: 'installation.manage' } as const;
const params = z.object({ id });

/** What the superadmin sees and does: all accounts, and nothing of what is in them. */
export function registerSuperadmin(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/installation/accounts',
    config,
    schema: {
      operationId: 'listInstalledAccounts',
      summary: 'The accounts of this installation, the newest first',
      tags,
      querystring: installedAccountQuery,
      response: { 200: page(installedAccount) },
    },
    handler: (request) => listInstalledAccounts(database, request.query),
  });

  api.route({
    method: 'POST',
    url: '/installation/accounts',
    config,
    schema: {
      operationId: 'createInstalledAccount',
      summary: 'Open an account; its first admin is invited, or gets a password',
      description: '409 `conflict` where somebody signs in here with this address and another password: invite them.',
      tags,
      body: newInstalledAccount.meta({ examples: [{ name: 'Étude Renard', email: 'claire@etude-renard.example' }] }),
      response: { 201: createdInstalledAccount },
    },
    async handler(request, reply) {
      const prepared = await prepareInstalledAccount(context, request.body, request.ip);
      const actor = context.actors.of(request);
      const answer = await idempotent(
        request,
        database,
        async (tx) => ({ status: 201, body: await createInstalledAccount(tx, context, actor, prepared) }),
        { isSecret: true },
      );
      context.jobs.wake('mail');
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'GET',
    url: '/installation/accounts/:id',
    config,
    schema: {
      operationId: 'getInstalledAccount',
      summary: 'One account of this installation',
      tags,
      params,
      response: { 200: installedAccount },
    },
    handler: (request) => getInstalledAccount(database, request.params.id),
  });

  api.route({
    method: 'PATCH',
    url: '/installation/accounts/:id',
    config,
    schema: {
      operationId: 'changeInstalledAccount',
      summary: "Change an account's name, state, tier, modules or the end of its trial; what is left out stays",
      description: 'Acts on open sessions and sockets within a second. Written into the audit log of that account.',
      tags,
      params,
      body: installedAccountChange.meta({ examples: [{ status: 'suspended' }] }),
      response: { 200: installedAccount },
    },
    handler: (request) => changeInstalledAccount(database, context.actors.of(request), request.params.id, request.body),
  });
}
