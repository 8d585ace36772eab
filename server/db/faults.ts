interface PostgresError extends Error {
  code: string;
}

/** The value itself is refused (class 22) or breaks a check (23514): no repetition will help. */
export function isDataError(error: unknown): error is PostgresError {
  return error instanceof Error && 'code' in error && /^22|^23514|^54/.test(String(error.code));
}

/** Somebody else holds the lock or won the race: the same item goes through a moment later. */
export function isContention(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['55P03', '40P01', '40001', '23505', '57014'].includes(String(error.code));
}
