import { confirmation, confirmed, security } from '../../contract/security.ts';
import type { Context } from '../context.ts';
import { requireMember } from '../http/access.ts';
import type { Api } from '../http/api.ts';
import { confirmWho, describeSecurity } from './confirm.ts';
import { partyOf } from './passkeys/party.ts';

const config = { access: 'session' } as const;

/** What protects the signed-in person's way in, and proving again who they are. */
export function registerSecurity(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/me/security',
    config,
    schema: {
      operationId: 'getSecurity',
      summary: 'How this person signs in: password, authenticator app, passkeys, identities',
      tags: ['security'],
      response: { 200: security },
    },
    handler: (request) => describeSecurity(context, requireMember(request)),
  });

  api.route({
    method: 'POST',
    url: '/auth/confirmation',
    config,
    schema: {
      operationId: 'confirm',
      summary: 'Prove again who is there, for 15 minutes of sensitive changes',
      description:
        'With exactly one of the password, a code and a passkey. Signing in anew does the same. 401 `invalid_credentials`: it is wrong. 429: five wrong ones in 15 minutes.',
      tags: ['auth'],
      body: confirmation,
      response: { 200: confirmed },
    },
    async handler(request) {
      const from = { ip: request.ip, party: partyOf(context.config, request.headers.host) };
      return { confirmedUntil: await confirmWho(context, requireMember(request), request.body, from) };
    },
  });
}
