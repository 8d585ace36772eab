import type { Translate } from '../../i18n/use-t.ts';
import { Problem } from '../../problem.ts';

/** Why somebody did not get in, in their words. */
export function explainSignIn(error: unknown, t: Translate): string {
  if (!(error instanceof Problem)) return t('error.server');
  if (error.code === 'invalid_credentials') return t('signIn.wrong');
  if (error.code === 'rate_limit_exceeded') return t('signIn.tooMany');
  if (error.code === 'offline') return t('error.offline');
  return error.status < 500 ? error.detail : `${t('error.server')} ${error.requestId ? t('error.request', { id: error.requestId }) : ''}`;
}

export const isWrong = (error: unknown): boolean => error instanceof Problem && error.code === 'invalid_credentials';
export const wantsCode = (error: unknown): boolean => error instanceof Problem && error.code === 'totp_required';

const oidcProblems = [
  'oidc_no_account',
  'oidc_unavailable',
  'oidc_expired',
  'oidc_cancelled',
  'oidc_refused',
  'oidc_email_unverified',
  'oidc_link_first',
  'oidc_taken',
] as const;

/** What a provider's sign-in came to, by the code in the address. */
export function explainProvider(problem: string, t: Translate): string {
  const known = oidcProblems.find((one) => one === problem);
  return t(known ? `oidc.${known}` : 'oidc.unknown');
}
