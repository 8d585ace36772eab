import { z } from 'zod';
import { signedIn } from '../../../contract/auth.ts';
import { id } from '../../../contract/common.ts';
import {
  newPasskey,
  noBody,
  passkey,
  passkeyChange,
  passkeySignIn,
  registrationChallenge,
  signInChallenge,
} from '../../../contract/passkeys.ts';
import type { Context } from '../../context.ts';
import { requireMember } from '../../http/access.ts';
import { type Api, nothing } from '../../http/api.ts';
import { answeredOnce } from '../../http/idempotency.ts';
import { requireOwnOrigin } from '../../http/origin.ts';
import { requireRecentProof } from '../confirmation.ts';
import { deliver } from '../routes.ts';
import { addPasskey, challengeRegistration, removePasskey, renamePasskey } from './actions.ts';
import { partyOf } from './party.ts';
import { challengeSignIn, signInByPasskey } from './sign-in.ts';

const params = z.object({ id });
const proof = '403 `confirmation_required`: longer than 15 minutes after a sign-in or `POST /auth/confirmation`.';

/** The signed-in person's passkeys, and signing in with one. */
export function registerPasskeys(api: Api, context: Context): void {
  const party = (request: { headers: { host?: string | undefined } }) => partyOf(context.config, request.headers.host);

  registerOwnPasskeys(api, context);

  api.route({
    method: 'POST',
    url: '/auth/passkey/options',
    config: { access: 'public' },
    schema: {
      operationId: 'challengePasskey',
      summary: 'Begin to sign in with a passkey',
      description: 'The same for everybody: nobody has to say who they are. 429: one client begins very many.',
      tags: ['auth'],
      body: noBody,
      response: { 200: signInChallenge },
    },
    handler: (request) => challengeSignIn(context, party(request), request.ip),
  });

  api.route({
    method: 'POST',
    url: '/auth/passkey',
    config: { access: 'public' },
    schema: {
      operationId: 'signInByPasskey',
      summary: 'Sign in with what the browser answered to the options',
      description:
        'A passkey counts as both factors. 401 `invalid_credentials` for whatever does not fit: an unknown passkey, a challenge that was used or is older than five minutes, another site.',
      tags: ['auth'],
      body: passkeySignIn,
      response: { 200: signedIn },
    },
    async handler(request, reply) {
      requireOwnOrigin(request, context.config.publicUrl);
      const { challengeId, response, tokenDelivery } = request.body;
      const device = request.headers['user-agent'] ?? '';
      const actorOf = (userId: string) => context.actors.person(userId, request);
      const opened = await signInByPasskey(context, party(request), { challengeId, response, ip: request.ip, device, actorOf });
      return deliver(context, reply, opened, tokenDelivery);
    },
  });
}

function registerOwnPasskeys(api: Api, context: Context): void {
  const { database, actors } = context;
  const config = { access: 'session' } as const;
  const tags = ['security'];

  api.route({
    method: 'POST',
    url: '/me/passkeys/options',
    config,
    schema: {
      operationId: 'challengeNewPasskey',
      summary: 'Begin to add a passkey',
      description: `409: the person has 20 passkeys. ${proof}`,
      tags,
      body: noBody,
      response: { 200: registrationChallenge },
    },
    async handler(request) {
      const member = requireMember(request);
      requireRecentProof(member);
      return challengeRegistration(context, member, partyOf(context.config, request.headers.host));
    },
  });

  api.route({
    method: 'POST',
    url: '/me/passkeys',
    config,
    schema: {
      operationId: 'addPasskey',
      summary: 'Add the passkey that the browser made',
      description: `The person is told by mail. 400: it does not fit the options, or these are used or older than five minutes. 409: it is in use already, or the person has 20. ${proof}`,
      tags,
      body: newPasskey,
      response: { 201: passkey },
    },
    async handler(request, reply) {
      const member = requireMember(request);
      requireRecentProof(member);
      const party = partyOf(context.config, request.headers.host);
      const add = async () => ({ status: 201 as const, body: await addPasskey(context, member, actors.of(request), party, request.body) });
      return reply.code(201).send((await answeredOnce(request, database, add)).body);
    },
  });

  api.route({
    method: 'PATCH',
    url: '/me/passkeys/:id',
    config,
    schema: {
      operationId: 'renamePasskey',
      summary: 'Give a passkey another name',
      tags,
      params,
      body: passkeyChange,
      response: { 200: passkey },
    },
    handler(request) {
      const { accountId, userId } = requireMember(request);
      return database.withAccount(accountId, (tx) => renamePasskey(tx, userId, request.params.id, request.body.name, actors.of(request)));
    },
  });

  api.route({
    method: 'DELETE',
    url: '/me/passkeys/:id',
    config,
    schema: {
      operationId: 'removePasskey',
      summary: 'Remove a passkey, unless it is the only way in',
      description: proof,
      tags,
      params,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      const member = requireMember(request);
      requireRecentProof(member);
      await database.withAccount(member.accountId, (tx) => removePasskey(tx, member.userId, request.params.id, actors.of(request)));
      return reply.code(204).send(null);
    },
  });
}
