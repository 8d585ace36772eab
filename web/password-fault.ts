import type { MessageId } from './i18n/index.ts';
import { Problem } from './problem.ts';

/** Why the server would not take a new password; undefined when something else is wrong. */
export function passwordFault(error: unknown): MessageId | undefined {
  const fault = error instanceof Problem ? error.errors.find(({ path }) => path === 'password') : undefined;
  if (!fault) return undefined;
  return /at least \d+ characters/.test(fault.message) ? 'reset.short' : 'reset.weak';
}
