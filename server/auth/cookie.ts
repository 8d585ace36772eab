import type { FastifyReply, FastifyRequest } from 'fastify';
import type {} from '@fastify/cookie';
import type { Config } from '../config.ts';
import { refreshTokenDays } from './refresh-token.ts';

/** `__Host-` binds the cookie to this very host over https; browsers refuse that name over http. */
const nameOf = (config: Config) => (config.isHttp ? 'guichet_refresh' : '__Host-guichet_refresh');

const optionsOf = (config: Config) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: !config.isHttp }) as const;

export function readRefreshCookie(request: FastifyRequest, config: Config): string | undefined {
  return request.cookies[nameOf(config)];
}

export function setRefreshCookie(reply: FastifyReply, config: Config, token: string): void {
  reply.setCookie(nameOf(config), token, { ...optionsOf(config), maxAge: refreshTokenDays * 86_400 });
}

export function clearRefreshCookie(reply: FastifyReply, config: Config): void {
  reply.clearCookie(nameOf(config), optionsOf(config));
}
