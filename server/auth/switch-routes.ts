import { accountSwitch, ownAccounts } from '../../contract/account.ts';
import { signedIn } from '../../contract/auth.ts';
import type { Context } from '../context.ts';
import { requireMember } from '../http/access.ts';
import type { Api } from '../http/api.ts';
import { listOwnAccounts, switchAccount } from './switch.ts';

const config = { access: 'session' } as const;
const tags = ['me'];

/** For people who work in several accounts. */
export function registerAccountSwitch(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/me/accounts',
    config,
    schema: { operationId: 'listOwnAccounts', summary: 'The accounts in which this person works', tags, response: { 200: ownAccounts } },
    handler: (request) => listOwnAccounts(context, requireMember(request)),
  });

  api.route({
    method: 'POST',
    url: '/auth/switch',
    config,
    schema: {
      operationId: 'switchAccount',
      summary: 'Go on in another account of this person',
      description:
        'The session moves: access tokens given before stop working and its sockets close; the refresh token stays the same and leads to the account from now on. An account in which the person does not work is answered 404, like one that does not exist.',
      tags: ['auth'],
      body: accountSwitch,
      response: { 200: signedIn },
    },
    handler: (request) => switchAccount(context, requireMember(request), context.actors.of(request), request.body.accountId),
  });
}
