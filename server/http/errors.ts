import type { ProblemCode } from '../../contract/common.ts';

/** The one map from codes to HTTP statuses. */
export const statusOf: Record<ProblemCode, number> = {
  validation_error: 400,
  malformed_json: 400,
  inbox_required: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  totp_required: 401,
  invalid_signature: 401,
  forbidden: 403,
  confirmation_required: 403,
  module_off: 403,
  account_read_only: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  last_admin: 409,
  duplicate_message: 409,
  idempotency_running: 409,
  window_closed: 409,
  channel_refuses: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  idempotency_conflict: 422,
  rate_limit_exceeded: 429,
  internal_error: 500,
  unavailable: 503,
};

export interface FieldError {
  path: string;
  message: string;
}

/** What goes back to a client as application/problem+json; `extra` is merged into the body. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly errors: FieldError[];
  readonly headers: Record<string, string>;
  readonly extra: Record<string, unknown>;

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: FieldError[]; headers?: Record<string, string>; extra?: Record<string, unknown> } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors ?? [];
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? {};
  }
}

/** The same answer for what is missing and for what belongs to somebody else. */
export const notFound = (what: string) => new ApiError('not_found', `There is no such ${what}.`);
