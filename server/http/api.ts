import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { createSerializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type {} from '@fastify/swagger';
import type {} from './access.ts';
import { ApiError } from './errors.ts';
import { fieldErrorsOf } from './field-errors.ts';
import { isTooDeep, jsonDepthMax } from './json-depth.ts';

/** The scope in which every routes.ts declares its routes: typed by their Zod schemas. */
export type Api = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

/** Makes a scope speak our JSON: strict schemas in, schemas out, nothing but JSON, and nothing packed or in other encodings. */
export function speakJson(scope: FastifyInstance): Api {
  scope.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (data) => {
    const parsed = schema.safeParse(data ?? (httpPart === 'body' ? undefined : {}));
    if (parsed.success) return { value: parsed.data };
    // An id that cannot exist is answered like one that does not.
    if (httpPart === 'params') return { error: new ApiError('not_found', 'There is nothing with this id.') };
    const errors = fieldErrorsOf(parsed.error);
    return { error: new ApiError('validation_error', describe(errors[0]), { errors }) };
  });
  scope.setSerializerCompiler(createSerializerCompiler({}));
  parseJson(scope);
  return scope.withTypeProvider<ZodTypeProvider>();
}

/** JSON and nothing else; an empty body is no body, whatever its type says. */
function parseJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (!isPlainUtf8(request.headers)) return done(new ApiError('unsupported_media_type', 'The body must be UTF-8, and not packed.'));
    if (body === '') return done(null, undefined);
    if (isTooDeep(body)) return done(new ApiError('malformed_json', `The body is nested deeper than ${jsonDepthMax} levels.`));
    void parse(request, body, (error, value) =>
      error ? done(new ApiError('malformed_json', 'The body is not valid JSON.')) : done(null, value),
    );
  });
}

/** What is read as UTF-8 has to be it: other encodings could hide what a check before us looked for. */
function isPlainUtf8({ 'content-type': type = '', 'content-encoding': coding = 'identity' }: IncomingHttpHeaders): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(type)?.[1] ?? 'utf-8';
  return /^utf-?8$/i.test(charset) && coding === 'identity';
}

function describe(error: { path: string; message: string } | undefined): string {
  return error ? `${error.path || 'The body'}: ${error.message}.` : 'The request does not fit its schema.';
}

/** The body of a 204. */
export const nothing = z.null().describe('Nothing');
