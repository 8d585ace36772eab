import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { id } from '../../../contract/common.ts';
import { callbackQuery, identity, type OidcProblem, oidcProblem, providerId, providerUrl, startQuery } from '../../../contract/oidc.ts';
import type { Context } from '../../context.ts';
import { requireMember } from '../../http/access.ts';
import { type Api, nothing } from '../../http/api.ts';
import { ApiError, notFound } from '../../http/errors.ts';
import { requireRecentProof } from '../confirmation.ts';
import { deliver } from '../routes.ts';
import { finishSignInAt, listIdentities, unlinkIdentity, visitOf } from './actions.ts';
import { clearFlowCookie, readFlowCookie, setFlowCookie } from './cookie.ts';
import { startFlow } from './flow.ts';
import { ownPath } from './next.ts';
import type { ProviderSettings } from './settings.ts';

const tags = ['auth'];
const params = z.object({ provider: providerId });
const moved = nothing.describe('To the address in the Location header');
/** Where identities are looked at and added. */
const securityPage = '/settings/security';

/** Signing in at Google, Microsoft or another OpenID provider. */
export function registerOidc(api: Api, context: Context): void {
  const { config } = context;

  api.route({
    method: 'GET',
    url: '/auth/oidc/:provider/start',
    exposeHeadRoute: false,
    config: { access: 'public' },
    schema: {
      operationId: 'startOidc',
      summary: 'Send the browser to a provider to sign in there; the answer is the same for everybody',
      description:
        'For a link that a person follows, not for programs. Sets a sealed cookie that is good for ten minutes and one return. While the provider cannot be reached the browser goes to /sign-in?problem=oidc_unavailable.',
      tags,
      params,
      querystring: startQuery,
      response: { 302: moved },
    },
    async handler(request, reply) {
      const settings = getProvider(context, request.params.provider);
      const next = ownPath(request.query.next, config.publicUrl);
      const start = await startFlow(context, settings, { next, link: null });
      if (start.outcome === 'refused') return goTo(reply, '/sign-in', settings, start.problem);
      setFlowCookie(reply, context, start.flow);
      return reply.redirect(start.url, 302);
    },
  });

  api.route({
    method: 'GET',
    url: '/auth/oidc/:provider/callback',
    exposeHeadRoute: false,
    config: { access: 'public' },
    schema: {
      operationId: 'finishOidc',
      summary: 'Where the provider sends the browser back: sets the refresh cookie, or says why not in ?problem=',
      description: `Leads to \`next\` with the refresh cookie set; to /invitation for somebody who is invited; otherwise to /sign-in, or to the security settings when an identity was to be added, with \`problem\`: ${oidcProblem.options.join(', ')}. 429: one address comes back very often.`,
      tags,
      params,
      querystring: callbackQuery,
      response: { 302: moved },
    },
    async handler(request, reply) {
      const settings = getProvider(context, request.params.provider);
      const flow = readFlowCookie(request, context);
      clearFlowCookie(reply, context);
      const landing = await finishSignInAt(context, settings, flow, queryOf(request), visitOf(context, request));
      switch (landing.outcome) {
        case 'signed_in':
          deliver(context, reply, landing.opened, 'cookie');
          return reply.redirect(flow?.next ?? '/', 302);
        case 'linked':
          return reply.redirect(flow?.next ?? securityPage, 302);
        case 'invited':
          // Behind a fragment, which no log and no other site gets to see.
          return reply.redirect(`/invitation#token=${landing.token}`, 302);
        case 'refused':
          return goTo(reply, flow?.link ? securityPage : '/sign-in', settings, landing.problem);
      }
    },
  });

  api.route({
    method: 'GET',
    url: '/me/identities',
    config: { access: 'session' },
    schema: {
      operationId: 'listIdentities',
      summary: 'The identities at providers with which this person signs in',
      tags,
      response: { 200: z.object({ items: z.array(identity) }) },
    },
    handler: async (request) => ({ items: await listIdentities(context.database, config.oidc, requireMember(request).userId) }),
  });

  api.route({
    method: 'POST',
    url: '/me/identities/:provider',
    config: { access: 'session' },
    schema: {
      operationId: 'linkIdentity',
      summary: 'Begin to add an identity at a provider; needs a recent proof of who is asking',
      tags,
      params,
      response: { 200: providerUrl },
    },
    async handler(request, reply) {
      const member = requireMember(request);
      requireRecentProof(member);
      const { userId, sessionId } = member;
      const settings = getProvider(context, request.params.provider);
      const next = `${securityPage}?linked=${settings.id}`;
      const start = await startFlow(context, settings, { next, link: { userId, sessionId } });
      if (start.outcome === 'refused') throw new ApiError('unavailable', 'The provider cannot be reached. Try again in a moment.');
      setFlowCookie(reply, context, start.flow);
      return { url: start.url };
    },
  });

  api.route({
    method: 'DELETE',
    url: '/me/identities/:id',
    config: { access: 'session' },
    schema: {
      operationId: 'unlinkIdentity',
      summary: 'Remove an identity, unless it is the only way in; needs a recent proof of who is asking',
      tags,
      params: z.object({ id }),
      response: { 204: nothing },
    },
    async handler(request, reply) {
      const member = requireMember(request);
      requireRecentProof(member);
      await unlinkIdentity(context, member, request.params.id, context.actors.of(request));
      return reply.code(204).send(null);
    },
  });
}

/** One that is not set up is not there. */
function getProvider({ oidc }: Pick<Context, 'oidc'>, wanted: string): ProviderSettings {
  const settings = oidc.find(wanted);
  if (!settings) throw notFound('provider');
  return settings;
}

function goTo(reply: FastifyReply, page: string, { id: provider }: ProviderSettings, problem: OidcProblem): FastifyReply {
  return reply.redirect(`${page}?problem=${problem}&provider=${provider}`, 302);
}

/** As it came: what a provider signs or repeats must not be put together anew. */
function queryOf({ url }: FastifyRequest): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at);
}
