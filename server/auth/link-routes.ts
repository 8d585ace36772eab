import { signedIn } from '../../contract/auth.ts';
import { asked, linkRequest, magicLinkToken, resetToken, signInWays } from '../../contract/links.ts';
import type { Context } from '../context.ts';
import { type Api, nothing } from '../http/api.ts';
import { requireOwnOrigin } from '../http/origin.ts';
import { requestLink } from './links.ts';
import { signInByLink } from './magic-link.ts';
import { resetByLink } from './reset.ts';
import { deliver } from './routes.ts';
import { findWays } from './ways.ts';

const tags = ['auth'];
const config = { access: 'public' as const };

/** Signing in and setting a password with a link from a mail. Links are used by POST alone: opening one does nothing. */
export function registerLinks(api: Api, context: Context): void {
  api.route({
    method: 'GET',
    url: '/auth/ways',
    config,
    schema: { operationId: 'listSignInWays', summary: 'How one can sign in here', tags, response: { 200: signInWays } },
    handler: () => findWays(context),
  });

  api.route({
    method: 'POST',
    url: '/auth/magic-link',
    config,
    schema: {
      operationId: 'requestMagicLink',
      summary: 'Ask for a link that signs in',
      description:
        'Works once, for 15 minutes. The answer is the same whether the address is known or not, and also where this installation sends no mail (`magicLink` of `GET /auth/ways`). An address gets at most three links in that time. 429: one client asks for very many.',
      tags,
      body: linkRequest,
      response: { 202: asked },
    },
    async handler(request, reply) {
      const language = preferredLanguage(request.headers['accept-language']);
      await requestLink(context, 'magic_link', { email: request.body.email, ip: request.ip, language });
      return reply.code(202).send({});
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/magic-link/consume',
    config,
    schema: {
      operationId: 'signInByLink',
      summary: 'Sign in with the token of a link',
      description:
        '401 `invalid_credentials`: the link was used, is too old or never worked. 401 `totp_required`: the person has a second factor; the link still works. The first sign-in by link of a person whose address was never proven takes away the password, passkeys, identities and sessions from before.',
      tags,
      body: magicLinkToken,
      response: { 200: signedIn },
    },
    async handler(request, reply) {
      requireOwnOrigin(request, context.config.publicUrl);
      const { token, totp, tokenDelivery } = request.body;
      const opened = await signInByLink(context, {
        token,
        totp,
        ip: request.ip,
        device: request.headers['user-agent'] ?? '',
        actorOf: (userId) => context.actors.person(userId, request),
      });
      return deliver(context, reply, opened, tokenDelivery);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/password-reset',
    config,
    schema: {
      operationId: 'requestPasswordReset',
      summary: 'Ask for a link that sets a new password',
      description:
        'Works once, for an hour. The answer is the same whether the address is known or not, and also where this installation sends no mail: its operator then makes the link (`guichet account reset-password --link`).',
      tags,
      body: linkRequest,
      response: { 202: asked },
    },
    async handler(request, reply) {
      const language = preferredLanguage(request.headers['accept-language']);
      await requestLink(context, 'password_reset', { email: request.body.email, ip: request.ip, language });
      return reply.code(202).send({});
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/password-reset/consume',
    config,
    schema: {
      operationId: 'resetPassword',
      summary: 'Set a new password with the token of a link',
      description:
        'Ends every session of the person and tells them by mail. 400: the password is one that is tried first; the link still works. 401 `invalid_credentials`: the link was used, is too old or never worked.',
      tags,
      body: resetToken,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      const { token, password } = request.body;
      const actorOf = (userId: string) => context.actors.person(userId, request);
      await resetByLink(context, { token, password, ip: request.ip, actorOf });
      return reply.code(204).send(null);
    },
  });
}

/** The first of our languages that a browser names; null for none. */
function preferredLanguage(accepted: string | undefined): string | null {
  return /(?:^|[,\s])(fr|en|es|pt)\b/i.exec(accepted ?? '')?.[1]?.toLowerCase() ?? null;
}
