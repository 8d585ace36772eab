import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';

/** Abilities of browsers that no page here needs; what is not named stays with our own origin. */
const permissions = ['accelerometer', 'browsing-topics', 'camera', 'display-capture', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'midi', 'payment', 'serial', 'usb', 'xr-spatial-tracking']; // biome-ignore format: a list

/** For whatever is no page: nothing may be loaded for it, and nobody may show it in a frame. */
const nothingPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const yearSeconds = 31_536_000;

/** What every answer wears unless its route says otherwise: pages, files and what others may embed say what they need. */
export function armourOf({ isHttp }: Pick<Config, 'isHttp'>): Record<string, string> {
  return {
    'cache-control': 'no-store',
    'content-security-policy': nothingPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': permissions.map((name) => `${name}=()`).join(', '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    // Browsers ignore it over http; subdomains are somebody else's to decide about.
    ...(isHttp ? {} : { 'strict-transport-security': `max-age=${yearSeconds}` }),
  };
}

/** Puts the armour on before anything else looks at a request, so that refusals wear it too. */
export function wearArmour(app: FastifyInstance, config: Pick<Config, 'isHttp'>): void {
  const armour = armourOf(config);
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(armour);
    done();
  });
}

/** The same for a part of the server that answers by itself. Call it once that part listens. */
export function armPath(
  server: { prependListener(event: 'request', listener: (request: IncomingMessage, response: ServerResponse) => void): unknown },
  path: string,
  config: Pick<Config, 'isHttp'>,
): void {
  const headers = Object.entries(armourOf(config));
  server.prependListener('request', (request, response) => {
    if (request.url?.startsWith(path)) for (const [name, value] of headers) response.setHeader(name, value);
  });
}
