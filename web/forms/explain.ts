import type { Translate } from '../i18n/use-t.ts';
import { Problem } from '../problem.ts';

const explained = [
  'conflict',
  'last_admin',
  'forbidden',
  'confirmation_required',
  'account_read_only',
  'module_off',
  'rate_limit_exceeded',
] as const;

/** What went wrong in the words of the person, where there are words for it; else in the server's. */
export function explainProblem(error: unknown, t: Translate): string {
  if (!(error instanceof Problem)) return t('error.server');
  return explainCode(error.code, t) ?? (error.status >= 500 ? t('error.server') : error.detail);
}

/** The words for a code of the API; undefined where there are none. */
export function explainCode(given: string, t: Translate): string | undefined {
  if (given === 'offline') return t('error.offline');
  if (given === 'unavailable') return t('error.unavailable');
  if (given === 'not_found') return t('error.notFound');
  const code = explained.find((one) => one === given);
  return code && t(`problem.${code}`);
}
