/** Something that the operator has to change; the message is all they need to read. */
export class OperatorError extends Error {}

/** The line for somebody who has to mend something, or undefined when the fault is ours. */
export function explain(error: unknown): string | undefined {
  return error instanceof OperatorError ? error.message : undefined;
}
