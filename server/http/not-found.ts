import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.ts';

interface KnownPath {
  pattern: RegExp;
  methods: Set<string>;
}

/** Answers what no route takes: 405 where the path exists with another method, else 404. Call it before the routes of the scope. */
export function answerUnknownPaths(scope: FastifyInstance): void {
  const paths = new Map<string, KnownPath>();
  scope.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    for (const name of [method].flat()) known.methods.add(name);
    paths.set(url, known);
  });
  scope.setNotFoundHandler((request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = [...paths.values()].filter(({ pattern }) => pattern.test(path)).flatMap((known) => [...known.methods]);
    if (methods.length > 0)
      throw new ApiError('method_not_allowed', `This path takes ${methods.join(', ')}.`, { headers: { allow: methods.join(', ') } });
    throw new ApiError('not_found', 'There is nothing at this address.');
  });
}

/** "/a/:id" as a regular expression; a parameter is one segment. */
function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}/?$`);
}
