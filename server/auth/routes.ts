import cookie from '@fastify/cookie';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { login, me, meChange, refresh, type SignedIn, session, signedIn } from '../../contract/auth.ts';
import { id, page, pageQuery } from '../../contract/common.ts';
import type { Context } from '../context.ts';
import { requireMember } from '../http/access.ts';
import { type Api, nothing } from '../http/api.ts';
import { ApiError } from '../http/errors.ts';
import { requireOwnOrigin } from '../http/origin.ts';
import { endSessions } from './ending.ts';
import { describeMe, listSessions, refreshSession, signIn } from './actions.ts';
import type { Opened } from './answer.ts';
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from './cookie.ts';
import { renamePerson } from './rename.ts';

const tags = ['auth'];

/** Signing in, staying signed in, signing out. */
export async function registerAuth(api: Api, context: Context): Promise<void> {
  await api.register(cookie);
  const { config } = context;

  api.route({
    method: 'POST',
    url: '/auth/login',
    config: { access: 'public' },
    schema: { operationId: 'login', summary: 'Sign in with a password', tags, body: login, response: { 200: signedIn } },
    async handler(request, reply) {
      const { email, password, totp, tokenDelivery } = request.body;
      requireOwnOrigin(request, config.publicUrl);
      const { actors } = context;
      const opened = await signIn(
        context,
        { email, password, totp, ip: request.ip, device: request.headers['user-agent'] ?? '' },
        { stranger: actors.stranger(request), of: (userId) => actors.person(userId, request) },
      );
      return deliver(context, reply, opened, tokenDelivery);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/refresh',
    config: { access: 'public' },
    schema: {
      operationId: 'refresh',
      summary: 'Exchange the refresh token for its successor and an access token',
      tags,
      body: refresh.default({ tokenDelivery: 'cookie' }),
      response: { 200: signedIn },
    },
    async handler(request, reply) {
      const { refreshToken, tokenDelivery } = request.body;
      if (refreshToken === undefined || tokenDelivery === 'cookie') requireOwnOrigin(request, config.publicUrl);
      const token = refreshToken ?? readRefreshCookie(request, config);
      if (token === undefined) throw new ApiError('unauthenticated', 'There is no refresh token.');
      const opened = await refreshSession(context, token, context.actors.stranger(request)).catch((error: unknown) => {
        if (error instanceof ApiError && error.code === 'unauthenticated') clearRefreshCookie(reply, config);
        throw error;
      });
      // What came as a cookie, which scripts cannot read, does not leave as something that they can.
      return deliver(context, reply, opened, refreshToken === undefined ? 'cookie' : tokenDelivery);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/logout',
    config: { access: 'session' },
    schema: { operationId: 'logout', summary: 'End this session', tags, response: { 204: nothing } },
    async handler(request, reply) {
      const member = requireMember(request);
      await endSessions(context, member, context.actors.of(request), member.sessionId);
      clearRefreshCookie(reply, config);
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: 'POST',
    url: '/auth/logout-all',
    config: { access: 'session' },
    schema: { operationId: 'logoutAll', summary: 'End every session of this person', tags, response: { 204: nothing } },
    async handler(request, reply) {
      await endSessions(context, requireMember(request), context.actors.of(request), null);
      clearRefreshCookie(reply, config);
      return reply.code(204).send(null);
    },
  });

  api.route({
    method: 'GET',
    url: '/auth/me',
    config: { access: 'session' },
    schema: { operationId: 'getMe', summary: 'Who is signed in, and what they may do', tags, response: { 200: me } },
    handler: (request) => describeMe(context, requireMember(request)),
  });

  api.route({
    method: 'PATCH',
    url: '/auth/me',
    config: { access: 'session' },
    schema: {
      operationId: 'changeMe',
      summary: 'Change the own name, in every account; colleagues and customers see it',
      tags,
      body: meChange,
      response: { 200: me },
    },
    handler: (request) => renamePerson(context, requireMember(request), request.body.name, context.actors.of(request)),
  });

  api.route({
    method: 'GET',
    url: '/auth/sessions',
    config: { access: 'session' },
    schema: {
      operationId: 'listSessions',
      summary: 'The devices on which this person is signed in, the newest first',
      tags,
      querystring: pageQuery,
      response: { 200: page(session) },
    },
    async handler(request) {
      const { items, nextCursor } = await listSessions(context, requireMember(request), request.query);
      return {
        items: items.map((row) => ({
          id: row.id,
          device: row.device,
          current: row.current,
          createdAt: row.created_at.toISOString(),
          lastUsedAt: row.last_used_at.toISOString(),
          expiresAt: row.expires_at.toISOString(),
        })),
        nextCursor,
      };
    },
  });

  api.route({
    method: 'DELETE',
    url: '/auth/sessions/:id',
    config: { access: 'session' },
    schema: { operationId: 'endSession', summary: 'Sign out one device', tags, params: z.object({ id }), response: { 204: nothing } },
    async handler(request, reply) {
      await endSessions(context, requireMember(request), context.actors.of(request), request.params.id);
      return reply.code(204).send(null);
    },
  });
}

/** Browsers get the refresh token as a cookie that scripts cannot read, other clients in the answer. */
export function deliver(context: Context, reply: FastifyReply, { answer, refreshToken }: Opened, delivery: 'cookie' | 'body'): SignedIn {
  if (delivery === 'body') return { ...answer, refreshToken };
  setRefreshCookie(reply, context.config, refreshToken);
  return answer;
}
