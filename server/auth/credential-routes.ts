import type { FastifyRequest } from 'fastify';
import { asked, linkRequest, linkToken, passwordChange } from '../../contract/links.ts';
import type { Context } from '../context.ts';
import { answeredOnce } from '../http/idempotency.ts';
import { type Api, nothing } from '../http/api.ts';
import { changePassword } from './change-password.ts';
import { changeEmailByLink, type Clicker, requestEmailChange, requestVerification, verifyByLink } from './email-address.ts';
import { requireMember } from '../http/access.ts';

const tags = ['auth'];

/** The signed-in person's own password and address. */
export function registerCredentials(api: Api, context: Context): void {
  api.route({
    method: 'PUT',
    url: '/auth/password',
    config: { access: 'session' },
    schema: {
      operationId: 'changePassword',
      summary: 'Change or set the own password',
      description:
        'Ends the other sessions and tells the person by mail. 400: the password is one that is tried first, or `currentPassword` is wrong. 403 `confirmation_required`: without `currentPassword`, longer than 15 minutes after a sign-in or confirmation. 429: five wrong ones in 15 minutes.',
      tags,
      body: passwordChange,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await changePassword(context, requireMember(request), request.body, context.actors.of(request));
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/email-change',
    config: { access: 'session' },
    schema: {
      operationId: 'requestEmailChange',
      summary: 'Ask for a link to another address, which becomes the own one',
      description:
        'Works once, for an hour. The answer is the same when somebody else has the address. 403 `confirmation_required`: longer than 15 minutes after a sign-in or confirmation. 409: this installation sends no mail.',
      tags,
      body: linkRequest,
      response: { 202: asked },
    },
    async handler(request, reply) {
      const ask = async () => {
        await requestEmailChange(context, requireMember(request), request.body.email, request.ip);
        return { status: 202 as const, body: {} };
      };
      const { status, body } = await answeredOnce(request, context.database, ask);
      return reply.code(status).send(body);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/email-change/consume',
    config: { access: 'public' },
    schema: {
      operationId: 'changeEmail',
      summary: 'Make the address of a link the own one',
      description: 'The old address is told. 401 `invalid_credentials`: the link does not work any more. 409: somebody signs in with it.',
      tags,
      body: linkToken,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await changeEmailByLink(context, request.body.token, await clickerOf(context, request));
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/email-verification',
    config: { access: 'session' },
    schema: {
      operationId: 'requestEmailVerification',
      summary: 'Ask for a link that proves the own address',
      description: 'Works once, for a day; nothing is sent when the address is proven. 409: this installation sends no mail.',
      tags,
      response: { 202: asked },
    },
    async handler(request, reply) {
      const ask = async () => {
        await requestVerification(context, requireMember(request), request.ip);
        return { status: 202 as const, body: {} };
      };
      const { status, body } = await answeredOnce(request, context.database, ask);
      return reply.code(status).send(body);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/email-verification/consume',
    config: { access: 'public' },
    schema: {
      operationId: 'verifyEmail',
      summary: 'Prove an address with the token of a link',
      description:
        'The first proof of a person takes away what was set up before it: password, passkeys, identities, sessions. Sent with the access token of that very person it keeps them, and ends the other sessions only. 401 `invalid_credentials`: the link does not work any more.',
      tags,
      body: linkToken,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      await verifyByLink(context, request.body.token, await clickerOf(context, request));
      return reply.code(204).send(null);
    },
  });
}

/** The session of whoever uses a link, where they send one along. */
async function clickerOf(context: Context, request: FastifyRequest): Promise<Clicker> {
  const principal = await context.auth.authenticate(request.headers.authorization);
  return {
    member: principal?.type === 'member' ? principal : undefined,
    actorOf: (userId) => context.actors.person(userId, request),
  };
}
