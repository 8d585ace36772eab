import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem, ProblemCode } from '../../contract/common.ts';
import type { Logger } from '../log.ts';
import { ApiError, statusOf } from './errors.ts';
import { describeDatabaseError } from './sqlstate.ts';

/** Every error of every route becomes application/problem+json; a fault of ours is logged once and says only its request id. */
export function answerProblems(app: FastifyInstance, log: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = describe(error);
    if (!known)
      log.error(
        { err: error, requestId: request.id, method: request.method, route: request.routeOptions.url ?? 'unknown' },
        'a request failed',
      );
    return sendProblem(
      request,
      reply,
      known ?? new ApiError('internal_error', 'Something went wrong on our side. The request id finds it in the log.'),
    );
  });
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: ApiError): FastifyReply {
  return reply
    .code(statusOf[error.code])
    .headers({ 'cache-control': 'no-store', ...error.headers })
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problemOf(error, request.id));
}

export function problemOf(error: ApiError, requestId: string): Problem & Record<string, unknown> {
  return {
    type: `urn:guichet:problem:${error.code}`,
    title: titleOf(error.code),
    status: statusOf[error.code],
    code: error.code,
    detail: error.message,
    requestId,
    errors: error.errors,
    ...error.extra,
  };
}

function describe(error: unknown): ApiError | undefined {
  if (error instanceof ApiError) return error;
  const { code = '', statusCode } = error as Partial<FastifyError>;
  if (code.startsWith('FST_')) return describeFastifyError(code, statusCode);
  return describeDatabaseError(error);
}

/** Fastify's own errors, in our words: its messages can quote the request. */
function describeFastifyError(code: string, statusCode: number | undefined): ApiError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
    case 'FST_REQ_FILE_TOO_LARGE':
      return new ApiError('payload_too_large', 'The body is too large.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return new ApiError('unsupported_media_type', 'The content type is not one that this path takes.');
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new ApiError('malformed_json', 'The body is not valid JSON.');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_NOT_FOUND':
      return new ApiError('not_found', 'There is nothing at this address.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new ApiError('validation_error', 'The body does not have the length that was announced.');
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? new ApiError('validation_error', 'The request cannot be read.')
        : undefined;
  }
}

/** Answers what is not even HTTP; there is no request, only a socket. */
export function answerBrokenHttp(armour: Record<string, string>): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const worn = Object.entries(armour).map(([name, value]) => `${name}: ${value}`);
  return (error, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    const { status, reason, detail } = brokenAnswers[error.code ?? ''] ?? unreadable;
    const body = JSON.stringify({ ...problemOf(new ApiError('validation_error', detail), 'none'), status });
    const head = ['Content-Type: application/problem+json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', ...worn];
    socket.end(`HTTP/1.1 ${status} ${reason}\r\n${head.join('\r\n')}\r\n\r\n${body}`);
  };
}

const unreadable = { status: 400, reason: 'Bad Request', detail: 'This is not a request that can be read.' };
const brokenAnswers: Record<string, typeof unreadable> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'Request Header Fields Too Large', detail: 'Address and headers have more than 16 kB.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'Request Timeout', detail: 'The request did not come in time.' },
};

function titleOf(code: ProblemCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
