import type { Access } from '../../contract/permissions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route. The start fails where it is missing. */
    access?: Access;
  }
}
