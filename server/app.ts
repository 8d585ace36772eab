import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { registerAccount } from './accounts/routes.ts';
import { registerApiKeys } from './api-keys/routes.ts';
import { registerAudit } from './audit/routes.ts';
import { registerAttachments } from './attachments/routes.ts';
import { registerDemo, registerDemoApi } from '../demo/routes.ts';
import { registerOidc } from './auth/oidc/routes.ts';
import { registerCredentials } from './auth/credential-routes.ts';
import { registerLinks } from './auth/link-routes.ts';
import { registerPasskeys } from './auth/passkeys/routes.ts';
import { registerAuth } from './auth/routes.ts';
import { registerSecondFactor } from './auth/second-factor/routes.ts';
import { registerSecurity } from './auth/security-routes.ts';
import { registerAccountSwitch } from './auth/switch-routes.ts';
import { registerForms } from './channels/form/routes.ts';
import { registerChatPages } from './channels/webchat/pages.ts';
import { registerChat } from './channels/webchat/routes.ts';
import { createVisitorTokens } from './channels/webchat/token.ts';
import { registerContacts } from './contacts/routes.ts';
import type { Context } from './context.ts';
import { registerConversations } from './conversations/routes.ts';
import { guard, requireDeclaredAccess, unauthenticated } from './http/access.ts';
import { speakJson } from './http/api.ts';
import { armourOf, wearArmour } from './http/armour.ts';
import { registerDocs, registerOpenApi } from './http/docs-routes.ts';
import { ApiError } from './http/errors.ts';
import { answerUnknownPaths } from './http/not-found.ts';
import { closeIdleConnections } from './http/closing.ts';
import { describeApi } from './http/openapi.ts';
import { answerBrokenHttp, answerProblems, sendProblem } from './http/problems.ts';
import { echoRequestId, readRequestId } from './http/request-id.ts';
import { adaptLimits } from './limits/start.ts';
import { registerInboxes } from './inboxes/routes.ts';
import { registerInvitations } from './invitations/routes.ts';
import { registerMembers } from './members/routes.ts';
import { registerIngest } from './message/inbound/ingest-routes.ts';
import { registerHooks } from './message/inbound/routes.ts';
import { registerPages } from './pages/routes.ts';
import { registerMessages } from './message/routes.ts';
import { registerPreferences } from './preferences/routes.ts';
import { watchRequests } from './probes/requests.ts';
import { registerProbes } from './probes/routes.ts';
import { registerRoles } from './roles/routes.ts';
import { registerSetup } from './setup/routes.ts';
import { registerSuperadmin } from './superadmin/routes.ts';
import { registerTeams } from './teams/routes.ts';

/** The HTTP side: hooks first, then the list of every routes.ts. */
export async function buildApp(context: Context): Promise<FastifyInstance> {
  const armour = armourOf(context.config);
  const app = Fastify({
    logger: false,
    trustProxy: context.config.trustedProxies.length > 0 ? context.config.trustedProxies : false,
    requestIdHeader: false,
    // A sender that trickles holds its connection no longer than this; fifty megabytes pass at half a megabyte a second.
    requestTimeout: 120_000,
    genReqId: readRequestId,
    // While it drains, what still arrives is answered; the load balancer was told through /health/ready.
    return503OnClosing: false,
    // Headers come at once or not at all; so many idle connections would otherwise cost an attacker nothing.
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, maxHeaderSize: 16_384 },
    keepAliveTimeout: 65_000,
    clientErrorHandler: answerBrokenHttp(armour),
    frameworkErrors: (_error, request, reply) => void sendProblem(request, reply.headers(armour), describeBadUrl(request)),
  });
  closeIdleConnections(app);
  wearArmour(app, context.config);
  requireDeclaredAccess(app);
  answerProblems(app, context.log);
  echoRequestId(app);
  watchRequests(app, context);
  adaptLimits(app, context);
  await describeApi(app, context);

  answerUnknownPaths(app);
  registerProbes(app, context);
  registerHooks(app, context.line.hooks);
  const visitors = {
    ...context.line,
    database: context.database,
    limits: context.limits,
    publicUrl: context.config.publicUrl,
    tokens: createVisitorTokens(context.config.secretKey),
  };
  registerForms(app, visitors);
  registerChat(app, visitors);
  registerChatPages(app, visitors);
  registerDemo(app, context);
  registerPages(app);
  registerDocs(app);
  await app.register(
    async (scope) => {
      const api = speakJson(scope);
      guard(api, { ...context, authenticate: context.auth.authenticate });
      answerUnknownPaths(api);
      registerOpenApi(api);
      await registerAuth(api, context);
      registerAccountSwitch(api, context);
      registerPreferences(api, context);
      registerOidc(api, context);
      registerSecurity(api, context);
      registerSecondFactor(api, context);
      registerPasskeys(api, context);
      registerLinks(api, context);
      registerCredentials(api, context);
      registerSetup(api, context);
      registerAccount(api, context);
      registerSuperadmin(api, context);
      registerMembers(api, context);
      registerInvitations(api, context);
      registerRoles(api, context);
      registerTeams(api, context);
      registerApiKeys(api, context);
      registerInboxes(api, context);
      registerConversations(api, context);
      registerMessages(api, context);
      registerContacts(api, context);
      registerIngest(api, context);
      registerAttachments(api, context);
      registerAudit(api, context);
      registerDemoApi(api, context);
    },
    { prefix: '/api/v1' },
  );
  await app.ready();
  return app;
}

/** An address that cannot even be read has no route and no guard: strangers get the answer of every other path of the API. */
function describeBadUrl({ url, headers }: FastifyRequest): ApiError {
  const isStranger = url.startsWith('/api/v1/') && headers.authorization === undefined;
  return isStranger ? unauthenticated() : new ApiError('not_found', 'There is nothing at this address.');
}
