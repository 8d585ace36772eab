import type { ProblemCode, Problem as ProblemBody } from '../contract/common.ts';

/** What went wrong, in the API's own words; `offline` is ours: no answer came at all. */
export class Problem extends Error {
  readonly code: ProblemCode | 'offline';
  readonly status: number;
  readonly detail: string;
  readonly requestId: string | null;
  readonly errors: ProblemBody['errors'];

  constructor(
    code: ProblemCode | 'offline',
    status: number,
    detail: string,
    requestId: string | null = null,
    errors: ProblemBody['errors'] = [],
  ) {
    super(detail);
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
    this.errors = errors;
  }
}

/** True when repeating may help: nobody answered, or the server was not itself. */
export function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'offline' || error.status >= 500 || error.status === 429);
}
