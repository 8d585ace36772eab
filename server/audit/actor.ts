import type { FastifyRequest } from 'fastify';
import { deriveKey } from '../credentials/seal.ts';
import type {} from '../http/access.ts';

/** Who does something that is written into the audit log, and from where. */
export interface Actor {
  type: 'member' | 'api_key' | 'system' | 'operator' | 'stranger';
  id: string | null;
  /** Where from, as far as the configured proxies can be believed. */
  ip: string | null;
  requestId: string | null;
  /** Marks each entry, so that nobody with the database alone can write the chain anew. */
  chainKey: Buffer;
}

export interface Actors {
  /** The member or key behind a request. */
  of(request: FastifyRequest): Actor;
  /** Somebody whose identity is proven by other means: a link, a code, a provider. */
  person(userId: string, request: FastifyRequest): Actor;
  /** Nobody who is known. */
  stranger(request: FastifyRequest): Actor;
  /** Somebody at the server's command line. */
  operator: Actor;
  /** The server itself: jobs and schedules. */
  system: Actor;
}

export function createActors(secretKey: string): Actors {
  const chainKey = deriveKey(secretKey, 'audit chain');
  const nobody = { id: null, ip: null, requestId: null, chainKey };
  const person = (userId: string, request: FastifyRequest): Actor => ({
    type: 'member',
    id: userId,
    ip: request.ip,
    requestId: request.id,
    chainKey,
  });
  return {
    of(request) {
      const { type, id } = request.principal;
      return { ...person(id, request), type };
    },
    person,
    stranger: (request) => ({ ...nobody, type: 'stranger', ip: request.ip, requestId: request.id }),
    operator: { type: 'operator', ...nobody },
    system: { type: 'system', ...nobody },
  };
}
