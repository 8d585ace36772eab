import type { Mutant } from './mutants.ts';

const sliding = 'server/limits/sliding.test.ts';
const limits = 'server/limits/limits.test.ts';
const egress = 'server/egress/fetch.test.ts';
const armour = 'server/http/armour.test.ts';

/** Limits, the ways out, and what every answer wears. */
export const limitMutants: Mutant[] = [
  {
    name: 'anybody may say from which address they come',
    file: 'server/app.ts',
    find: 'trustProxy: context.config.trustedProxies.length > 0 ? context.config.trustedProxies : false,',
    replace: 'trustProxy: true,',
    test: limits,
    red: 'count by the address of the connection, whatever a stranger writes into X-Forwarded-For',
  },
  {
    name: 'uses are counted without a lock',
    file: 'server/db/migrations/0030_gathered_limits.sql',
    find: `    select * into window_row from limit_windows l where l.key = slot_keys[position] for update;
    if not found`,
    replace: `    select * into window_row from limit_windows l where l.key = slot_keys[position];
    if not found`,
    test: sliding,
    red: 'are given exactly as many times as the limit says, to two processes at once',
  },
  {
    name: 'one full window of two is enough to be let in',
    file: 'server/limits/limits.ts',
    find: 'const isAllowed = counted.every(({ isTaken }) => isTaken);',
    replace: 'const isAllowed = counted.some(({ retryAfterMs }) => retryAfterMs === 0);',
    test: limits,
    red: 'count all its keys together in a burst and say so in every answer',
  },
  {
    name: 'guesses that cannot be counted are free',
    file: 'server/auth/attempts.ts',
    find: "throw new ApiError('unavailable', 'Nobody can sign in right now.",
    replace:
      "if (key !== '') return { isTaken: true, retryAfterMs: 0 };\n    throw new ApiError('unavailable', 'Nobody can sign in right now.",
    test: limits,
    red: 'are not looked at while they cannot be counted',
  },
  {
    name: 'sessions shrink with the load',
    file: 'server/limits/table.ts',
    find: 'session: { windowMs: minuteMs, limit: 600 },',
    replace: 'session: { windowMs: minuteMs, limit: 600, isAdaptive: true },',
    test: limits,
    red: 'become smaller while the server is overloaded, those of sessions do not',
  },
  {
    name: 'what a name resolves to is not looked at',
    file: 'server/egress/fetch.ts',
    find: 'addresses.filter(({ address }) => mayReach(address));',
    replace: 'addresses.filter(({ address }) => address !== "");',
    test: egress,
    red: 'is not connected to when a name changes its answer from one look to the next',
  },
  {
    name: 'literal addresses pass beside the resolver',
    file: 'server/egress/fetch.ts',
    find: 'if (isIP(host) !== 0 && !mayReach(host))',
    replace: 'if (isIP(host) === 9 && !mayReach(host))',
    test: egress,
    red: 'is not connected to by way of a redirect',
  },
  {
    name: 'credentials follow a redirect to another host',
    file: 'server/egress/fetch.ts',
    find: 'const isElsewhere = url.origin !== from.url.origin;',
    replace: 'const isElsewhere = url.protocol !== from.url.protocol;',
    test: egress,
    red: 'to another host goes without the credentials, on the same host with them',
  },
  {
    name: 'pages of other sites post to public operations',
    file: 'server/http/access.ts',
    find: "if (!['GET', 'HEAD', 'OPTIONS'].includes(request.method)) requireOwnOrigin(request, config.publicUrl);",
    replace: "if (request.method === 'DELETE') requireOwnOrigin(request, config.publicUrl);",
    test: armour,
    red: 'can make no browser call a public operation that changes something',
  },
  {
    name: 'refusals go out without their armour',
    file: 'server/http/armour.ts',
    find: "app.addHook('onRequest', (_request, reply, done) => {",
    replace: "app.addHook('preHandler', (_request, reply, done) => {",
    test: armour,
    red: 'asks browsers for https where the desk has it, and only there',
  },
  {
    name: 'a claimed key counts for nothing',
    file: 'server/http/idempotency.ts',
    find: 'if (kept.status === claimed) throw running();',
    replace: '',
    test: 'test/tenancy/idempotency.test.ts',
    red: 'says while it runs that it runs',
  },
];
