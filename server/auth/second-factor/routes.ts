import { recoveryCodes, totpCode, totpEnrolment } from '../../../contract/security.ts';
import type { Context } from '../../context.ts';
import { requireMember } from '../../http/access.ts';
import { type Api, nothing } from '../../http/api.ts';
import { idempotent } from '../../http/idempotency.ts';
import { requireRecentProof } from '../confirmation.ts';
import { disableTotp, enableTotp, renewRecoveryCodes, startTotp } from './actions.ts';

const config = { access: 'session' } as const;
const tags = ['security'];
const proof = '403 `confirmation_required`: longer than 15 minutes after a sign-in or `POST /auth/confirmation`.';

/** The signed-in person's authenticator app and recovery codes. */
export function registerSecondFactor(api: Api, context: Context): void {
  const { database, actors } = context;

  api.route({
    method: 'POST',
    url: '/me/totp',
    config,
    schema: {
      operationId: 'startTotp',
      summary: 'Make a secret for an authenticator app',
      description: `It counts once PUT /me/totp has shown a code of it; until then each call makes another. 409: an app is set up already. ${proof}`,
      tags,
      response: { 200: totpEnrolment },
    },
    async handler(request) {
      const member = requireMember(request);
      requireRecentProof(member);
      const work = async (tx: Parameters<typeof startTotp>[1]) => ({ status: 200, body: await startTotp(context, tx, member) });
      return (await idempotent(request, database, work, { isSecret: true })).body;
    },
  });

  api.route({
    method: 'PUT',
    url: '/me/totp',
    config,
    schema: {
      operationId: 'enableTotp',
      summary: 'Turn the second factor on with a code of the app; gives ten recovery codes',
      description: `From then on sign-ins by password or link ask for a code. The code given here counts as used. 400: the code is wrong. 409: there is no secret, or an app is set up already. ${proof}`,
      tags,
      body: totpCode,
      response: { 200: recoveryCodes },
    },
    async handler(request) {
      const member = requireMember(request);
      requireRecentProof(member);
      return enableTotp(context, member, actors.of(request), request.body.code);
    },
  });

  api.route({
    method: 'DELETE',
    url: '/me/totp',
    config,
    schema: {
      operationId: 'disableTotp',
      summary: 'Turn the second factor off; its recovery codes are gone with it',
      description: `The person is told by mail. ${proof}`,
      tags,
      response: { 204: nothing },
    },
    async handler(request, reply) {
      const member = requireMember(request);
      requireRecentProof(member);
      await database.withAccount(member.accountId, (tx) => disableTotp(tx, member.userId, actors.of(request)));
      context.jobs.wake('mail');
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: 'POST',
    url: '/me/recovery-codes',
    config,
    schema: {
      operationId: 'renewRecoveryCodes',
      summary: 'Give ten new recovery codes; the old ones stop working',
      description: `409: no authenticator app is set up. ${proof}`,
      tags,
      response: { 200: recoveryCodes },
    },
    async handler(request) {
      const member = requireMember(request);
      requireRecentProof(member);
      const work = async (tx: Parameters<typeof renewRecoveryCodes>[0]) => ({
        status: 200,
        body: await renewRecoveryCodes(tx, member, actors.of(request)),
      });
      return (await idempotent(request, database, work, { isSecret: true })).body;
    },
  });
}
