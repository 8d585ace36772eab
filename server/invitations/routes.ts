import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { signedIn } from '../../contract/auth.ts';
import { id, page, pageQuery } from '../../contract/common.ts';
import {
  acceptance,
  createdInvitation,
  invitation,
  invitationPreview,
  invitationToken,
  newInvitation,
} from '../../contract/invitations.ts';
import { deliver } from '../auth/routes.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { idempotent } from '../http/idempotency.ts';
import { requireOwnOrigin } from '../http/origin.ts';
import { granterOf } from '../members/access.ts';
import { acceptInvitation, previewInvitation } from './accept.ts';
import { createInvitation, listInvitations, resendInvitation, revokeInvitation } from './actions.ts';

const tags = ['invitations'];
const params = z.object({ id });
const manage = { access: 'member.manage' } as const;
const open = { access: 'public' } as const;

/** Inviting people, and what those do who are invited. */
export function registerInvitations(api: Api, context: Context): void {
  const { database, config } = context;
  const maker = { tokens: context.oneTimeTokens, publicUrl: config.publicUrl };

  api.route({
    method: 'GET',
    url: '/invitations',
    config: manage,
    schema: {
      operationId: 'listInvitations',
      summary: 'Invitations that nobody accepted or revoked, the newest first; expired ones too',
      tags,
      querystring: pageQuery,
      response: { 200: page(invitation) },
    },
    handler: (request) => database.withAccount(request.principal.accountId, (tx) => listInvitations(tx, request.query)),
  });

  api.route({
    method: 'POST',
    url: '/invitations',
    config: manage,
    schema: {
      operationId: 'createInvitation',
      summary: 'Invite somebody by e-mail; the answer holds a link to hand over where no mail goes out',
      description: '429: an account invites and sends again a hundred times an hour.',
      tags,
      body: newInvitation.meta({ examples: [{ email: 'camille@exemple.fr', role: 'agent' }] }),
      response: { 201: createdInvitation },
    },
    async handler(request, reply) {
      await context.limits.take('invitations', request.principal.accountId);
      const granter = granterOf(context, request);
      const answer = await idempotent(
        request,
        database,
        async (tx) => ({ status: 201, body: await createInvitation(tx, maker, granter, request.body) }),
        { isSecret: true },
      );
      context.jobs.wake('mail');
      return reply.code(201).send(answer.body);
    },
  });

  api.route({
    method: 'POST',
    url: '/invitations/:id/resend',
    config: manage,
    schema: {
      operationId: 'resendInvitation',
      summary: 'Send it again for seven more days, with a new link; the old one is dead',
      tags,
      params,
      body: z.strictObject({}).optional(),
      response: { 200: createdInvitation },
    },
    async handler(request) {
      await context.limits.take('invitations', request.principal.accountId);
      const granter = granterOf(context, request);
      const answer = await idempotent(
        request,
        database,
        async (tx) => ({ status: 200, body: await resendInvitation(tx, maker, granter, request.params.id) }),
        { isSecret: true },
      );
      context.jobs.wake('mail');
      return answer.body;
    },
  });

  api.route({
    method: 'DELETE',
    url: '/invitations/:id',
    config: { ...manage, isWithdrawal: true },
    schema: {
      operationId: 'revokeInvitation',
      summary: 'Take an invitation back; its link is dead at once',
      tags,
      params,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await database.withAccount(request.principal.accountId, (tx) => revokeInvitation(tx, granterOf(context, request), request.params.id));
      return reply.code(204).send(null);
    },
  });

  registerAcceptance(api, context);
}

/** For whoever holds a link; a credential may come along and then counts as theirs. */
function registerAcceptance(api: Api, context: Context): void {
  const bearerOf = (request: FastifyRequest) => context.auth.authenticate(request.headers.authorization);

  api.route({
    method: 'POST',
    url: '/invitations/preview',
    config: open,
    schema: {
      operationId: 'previewInvitation',
      summary: 'What an invitation says; uses nothing up',
      tags,
      body: invitationToken,
      response: { 200: invitationPreview },
    },
    handler: async (request) => previewInvitation(context, request.body.token, await bearerOf(request)),
  });

  api.route({
    method: 'POST',
    url: '/invitations/accept',
    config: open,
    schema: {
      operationId: 'acceptInvitation',
      summary: 'Join the account; somebody who signs in here already proves it by a credential or their password',
      tags,
      body: acceptance,
      response: { 200: signedIn },
    },
    async handler(request, reply) {
      requireOwnOrigin(request, context.config.publicUrl);
      const opened = await acceptInvitation(context, request.body, {
        bearer: await bearerOf(request),
        ip: request.ip,
        device: request.headers['user-agent'] ?? '',
        actorOf: (userId) => context.actors.person(userId, request),
      });
      return deliver(context, reply, opened, request.body.tokenDelivery);
    },
  });
}
