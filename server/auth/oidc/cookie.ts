import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type {} from '@fastify/cookie';
import { providerId } from '../../../contract/oidc.ts';
import type { Config } from '../../config.ts';
import type { Context } from '../../context.ts';

/** How long somebody may stay at the provider. */
export const flowSeconds = 600;

/** A sign-in under way. It lies sealed in the browser that began it, and nowhere else. */
const flow = z.object({
  provider: providerId,
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  /** Present when somebody who is signed in adds an identity: it is added to them or to nobody. */
  link: z.object({ userId: z.string(), sessionId: z.string() }).nullable(),
  expiresAt: z.number(),
});
export type Flow = z.infer<typeof flow>;

const purpose = 'oidc flow';
/** `__Host-` binds the cookie to this very host over https; browsers refuse that name over http. */
const nameOf = (config: Config) => (config.isHttp ? 'guichet_oidc' : '__Host-guichet_oidc');
/** Lax and not strict: the browser comes back from another site. */
const optionsOf = (config: Config) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure: !config.isHttp }) as const;

export function setFlowCookie(
  reply: FastifyReply,
  { config, passingSealer }: Pick<Context, 'config' | 'passingSealer'>,
  started: Flow,
): void {
  reply.setCookie(nameOf(config), passingSealer.sealJson(started, purpose).toString('base64url'), {
    ...optionsOf(config),
    maxAge: flowSeconds,
  });
}

/** The sign-in that this browser began; undefined for none, one that we did not seal, and one that took too long. */
export function readFlowCookie(
  request: FastifyRequest,
  { config, passingSealer }: Pick<Context, 'config' | 'passingSealer'>,
): Flow | undefined {
  const sealed = request.cookies[nameOf(config)];
  if (sealed === undefined) return undefined;
  try {
    const opened = flow.parse(passingSealer.openJson(Buffer.from(sealed, 'base64url'), purpose));
    return opened.expiresAt > Date.now() ? opened : undefined;
  } catch {
    // Not ours: to the browser that is the same as having none.
    return undefined;
  }
}

export function clearFlowCookie(reply: FastifyReply, { config }: Pick<Context, 'config'>): void {
  reply.clearCookie(nameOf(config), optionsOf(config));
}
