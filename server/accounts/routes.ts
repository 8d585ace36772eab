import { account, accountChange } from '../../contract/account.ts';
import type { Context } from '../context.ts';
import type { Api } from '../http/api.ts';
import { getAccount } from './access.ts';
import { changeAccount } from './change.ts';
import { describeAccount } from './present.ts';

const tags = ['account'];

/** The account of whoever asks. */
export function registerAccount(api: Api, context: Context): void {
  const { database } = context;

  api.route({
    method: 'GET',
    url: '/account',
    config: { access: 'account.read' },
    schema: {
      operationId: 'getAccount',
      summary: 'This account: its state, tier and modules',
      tags,
      response: { 200: account },
    },
    handler: (request) => database.withAccount(request.principal.accountId, async (tx) => describeAccount(await getAccount(tx))),
  });

  api.route({
    method: 'PATCH',
    url: '/account',
    config: { access: 'account.manage' },
    schema: {
      operationId: 'changeAccount',
      summary: "Change this account's name, language or time zone; what is left out stays",
      description: "State, tier, modules and the end of a trial are the installation's: PATCH /installation/accounts/{id}.",
      tags,
      body: accountChange.meta({ examples: [{ name: 'Café Marthe', timeZone: 'Europe/Paris' }] }),
      response: { 200: account },
    },
    handler: (request) =>
      database.withAccount(request.principal.accountId, async (tx) =>
        describeAccount(await changeAccount(tx, context.actors.of(request), request.body)),
      ),
  });
}
