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
  if (error.code === 'offline') return t('error.offline');
  if (error.code === 'unavailable') return t('error.unavailable');
  if (error.code === 'not_found') return t('error.notFound');
  const code = explained.find((one) => one === error.code);
  if (code) return t(`problem.${code}`);
  return error.status >= 500 ? t('error.server') : error.detail;
}
